public import TerminalUI

/// `config.toml`: reads it, and writes one with every default in comments.
public enum PreferenceFile {
  public static let name = "config.toml"

  /// What a file says, and on which lines.
  public struct Reading: Sendable {
    public var preferences = Preferences()
    /// Of every setting that is used.
    public var lines: [String: Int] = [:]
    public var complaints: [Complaint] = []

    public init() {}
  }

  /// What a text says. A bad value and an unknown name are left out with a complaint; text that is no
  /// TOML throws. `themes` are the names that there are.
  public static func read(
    _ text: String, file: String = name, themes: [String]
  ) throws(TOMLFault) -> Reading {
    var reading = Reading()
    for entry in try TOMLText(text).entries {
      func complain(_ text: String) {
        reading.complaints.append(Complaint(file: file, line: entry.line, text))
      }
      guard let preference = Preference.named(entry.name) else {
        complain(unknown(entry.name, among: Preference.all.map(\.name), kind: "setting"))
        continue
      }
      if entry.name == "theme", case .text(let theme) = entry.value, !themes.contains(theme) {
        complain(unknown(theme, among: themes, kind: "theme") + " The default is used.")
      } else if preference.read(entry.value, into: &reading.preferences) {
        reading.lines[entry.name] = entry.line
      } else {
        complain(
          "\(entry.name) is \(entry.value.shown), expected \(preference.expected). The default is "
            + "used.")
      }
    }
    return reading
  }

  /// "There is no setting 'thme'; did you mean theme?"
  static func unknown(_ name: String, among known: [String], kind: String) -> String {
    if let near = NearestName.of(name, in: known) {
      return "There is no \(kind) '\(name)'; did you mean \(near)?"
    }
    let all = known.count > 12 ? "" : "; there are " + known.joined(separator: ", ")
    return "There is no \(kind) '\(name)'\(all)."
  }

  /// A file that changes nothing: every setting with its words and its default, in comments.
  public static var commented: String {
    var text = """
      # Settings of the workbench: a line without # in front of it holds. An option of the command line,
      # NO_COLOR and what a project remembers come before this file.

      """
    var table = ""
    for preference in Preference.all {
      let parts = preference.name.split(separator: ".").map(String.init)
      let own = parts.dropLast().joined(separator: ".")
      if own != table {
        text += "\n[\(own)]\n"
        table = own
      }
      text += "\n# \(preference.help)\n# Expected: \(preference.expected).\n"
      text += "# \(parts.last ?? "") = \(preference.usual ?? preference.example)\n"
    }
    return text
  }
}
