/// A parsed JSON text.
///
/// Strings are kept as UTF-8 in one block, because a vocabulary has hundreds of thousands of them.
struct JSONDocument {
  /// A value; strings are ranges of the document's text block.
  enum Value {
    case null
    case bool(Bool)
    case number(Double)
    case string(Range<Int>)
    case array([Value])
    case object([Member])

    /// The JSON name of this kind of value, for messages.
    var kind: String {
      switch self {
      case .null: "null"
      case .bool: "a boolean"
      case .number: "a number"
      case .string: "a string"
      case .array: "an array"
      case .object: "an object"
      }
    }
  }

  struct Member {
    let name: Range<Int>
    let value: Value
  }

  /// The outermost value.
  let root: Value
  /// Unescaped UTF-8 of every string.
  let text: [UInt8]

  func bytes(_ range: Range<Int>) -> ArraySlice<UInt8> { text[range] }

  func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
}
