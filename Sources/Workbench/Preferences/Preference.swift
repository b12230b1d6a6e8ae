import TerminalUI

/// One preference: its name in `config.toml`, its words, and how it is read and written.
public struct Preference: Sendable {
  /// Tables and key with dots between them: "histogram.bins".
  public let name: String
  /// What it decides, as a sentence.
  public let help: String
  /// What can be said.
  public let expected: String
  /// What holds when nothing is said, in TOML; nil where that depends on something.
  public let usual: String?
  /// What it depends on then.
  public var usualWords: String {
    usual ?? (name == "screen" ? "as the work is" : "as the terminal is")
  }
  /// A value for a file that shows how one is written.
  public let example: String
  private let take: @Sendable (TOMLText.Value, inout Preferences) -> Bool
  private let write: @Sendable (Preferences) -> String?
  let copy: @Sendable (Preferences, inout Preferences) -> Void

  private init<Value: Sendable>(
    _ name: String, _ help: String, expected: String, usual: String?, example: String = "",
    at path: any WritableKeyPath<Preferences, Value?> & Sendable,
    read: @escaping @Sendable (TOMLText.Value) -> Value?,
    write: @escaping @Sendable (Value) -> String
  ) {
    self.name = name
    self.help = help
    self.expected = expected
    self.usual = usual
    self.example = example
    take = { value, preferences in
      guard let found = read(value) else { return false }
      preferences[keyPath: path] = found
      return true
    }
    self.write = { $0[keyPath: path].map(write) }
    copy = { source, target in target[keyPath: path] = source[keyPath: path] }
  }

  /// Puts a value where it belongs; false when it is none that can be said.
  func read(_ value: TOMLText.Value, into preferences: inout Preferences) -> Bool {
    take(value, &preferences)
  }

  /// A value as a person types it, in TOML; nil where it is none that can be said.
  func toml(of typed: String) -> String? {
    var none = Preferences()
    for text in [typed, TOMLText.Value.quoted(typed)] {
      guard let value = try? TOMLText("value = \(text)").entries.first?.value else { continue }
      if read(value, into: &none) { return text }
    }
    return nil
  }

  /// What preferences say about it, in TOML; nil = nothing.
  public func text(of preferences: Preferences) -> String? { write(preferences) }
}

extension Preference {
  /// Every preference, in the order of a file.
  public static let all: [Preference] = [
    text(
      "theme", "The theme; 'miniplm themes' lists them, auto follows the terminal's ground.",
      "a theme's name", \.theme),
    Preference(
      "color", "Colours at most; without it what the terminal has.", expected: "256, 16, 8 or 0",
      usual: nil, example: "256", at: \.colours,
      read: { if case .whole(let number) = $0 { ColourLevel(rawValue: number) } else { nil } },
      write: { "\($0.rawValue)" }),
    Preference(
      "glyphs", "Signs to draw with; without it what the terminal can show.",
      expected: #""braille", "block" or "ascii""#, usual: nil, example: "\"braille\"",
      at: \.glyphs,
      read: { if case .text(let name) = $0 { Glyphs(rawValue: name) } else { nil } },
      write: { TOMLText.Value.quoted($0.rawValue) }),
    flag("mouse", "Whether clicks, wheel and drag are ours.", usual: true, \.mouse),
    Preference(
      "screen", "The screen to begin with; without it that of the work in hand.",
      expected: "a screen's name: " + ScreenID.allCases.map { "\($0)" }.joined(separator: ", "),
      usual: nil, example: "\"\(ScreenID.corpus)\"", at: \.screen,
      read: { if case .text(let name) = $0 { ScreenID(name: name) } else { nil } },
      write: { TOMLText.Value.quoted("\($0)") }),
    flag(
      "remember", "Whether a project remembers how its screens were left.", usual: true,
      \.remembers),
    Preference(
      "histogram.bins", "Most bins of a histogram.",
      expected: HistogramOptions.binChoices.map { "\($0)" }.joined(separator: ", "),
      usual: "\(HistogramOptions().bins)", at: \.bins,
      read: { value in
        guard case .whole(let number) = value else { return nil }
        return HistogramOptions.binChoices.contains(number) ? number : nil
      }, write: { "\($0)" }),
    flag(
      "histogram.logarithmic", "Whether counts stand on a logarithmic axis.", usual: false,
      \.logarithmicCounts),
    Preference(
      "curves.smoothing", "Weight of the past in curves of training.",
      expected: TrainOptions.smoothings.map { "\($0)" }.joined(separator: ", "),
      usual: "\(TrainOptions().smoothing)", at: \.smoothing,
      read: { value in
        switch value {
        case .real(let number): TrainOptions.smoothings.contains(number) ? number : nil
        case .whole(0): 0
        default: nil
        }
      }, write: { "\($0)" }),
    flag(
      "curves.logarithmic", "Whether losses stand on a logarithmic axis.", usual: false,
      \.logarithmicLoss),
  ]

  public static func named(_ name: String) -> Preference? { all.first { $0.name == name } }

  private static func text(
    _ name: String, _ help: String, _ expected: String,
    _ path: any WritableKeyPath<Preferences, String?> & Sendable
  ) -> Preference {
    Preference(
      name, help, expected: expected, usual: TOMLText.Value.quoted(Theme.neutral.name), at: path,
      read: { value in
        if case .text(let name) = value, !name.isEmpty { name } else { nil }
      }, write: { TOMLText.Value.quoted($0) })
  }

  private static func flag(
    _ name: String, _ help: String, usual: Bool,
    _ path: any WritableKeyPath<Preferences, Bool?> & Sendable
  ) -> Preference {
    Preference(
      name, help, expected: "true or false", usual: "\(usual)", at: path,
      read: { if case .flag(let flag) = $0 { flag } else { nil } }, write: { "\($0)" })
  }
}
