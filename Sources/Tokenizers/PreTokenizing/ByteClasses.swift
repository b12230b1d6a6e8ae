/// Classes of bytes: of the ASCII character that a byte is, or of the character of the byte-level
/// alphabet that stands for it.
struct ByteClasses: Sendable {
  /// Of every byte of UTF-8; ``wide`` for those that belong to longer characters.
  let plain: FrozenArray<UInt8>
  /// Of every byte's character in the byte-level alphabet.
  let mapped: FrozenArray<UInt8>

  /// Marks a byte of a character outside ASCII: no ASCII character has this bit.
  static let wide = ScalarClass.unstable.rawValue

  static let shared = ByteClasses()

  private init() {
    let classes = ScalarClassTable.shared.view
    plain = FrozenArray((0..<256).map { $0 < 0x80 ? classes[$0].rawValue : Self.wide })
    let alphabet = ByteAlphabet.shared.scalars
    mapped = FrozenArray((0..<256).map { classes[alphabet[$0]].rawValue })
  }
}

/// Eight bytes at once.
enum EightBytes {
  /// The upper bit of every byte that is no ASCII letter.
  @inline(__always)
  static func nonLetters(_ word: UInt64) -> UInt64 {
    let upperBits: UInt64 = 0x8080_8080_8080_8080
    let lower = (word & ~upperBits) | 0x2020_2020_2020_2020
    // Bytes from "a" on reach the upper bit with the first sum, those behind "z" with the second.
    let fromA = lower &+ 0x1F1F_1F1F_1F1F_1F1F
    let behindZ = lower &+ 0x0505_0505_0505_0505
    return ~(fromA & ~behindZ & ~word) & upperBits
  }

  @inline(__always)
  static func load(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
  }
}
