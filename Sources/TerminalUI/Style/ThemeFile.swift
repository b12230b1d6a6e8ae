public import Store
import TOMLKit

/// A theme file: TOML with `role = "colours and attributes"`, a `[mono]` table with attributes for
/// terminals without colour, and `background` for the ground of the screen.
public enum ThemeFile {
  /// Reads a theme. Unknown keys and words become warnings and missing roles keep the built-in look,
  /// so that an old file never keeps the program from starting; text that is no TOML throws.
  public static func parse(
    _ text: String, name: String
  ) throws(ThemeError) -> (theme: Theme, warnings: [String]) {
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw ThemeError.notTOML(
        theme: name, line: Int(error.source.begin.line), problem: error.description)
    } catch {
      throw ThemeError.notTOML(theme: name, line: 0, problem: "\(error)")
    }
    var reader = Reader(name: name)
    for key in table.keys {
      if key == "mono" {
        reader.readMonochrome(table[key]?.table)
      } else {
        reader.read(key, table[key]?.string)
      }
    }
    let theme = Theme(
      name: name, background: reader.background, colours: reader.colours,
      monochrome: reader.monochrome)
    return (theme, reader.warnings)
  }

  private struct Reader {
    let name: String
    var background: Colour?
    var colours: [StyleRole: Appearance] = [:]
    var monochrome: [StyleRole: TextAttributes] = [:]
    var warnings: [String] = []

    mutating func read(_ key: String, _ value: String?) {
      guard let value else {
        warnings.append("Theme \(name): '\(key)' is no text.")
        return
      }
      if key == "background" {
        background = Colour(text: value)
        if background == nil { warnings.append("Theme \(name): '\(value)' is no colour.") }
      } else if let role = StyleRole(rawValue: key) {
        if let appearance = appearance(key, value) { colours[role] = appearance }
      } else {
        warnings.append("Theme \(name): there is no role '\(key)'.")
      }
    }

    mutating func readMonochrome(_ table: TOMLTable?) {
      guard let table else {
        warnings.append("Theme \(name): 'mono' is no table.")
        return
      }
      for key in table.keys {
        guard let role = StyleRole(rawValue: key), let value = table[key]?.string else {
          warnings.append("Theme \(name): there is no role '\(key)' for [mono].")
          continue
        }
        if let appearance = appearance(key, value) { monochrome[role] = appearance.attributes }
      }
    }

    private mutating func appearance(_ key: String, _ value: String) -> Appearance? {
      switch Appearance.parse(value) {
      case .success(let appearance): return appearance
      case .failure(let unknown):
        warnings.append("Theme \(name): '\(unknown.word)' of '\(key)' is no colour or attribute.")
        return nil
      }
    }
  }
}

/// What can be wrong with a theme file.
public enum ThemeError: ActionableError, Hashable {
  case notTOML(theme: String, line: Int, problem: String)
  case notFound(theme: String, known: [String])

  public var message: String {
    switch self {
    case .notTOML(let theme, let line, let problem):
      "Theme \(theme) is no TOML file: line \(line): \(problem)."
    case .notFound(let theme, _): "There is no theme '\(theme)'."
    }
  }

  public var hint: String {
    switch self {
    case .notTOML: "Correct the line, or choose another theme."
    case .notFound(_, let known): "Themes found: \(known.joined(separator: ", "))."
    }
  }
}
