import TerminalUI
import Workbench

/// A person's files in memory.
@MainActor final class FixtureFiles: PersonalFiles {
  struct Full: Error, CustomStringConvertible {
    var description: String { "No room for view.json." }
  }

  var settings = PersonalSettings(themes: ["auto", "dark", "light", "neutral"])
  var news: PersonalNews?
  var remembered: String?
  var isFull = false
  private(set) var written: [String: String] = [:]
  private(set) var views = 0

  init(view: String? = nil) { remembered = view }

  func changes() -> PersonalNews? {
    defer { news = nil }
    return news
  }

  func write(_ preference: String, _ value: String) throws {
    if isFull { throw Full() }
    written[preference] = value
    if preference == "theme" {
      settings.layers[.configuration].theme = String(value.dropFirst().dropLast())
    }
  }

  func view() -> String? { remembered }

  func write(view: String) throws {
    views += 1
    if isFull { throw Full() }
    remembered = view
  }
}
