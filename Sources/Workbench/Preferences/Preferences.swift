public import TerminalUI

/// What config.toml says; nil where it says nothing.
public struct Preferences: Hashable, Sendable {
  public var theme: String?
  public var colours: ColourLevel?
  public var glyphs: Glyphs?
  public var usesMouse: Bool?
  public var screen: ScreenID?
  /// The line of each key that is set and can be used.
  public var lines: [String: Int] = [:]

  public init() {}

  /// All keys, in the order of the file that `defaultText` gives.
  public static let keys = ["theme", "color", "glyphs", "mouse", "screen"]

  /// Reads config.toml; what cannot be used is complained about and left at its default.
  ///
  /// - Parameters:
  ///   - file: The name that complaints begin with.
  ///   - themes: The names of the themes that can be chosen.
  public static func read(
    _ text: String, file: String, themes: [String]
  ) -> (preferences: Preferences, complaints: [Complaint]) {
    var preferences = Preferences()
    var complaints: [Complaint] = []
    do {
      for entry in try TOMLText(text).entries {
        if let complaint = preferences.set(entry, file, themes) {
          complaints.append(complaint)
        } else {
          preferences.lines[entry.key] = entry.line
        }
      }
    } catch {
      complaints.append(.notTOML(error, in: file))
    }
    return (preferences, complaints)
  }

  private mutating func set(
    _ entry: TOMLText.Entry, _ file: String, _ themes: [String]
  ) -> Complaint? {
    var text: String?
    if case .text(let value) = entry.value { text = value }
    switch entry.key {
    case "theme":
      theme = themes.first { $0 == text }
      if theme != nil { return nil }
      return .bad(entry, expected: "one of \(themes.joined(separator: ", "))", in: file)
    case "color":
      if case .whole(let number) = entry.value { colours = ColourLevel(rawValue: number) }
      return colours == nil ? .bad(entry, expected: "256, 16, 8 or 0", in: file) : nil
    case "glyphs":
      glyphs = text.flatMap(Glyphs.init)
      if glyphs != nil { return nil }
      return .bad(
        entry, expected: "one of " + Glyphs.allCases.map(\.rawValue).joined(separator: ", "),
        in: file)
    case "mouse":
      if case .truth(let isOn) = entry.value { usesMouse = isOn }
      return usesMouse == nil ? .bad(entry, expected: "true or false", in: file) : nil
    case "screen":
      screen = text.flatMap(ScreenID.init(name:))
      if screen != nil { return nil }
      return .bad(
        entry, expected: "one of " + ScreenID.allCases.map { "\($0)" }.joined(separator: ", "),
        in: file)
    default: return .unknown(entry, "setting", known: Self.keys, in: file)
    }
  }

  /// A file that sets nothing and explains everything.
  public static func defaultText(themes: [String]) -> String {
    """
    # Settings of the workbench. An option of the command line and NO_COLOR come before this file.
    # Remove the # of a line to change it; 'miniplm config check' reads the file.

    # Colours: \(themes.joined(separator: ", ")).
    # theme = "neutral"

    # Colours at most: 256, 16, 8 or 0 for none. Left out, as many as the terminal has.
    # color = 256

    # Signs to draw with: braille, block or ascii. Left out, as the terminal's locale allows.
    # glyphs = "braille"

    # Whether clicks, wheel and drag come to the workbench.
    # mouse = true

    # The screen to begin with: \(ScreenID.allCases.map { "\($0)" }.joined(separator: ", ")).
    # screen = "corpus"

    """
  }
}
