/// Scripts and other classes of characters by which the bytes of a text are counted.
public enum Script: UInt8, CaseIterable, Codable, Sendable, CodingKeyRepresentable {
  case space, digit, punctuation, control
  case latin, greek, cyrillic, armenian, hebrew, arabic, devanagari, indic, thai, southeastAsian
  case georgian, ethiopic, hangul, kana, han, symbol, emoji, privateUse, replacement, other

  /// The name in tables and files.
  public var name: String { "\(self)" }

  /// By name in JSON, as the key of an object.
  public var codingKey: any CodingKey { Key(stringValue: name) }

  public init?(codingKey: some CodingKey) {
    guard let found = Self.allCases.first(where: { $0.name == codingKey.stringValue }) else {
      return nil
    }
    self = found
  }

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Classes of the ASCII characters, by byte.
  static let ascii: [UInt8] = (0..<128).map { byte -> UInt8 in
    switch UInt8(byte) {
    case 0x09, 0x0A, 0x0D, 0x20: Script.space.rawValue
    case 0x30...0x39: Script.digit.rawValue
    case 0x41...0x5A, 0x61...0x7A: Script.latin.rawValue
    case 0..<0x20, 0x7F: Script.control.rawValue
    default: Script.punctuation.rawValue
    }
  }

  /// Blocks of Unicode beyond ASCII: last code point and class, ascending.
  static let blocks: [(last: UInt32, script: Script)] = [
    (0x9F, .control), (0xA0, .space), (0xA9, .punctuation), (0xAA, .latin), (0xB4, .punctuation),
    (0xB5, .greek), (0xB9, .punctuation), (0xBA, .latin), (0xBF, .punctuation), (0xD6, .latin),
    (0xD7, .symbol), (0xF6, .latin), (0xF7, .symbol), (0x2AF, .latin), (0x36F, .other),
    (0x3FF, .greek), (0x52F, .cyrillic), (0x58F, .armenian), (0x5FF, .hebrew), (0x6FF, .arabic),
    (0x74F, .other), (0x77F, .arabic), (0x85F, .other), (0x8FF, .arabic), (0x97F, .devanagari),
    (0xDFF, .indic), (0xE7F, .thai), (0xEFF, .southeastAsian), (0xFFF, .indic),
    (0x109F, .southeastAsian), (0x10FF, .georgian), (0x11FF, .hangul), (0x139F, .ethiopic),
    (0x177F, .other), (0x17FF, .southeastAsian), (0x1C7F, .other), (0x1C8F, .cyrillic),
    (0x1CBF, .georgian), (0x1DFF, .latin), (0x1EFF, .latin), (0x1FFF, .greek), (0x200A, .space),
    (0x200F, .control), (0x2027, .punctuation), (0x2029, .space), (0x202E, .control),
    (0x202F, .space), (0x205E, .punctuation), (0x206F, .control), (0x2BFF, .symbol),
    (0x2C5F, .other), (0x2C7F, .latin), (0x2CFF, .other), (0x2D2F, .georgian), (0x2DDF, .ethiopic),
    (0x2DFF, .cyrillic), (0x2E7F, .punctuation), (0x2FFF, .han), (0x303F, .punctuation),
    (0x30FF, .kana), (0x312F, .han), (0x318F, .hangul), (0x31EF, .han), (0x31FF, .kana),
    (0x33FF, .symbol), (0x9FFF, .han), (0xA63F, .other), (0xA69F, .cyrillic), (0xA71F, .other),
    (0xA7FF, .latin), (0xA8DF, .other), (0xA8FF, .devanagari), (0xA95F, .other),
    (0xA97F, .hangul), (0xAB2F, .southeastAsian), (0xAB6F, .latin), (0xABFF, .other),
    (0xD7FF, .hangul), (0xDFFF, .other), (0xF8FF, .privateUse), (0xFAFF, .han), (0xFB06, .latin),
    (0xFB17, .armenian), (0xFB4F, .hebrew), (0xFDFF, .arabic), (0xFE2F, .other),
    (0xFE6F, .punctuation), (0xFEFE, .arabic), (0xFEFF, .control), (0xFF0F, .punctuation),
    (0xFF19, .digit), (0xFF20, .punctuation), (0xFF3A, .latin), (0xFF40, .punctuation),
    (0xFF5A, .latin), (0xFF65, .punctuation), (0xFF9F, .kana), (0xFFDC, .hangul),
    (0xFFFC, .symbol), (0xFFFF, .replacement), (0x1AFEF, .other), (0x1B16F, .kana),
    (0x1D7FF, .symbol), (0x1EFFF, .other), (0x1F0FF, .symbol), (0x1F1E5, .symbol),
    (0x1FAFF, .emoji), (0x1FFFF, .symbol), (0x3FFFF, .han), (0xDFFFF, .other), (0xE0FFF, .control),
    (0x10FFFF, .privateUse),
  ]
}

/// Counts the bytes of valid UTF-8 by script.
struct ScriptCounter: Sendable {
  private(set) var bytes = [Int](repeating: 0, count: Script.allCases.count)
  private let ascii = Script.ascii
  private let lasts = Script.blocks.map(\.last)
  private let scripts = Script.blocks.map(\.script.rawValue)

  mutating func count(_ text: UnsafeBufferPointer<UInt8>) {
    bytes.withUnsafeMutableBufferPointer { bytes in
      ascii.withUnsafeBufferPointer { ascii in
        lasts.withUnsafeBufferPointer { lasts in
          var (index, block) = (0, 0)
          while index < text.count {
            let first = text[index]
            if first < 0x80 {
              bytes[Int(ascii[Int(first)])] += 1
              index += 1
              continue
            }
            let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
            var scalar = UInt32(first) & (0xFF >> UInt32(length + 1))
            let end = min(text.count, index + length)
            for place in index + 1..<max(index + 1, end) {
              scalar = scalar << 6 | UInt32(text[place] & 0x3F)
            }
            // Neighbours are mostly of one block.
            if scalar > lasts[block] || (block > 0 && scalar <= lasts[block - 1]) {
              block = Self.block(of: scalar, lasts)
            }
            bytes[Int(scripts[block])] += end - index
            index = end
          }
        }
      }
    }
  }

  mutating func add(_ other: ScriptCounter) {
    for index in bytes.indices { bytes[index] += other.bytes[index] }
  }

  private static func block(of scalar: UInt32, _ lasts: UnsafeBufferPointer<UInt32>) -> Int {
    var (low, high) = (0, lasts.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if lasts[middle] < scalar { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
