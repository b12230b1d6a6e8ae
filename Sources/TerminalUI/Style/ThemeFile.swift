public import Store

/// A theme file: TOML with `role = "colours and attributes"`, a `[mono]` table with attributes for
/// terminals without colour, and `background` for the ground of the screen.
public enum ThemeFile {
  /// Reads a theme. Unknown keys and words become warnings and missing roles keep the built-in look,
  /// so that an old file never keeps the program from starting; text that is no TOML throws.
  public static func parse(
    _ text: String, name: String
  ) throws(ThemeError) -> (theme: Theme, warnings: [String]) {
    let file: TOMLText
    do {
      file = try TOMLText(text)
    } catch {
      throw ThemeError.notTOML(theme: name, line: error.line, problem: error.problem)
    }
    var reader = Reader(name: name)
    for entry in file.entries { reader.read(entry) }
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

    mutating func read(_ entry: TOMLText.Entry) {
      guard case .text(let value) = entry.value else {
        return warn(entry, "'\(entry.name)' is \(entry.value.shown), no text.")
      }
      let isMonochrome = entry.name.hasPrefix("mono.")
      let key = isMonochrome ? String(entry.name.dropFirst(5)) : entry.name
      if key == "background", !isMonochrome {
        background = Colour(text: value)
        if background == nil { warn(entry, "'\(value)' is no colour.") }
        return
      }
      guard let role = StyleRole(rawValue: key) else {
        let known = StyleRole.allCases.map(\.rawValue) + (isMonochrome ? [] : ["background"])
        let near = NearestName.of(key, in: known).map { "; did you mean \($0)?" } ?? "."
        return warn(entry, "there is no role '\(key)'\(isMonochrome ? " for [mono]" : "")\(near)")
      }
      switch Appearance.parse(value) {
      case .success(let appearance):
        if isMonochrome {
          monochrome[role] = appearance.attributes
        } else {
          colours[role] = appearance
        }
      case .failure(let unknown):
        warn(entry, "'\(unknown.word)' of '\(key)' is no colour or attribute.")
      }
    }

    private mutating func warn(_ entry: TOMLText.Entry, _ text: String) {
      let line = entry.line.map { " line \($0)" } ?? ""
      warnings.append("Theme \(name)\(line): \(text)")
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
