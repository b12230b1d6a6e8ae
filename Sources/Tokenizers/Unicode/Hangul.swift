/// Korean syllables are composed by arithmetic (Unicode standard, section 3.12).
enum Hangul {
  static let syllables: UInt32 = 0xAC00
  static let leads: UInt32 = 0x1100
  static let vowels: UInt32 = 0x1161
  static let tails: UInt32 = 0x11A7
  static let vowelCount: UInt32 = 21
  static let tailCount: UInt32 = 28
  /// Behind the last syllable.
  static let end: UInt32 = syllables + 19 * vowelCount * tailCount
  /// Vowels and tails, which join what stands before them.
  static let joining = Array(vowels..<vowels + vowelCount) + Array(tails + 1..<tails + tailCount)

  static func parts(of scalar: UInt32) -> [UInt32]? {
    guard scalar >= syllables, scalar < end else { return nil }
    let index = scalar - syllables
    let lead = leads + index / (vowelCount * tailCount)
    let vowel = vowels + index % (vowelCount * tailCount) / tailCount
    let tail = index % tailCount
    return tail == 0 ? [lead, vowel] : [lead, vowel, tails + tail]
  }

  static func joined(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if first >= leads, first < leads + 19, second >= vowels, second < vowels + vowelCount {
      return syllables + ((first - leads) * vowelCount + second - vowels) * tailCount
    }
    let isOpen =
      first >= syllables && first < syllables + 19 * vowelCount * tailCount
      && (first - syllables) % tailCount == 0
    if isOpen, second > tails, second < tails + tailCount { return first + second - tails }
    return nil
  }
}
