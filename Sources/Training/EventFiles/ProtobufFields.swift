/// The fields of one message in the wire format of Protocol Buffers, as they are put in.
///
/// Source: the encoding guide of Protocol Buffers (fields are a number and a kind, whole numbers have
/// seven bits a byte, everything else a length before it or a fixed size).
struct ProtobufFields {
  private(set) var bytes: [UInt8] = []

  private enum Kind: UInt64 { case varint = 0, fixed64 = 1, length = 2, fixed32 = 5 }

  /// A zero is left out: it is what a missing number means.
  mutating func add(_ number: UInt64, integer value: Int64) {
    if value == 0 { return }
    key(number, .varint)
    varint(UInt64(bitPattern: value))
  }

  mutating func add(_ number: UInt64, double value: Double) {
    key(number, .fixed64)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func add(_ number: UInt64, float value: Float) {
    key(number, .fixed32)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func add(_ number: UInt64, text: String) {
    key(number, .length)
    varint(UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  /// A message inside this one.
  mutating func add(_ number: UInt64, _ body: (inout ProtobufFields) -> Void) {
    var message = ProtobufFields()
    body(&message)
    key(number, .length)
    varint(UInt64(message.bytes.count))
    bytes.append(contentsOf: message.bytes)
  }

  private mutating func key(_ number: UInt64, _ kind: Kind) { varint(number << 3 | kind.rawValue) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
