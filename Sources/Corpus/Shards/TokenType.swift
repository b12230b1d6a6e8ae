/// Element types of a `.bin` file; the raw value is the code in the `.idx` header.
///
/// Source: Megatron's MMIDIDX format (method.md 7.1); 9 and 10 in forks of it. Codes 6 and 7 are
/// floating point and hold no tokens.
public enum TokenType: UInt8, Sendable, CaseIterable {
  case uint8 = 1
  case int8 = 2
  case int16 = 3
  case int32 = 4
  case int64 = 5
  case uint16 = 8
  /// Of forks of the format, as the next.
  case uint32 = 9
  case uint64 = 10

  /// Bytes of one token.
  public var width: Int {
    switch self {
    case .uint8, .int8: 1
    case .int16, .uint16: 2
    case .int32, .uint32: 4
    case .int64, .uint64: 8
    }
  }

  /// The type that the published code chooses: 16 bits below a vocabulary of 65,500, else 32.
  public init(vocabularySize: Int) {
    self = vocabularySize <= Self.widestSmallVocabulary ? .uint16 : .int32
  }

  /// The largest vocabulary whose tokens are kept in 16 bits.
  static let widestSmallVocabulary = 65_499

  /// Token ids that fit this type and are no negative numbers.
  public var range: ClosedRange<Int> {
    switch self {
    case .uint8: 0...Int(UInt8.max)
    case .int8: 0...Int(Int8.max)
    case .int16: 0...Int(Int16.max)
    case .uint16: 0...Int(UInt16.max)
    case .int32, .int64, .uint32, .uint64: 0...Int(Int32.max)
    }
  }

  /// The first of little-endian tokens that is negative or not below `limit`; nil if all are good.
  /// For the types that shards are written in.
  func firstToken(of bytes: UnsafeRawBufferPointer, notBelow limit: Int) -> Int? {
    // Little-endian on disk is what every machine that runs this has in memory.
    switch self {
    case .uint16:
      bytes.withMemoryRebound(to: UInt16.self) { tokens in
        let largest = tokens.reduce(0, max)
        return Int(largest) < limit ? nil : tokens.first { Int($0) >= limit }.map(Int.init)
      }
    default:
      bytes.withMemoryRebound(to: UInt32.self) { tokens in
        // As unsigned numbers negative ids are too large as well.
        let largest = tokens.reduce(0, max)
        return Int(largest) < limit
          ? nil : tokens.first { Int($0) >= limit }.map { Int(Int32(bitPattern: $0)) }
      }
    }
  }

  /// Token `index` of little-endian `bytes`.
  @inline(__always)
  func token(_ index: Int, of bytes: UnsafeRawBufferPointer) -> Int {
    switch self {
    case .uint8: Int(bytes[index])
    case .int8: Int(Int8(bitPattern: bytes[index]))
    case .int16:
      Int(Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * index, as: Int16.self)))
    case .uint16:
      Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)))
    case .int32:
      Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: Int32.self)))
    case .uint32:
      Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
    case .uint64:
      Int(
        clamping: UInt64(
          littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)))
    case .int64:
      Int(Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: Int64.self)))
    }
  }
}
