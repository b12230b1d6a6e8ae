import Numerics

/// What was done to a document on purpose; the raw value is `meta.planted` in the corpus.
public enum Damage: String, Codable, Sendable, CaseIterable {
  /// Nothing: a document as it was found.
  case none
  /// Every character is a random one.
  case randomCharacters = "random_characters"
  /// The same words in random order.
  case shuffledWords = "shuffled_words"
  /// One line of the document again and again.
  case repeatedLine = "repeated_line"
  /// Five per cent of the characters are random letters.
  case replacedCharacters = "replaced_characters"
  /// Typographic quotes, dashes and spaces, read in the wrong encoding.
  case mojibake
  /// An exact copy of another document.
  case duplicate

  /// Every kind of damage, without `none`.
  public static var planted: [Damage] { allCases.filter { $0 != .none } }

  /// Share of characters that `replacedCharacters` replaces.
  static let replacedShare = 0.05

  /// The damaged text; `none` and `duplicate`, which need no change or another document, return it
  /// as it is.
  func apply(to text: [UInt8], random: inout RandomSource) -> [UInt8] {
    switch self {
    case .none, .duplicate: text
    case .randomCharacters: Self.randomCharacters(count: text.count, random: &random)
    case .shuffledWords: Self.shuffleWords(text, random: &random)
    case .repeatedLine: Self.repeatLine(text, random: &random)
    case .replacedCharacters: Self.replaceCharacters(text, random: &random)
    case .mojibake: Self.mojibake(text, random: &random)
    }
  }

  private static func randomCharacters(count: Int, random: inout RandomSource) -> [UInt8] {
    // Printable ASCII, a space more often than any other so that there are "words".
    (0..<count).map { _ in
      random.index(below: 7) == 0 ? 0x20 : UInt8(0x21 + random.index(below: 94))
    }
  }

  /// White space stays where it is; the words between change places.
  private static func shuffleWords(_ text: [UInt8], random: inout RandomSource) -> [UInt8] {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 }
    var words = text.split(whereSeparator: isSpace)
    random.shuffle(&words)
    var output: [UInt8] = []
    output.reserveCapacity(text.count)
    var next = words.makeIterator()
    var insideWord = false
    for byte in text {
      if isSpace(byte) {
        output.append(byte)
        insideWord = false
      } else if !insideWord {
        output.append(contentsOf: next.next() ?? [])
        insideWord = true
      }
    }
    return output
  }

  private static func repeatLine(_ text: [UInt8], random: inout RandomSource) -> [UInt8] {
    let lines = text.split(separator: 0x0A)
    let long = lines.filter { $0.count >= 20 }
    let candidates = long.isEmpty ? lines : long
    guard !candidates.isEmpty else { return text }
    let line = candidates[random.index(below: candidates.count)]
    var output: [UInt8] = []
    while output.isEmpty || output.count + line.count < text.count {
      output.append(contentsOf: line)
      output.append(0x0A)
    }
    output.removeLast()
    return output
  }

  private static func replaceCharacters(_ text: [UInt8], random: inout RandomSource) -> [UInt8] {
    var scalars = Array(String(decoding: text, as: UTF8.self).unicodeScalars)
    var places = scalars.indices.filter { scalars[$0] != "\n" }
    random.shuffle(&places)
    for place in places.prefix(Int(Double(scalars.count) * replacedShare)) {
      scalars[place] = Unicode.Scalar(UInt8(0x61 + random.index(below: 26)))
    }
    var string = ""
    string.unicodeScalars.append(contentsOf: scalars)
    return Array(string.utf8)
  }

  /// Plain text has few characters that can go wrong, so quotes, dashes and every tenth space first
  /// become typographic ones; then all bytes are read as Windows-1252 and written as UTF-8 again.
  private static func mojibake(_ text: [UInt8], random: inout RandomSource) -> [UInt8] {
    var typographic = ""
    var opening = true
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      switch scalar {
      case "\"":
        typographic.unicodeScalars.append(opening ? "\u{201C}" : "\u{201D}")
        opening.toggle()
      case "'": typographic.unicodeScalars.append("\u{2019}")
      case "-": typographic.unicodeScalars.append("\u{2013}")
      case " " where random.index(below: 10) == 0:
        typographic.unicodeScalars.append("\u{A0}")
      default: typographic.unicodeScalars.append(scalar)
      }
    }
    var garbled = ""
    for byte in typographic.utf8 {
      let scalar = windows1252[byte] ?? UInt32(byte)
      garbled.unicodeScalars.append(Unicode.Scalar(scalar) ?? "?")
    }
    return Array(garbled.utf8)
  }

  /// Bytes whose meaning in Windows-1252 is not their own number.
  private static let windows1252: [UInt8: UInt32] = [
    0x80: 0x20AC, 0x82: 0x201A, 0x83: 0x0192, 0x84: 0x201E, 0x85: 0x2026, 0x86: 0x2020,
    0x87: 0x2021, 0x88: 0x02C6, 0x89: 0x2030, 0x8A: 0x0160, 0x8B: 0x2039, 0x8C: 0x0152,
    0x8E: 0x017D, 0x91: 0x2018, 0x92: 0x2019, 0x93: 0x201C, 0x94: 0x201D, 0x95: 0x2022,
    0x96: 0x2013, 0x97: 0x2014, 0x98: 0x02DC, 0x99: 0x2122, 0x9A: 0x0161, 0x9B: 0x203A,
    0x9C: 0x0153, 0x9E: 0x017E, 0x9F: 0x0178,
  ]
}
