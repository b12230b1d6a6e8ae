/// What terminals send for keys.
enum KeySequences {
  static let pasteEnd = Array("\u{1B}[201~".utf8)

  /// `ESC O x`: cursor keys in application mode, F1-F4.
  static let single: [UInt8: Key] = letters([
    "A": .up, "B": .down, "C": .right, "D": .left, "H": .home, "F": .end, "M": .enter,
    "P": .function(1), "Q": .function(2), "R": .function(3), "S": .function(4),
  ])

  /// `ESC [ ... x`, with or without modifiers in the parameters.
  private static let finals: [UInt8: Key] = letters([
    "A": .up, "B": .down, "C": .right, "D": .left, "H": .home, "F": .end, "Z": .backTab,
    "P": .function(1), "Q": .function(2), "R": .function(3), "S": .function(4),
  ])

  /// `ESC [ n ~`.
  private static let tildes: [Int: Key] = [
    1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
    11: .function(1), 12: .function(2), 13: .function(3), 14: .function(4), 15: .function(5),
    17: .function(6), 18: .function(7), 19: .function(8), 20: .function(9), 21: .function(10),
    23: .function(11), 24: .function(12),
  ]

  /// Names of capabilities in terminal descriptions and their keys.
  static let capabilities: [(name: String, key: Key)] =
    [
      ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home),
      ("kend", .end), ("kpp", .pageUp), ("knp", .pageDown), ("kich1", .insert),
      ("kdch1", .delete), ("kcbt", .backTab), ("kbs", .backspace), ("kent", .enter),
      ("kLFT", .shiftLeft), ("kRIT", .shiftRight),
    ] + (1...12).map { ("kf\($0)", .function($0)) }

  /// A byte below 32, or 127.
  static func control(_ byte: UInt8) -> Key? {
    switch byte {
    case 0x09: .tab
    case 0x0A, 0x0D: .enter
    case 0x08, 0x7F: .backspace
    case 0x00: .control("@")
    case 0x01...0x1A: .control(Character(Unicode.Scalar(byte + 0x60)))
    case 0x1C...0x1F: .control(Character(Unicode.Scalar(byte + 0x40)))
    default: nil
    }
  }

  /// The key of a control sequence; nil if it is none that we know.
  static func key(parameters: [UInt8], final: UInt8) -> Key? {
    if parameters.first == 0x5B {  // Linux console: ESC [ [ A ... E
      return (0x41...0x45).contains(final) ? .function(Int(final) - 0x40) : nil
    }
    guard parameters.allSatisfy({ (0x30...0x3B).contains($0) }) else { return nil }
    if final == 0x7E { return numbers(parameters[...]).first.flatMap { tildes[$0] } }
    // 2 = Shift; terminals that keep it for themselves send nothing at all.
    let hasShift = numbers(parameters[...]).dropFirst().first == 2
    switch finals[final] {
    case .left? where hasShift: return .shiftLeft
    case .right? where hasShift: return .shiftRight
    case let key: return key
    }
  }

  /// Numbers between semicolons; what is no number counts as 0, huge ones are cut.
  static func numbers(_ bytes: ArraySlice<UInt8>) -> [Int] {
    bytes.split(separator: 0x3B, omittingEmptySubsequences: false).map { digits in
      digits.reduce(0) { value, digit in
        (0x30...0x39).contains(digit) ? min(1_000_000, value * 10 + Int(digit) - 0x30) : value
      }
    }
  }

  private static func letters(_ keys: KeyValuePairs<Character, Key>) -> [UInt8: Key] {
    var table: [UInt8: Key] = [:]
    for (letter, key) in keys {
      if let byte = letter.asciiValue { table[byte] = key }
    }
    return table
  }
}
