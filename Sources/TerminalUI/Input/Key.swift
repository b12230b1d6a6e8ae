/// A key that every terminal can send.
public enum Key: Hashable, Sendable {
  case character(Character)
  /// Ctrl and a lower-case letter (or one of `[ \ ] ^ _ @`).
  case control(Character)
  case function(Int)
  case up, down, left, right, shiftLeft, shiftRight, home, end, pageUp, pageDown, insert, delete
  case tab, backTab, enter, escape, backspace

  public static let space = Key.character(" ")

  private static let names: [(Key, String)] = [
    (.up, "Up"), (.down, "Down"), (.left, "Left"), (.right, "Right"), (.shiftLeft, "S-Left"),
    (.shiftRight, "S-Right"), (.home, "Home"),
    (.end, "End"), (.pageUp, "PgUp"), (.pageDown, "PgDn"), (.insert, "Ins"), (.delete, "Del"),
    (.tab, "Tab"), (.backTab, "S-Tab"), (.enter, "Enter"), (.escape, "Esc"),
    (.backspace, "Backspace"), (.space, "Space"),
  ]

  /// Reads the name that `name` writes: "q", "Ctrl-P", "F1", "PgDn", "S-Tab", "Space".
  public init?(name: String) {
    let lower = name.lowercased()
    if let match = Self.names.first(where: { $0.1.lowercased() == lower }) {
      self = match.0
    } else if name.count == 1, let character = name.first, CharacterWidth.isPlain(character) {
      self = .character(character)
    } else if lower.hasPrefix("ctrl-"), name.count == 6, let letter = lower.last,
      letter.isASCII && CharacterWidth.isPlain(letter)
    {
      self = .control(letter)
    } else if lower.hasPrefix("f"), let number = Int(lower.dropFirst()), (1...12).contains(number) {
      self = .function(number)
    } else {
      return nil
    }
  }

  /// Whether it writes itself where text is typed.
  public var isText: Bool { if case .character = self { true } else { false } }

  /// What help and footer call it.
  public var name: String {
    switch self {
    case .character(let character) where character != " ": String(character)
    case .control(let letter): "Ctrl-\(letter.uppercased())"
    case .function(let number): "F\(number)"
    default: Self.names.first { $0.0 == self }?.1 ?? "?"
    }
  }
}

extension CharacterWidth {
  /// True for a character that is drawn as itself.
  static func isPlain(_ character: Character) -> Bool {
    character.unicodeScalars.allSatisfy { scalar in
      if case .columns = of(scalar) { true } else { false }
    }
  }
}
