/// Hashes that stand for a text or a chunk: not secret, well spread, the same on every machine.
///
/// Tables of documents and sets of reserved chunks on disk hold them, so the function is a part of
/// those formats and stays what it is; what lives in memory alone is hashed by XXH3.
public enum Fingerprint {
  /// A 64-bit hash of bytes. Two different ones of a hundred million agree by chance in one corpus of
  /// some thousands.
  public static func hash64(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var state = mix(0x9E37_79B9_7F4A_7C15, UInt64(bytes.count) ^ 0xD6E8_FEB8_6659_FD93)
    var offset = 0
    while bytes.count - offset >= 16 {
      state = mix(
        word(bytes, offset) ^ 0xA076_1D64_78BD_642F, word(bytes, offset + 8) ^ state)
      offset += 16
    }
    var (low, high) = (UInt64(0), UInt64(0))
    for (place, byte) in bytes[offset...].enumerated() {
      if place < 8 {
        low |= UInt64(byte) << UInt64(8 * place)
      } else {
        high |= UInt64(byte) << UInt64(8 * (place - 8))
      }
    }
    return mix(mix(low ^ 0xE703_7ED1_A0B4_28DB, high ^ state), 0x8EBC_6AF0_9C88_C6E3)
  }

  /// The hash of a chunk: of its token ids as 32-bit numbers, whatever their type on disk.
  public static func chunk(_ tokens: [Int32]) -> UInt64 {
    tokens.withUnsafeBytes { hash64($0) }
  }

  /// Both halves of a 128-bit product.
  @inline(__always)
  private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }

  @inline(__always)
  private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
