/// The checksum of Castagnoli's polynomial, as iSCSI (RFC 3720, appendix B.4) and TFRecord files have it.
public enum CRC32C {
  /// The checksum of `bytes`.
  public static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var state = UInt32.max
    for byte in bytes { state = table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] ^ (state >> 8) }
    return ~state
  }

  /// The checksum as TFRecord files store it: turned by 15 bits and moved, so that a checksum of
  /// bytes that hold checksums is a good one.
  public static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let plain = checksum(bytes)
    return (plain >> 15 | plain << 17) &+ 0xA282_EAD8
  }

  /// The remainder of every byte, by the polynomial in reversed bits.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { state, _ in
      state & 1 == 1 ? state >> 1 ^ 0x82F6_3B78 : state >> 1
    }
  }
}
