/// The byte-level alphabet of GPT-2: every byte has a visible character, so that any bytes can be
/// written in a JSON string.
///
/// Printable bytes of Latin-1 stand for themselves, the others for U+0100, U+0101, ... in order.
struct ByteAlphabet: Sendable {
  /// Scalar of each byte.
  let scalars: FrozenArray<UInt32>
  /// Byte of each scalar below U+0144; -1 for scalars outside the alphabet.
  private let bytes: [Int16]

  static let shared = ByteAlphabet()

  private init() {
    var scalars = [UInt32](repeating: 0, count: 256)
    var bytes = [Int16](repeating: -1, count: 0x144)
    var next: UInt32 = 0x100
    for byte in UInt32(0)..<256 {
      let printable = (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE
      let scalar = printable ? byte : next
      if !printable { next += 1 }
      scalars[Int(byte)] = scalar
      bytes[Int(scalar)] = Int16(byte)
    }
    self.scalars = FrozenArray(scalars)
    self.bytes = bytes
  }

  /// The bytes that a string of the alphabet stands for; nil when it has other characters.
  func bytes(of text: some Collection<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    return appendBytes(of: text, to: &result) ? result : nil
  }

  /// Appends the bytes that a string of the alphabet stands for; false, with nothing appended, when
  /// it has other characters.
  func appendBytes(of text: some Collection<UInt8>, to result: inout [UInt8]) -> Bool {
    let start = result.count
    var pending: UInt32 = 0
    for unit in text {
      if unit < 0x80 {
        guard bytes[Int(unit)] >= 0 else { return Self.undo(&result, start) }
        result.append(unit)
      } else if unit & 0xC0 == 0xC0 {
        guard unit < 0xE0 else { return Self.undo(&result, start) }
        pending = UInt32(unit & 0x1F) << 6
      } else {
        let scalar = Int(pending | UInt32(unit & 0x3F))
        guard scalar < bytes.count, bytes[scalar] >= 0 else { return Self.undo(&result, start) }
        result.append(UInt8(truncatingIfNeeded: bytes[scalar]))
      }
    }
    return true
  }

  private static func undo(_ result: inout [UInt8], _ count: Int) -> Bool {
    result.removeLast(result.count - count)
    return false
  }

  /// The string of the alphabet, in UTF-8, that stands for `bytes`.
  func text(of bytes: some Sequence<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    for byte in bytes { UTF8Decoding.append(scalars[Int(byte)], to: &result) }
    return result
  }
}
