/// A value of a GGUF file's metadata. Whole numbers of every width are integers, those of both
/// floating widths numbers.
public enum GGUFValue: Sendable, Equatable {
  case integer(Int)
  case number(Double)
  case flag(Bool)
  case text(String)
  case integers([Int])
  case numbers([Double])
  case flags([Bool])
  case texts([String])

  /// As a message shows it.
  public var shown: String {
    switch self {
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .flag(let value): "\(value)"
    case .text(let value): "\"\(value.prefix(60))\""
    case .integers(let values): "\(values.count) integers"
    case .numbers(let values): "\(values.count) numbers"
    case .flags(let values): "\(values.count) flags"
    case .texts(let values): "\(values.count) texts"
    }
  }
}

/// How a value stands in the file.
enum GGUFValueKind: UInt32 {
  case uint8 = 0
  case int8 = 1
  case uint16 = 2
  case int16 = 3
  case uint32 = 4
  case int32 = 5
  case float32 = 6
  case bool = 7
  case string = 8
  case array = 9
  case uint64 = 10
  case int64 = 11
  case float64 = 12

  /// Bytes of one value; of a string and an array, those of the length before it.
  var byteCount: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64, .string: 8
    case .array: 12
    }
  }
}
