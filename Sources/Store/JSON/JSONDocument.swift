import CSimdjson

/// A JSON text (RFC 8259), parsed whole by simdjson: an object or a list, of any content.
///
/// Strings and numbers stay UTF-8 in one block, because a vocabulary has hundreds of thousands of
/// them; numbers stay as they are spelt, because readers differ in which bits they make of them.
/// Members keep their order, equal names too.
public struct JSONDocument: Sendable {
  /// A value; strings and numbers are ranges of the document's text.
  public enum Value: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(Range<Int>)
    case string(Range<Int>)
    case array(List)
    case object(List)

    /// The JSON name of this kind of value, for messages.
    public var kind: String {
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

  /// The elements of an array, or the members of an object.
  public struct List: Sendable, Equatable {
    /// Number of elements or members.
    public let count: Int
    /// Index of the first item.
    fileprivate let first: Int
  }

  /// A name and its value.
  public struct Member: Sendable, Equatable {
    public let name: Range<Int>
    public let value: Value
  }

  /// Where and why parsing stopped.
  public struct Failure: Error, Equatable {
    /// Bytes before it, about: a broken value may be named by its start or by what follows it.
    public let offset: Int
    public let reason: String
  }

  /// Unescaped UTF-8 of every string, and the digits of every number.
  public let text: [UInt8]
  private let items: [csj_item]
  /// Deeper nesting is refused, so that a hostile file cannot exhaust the stack.
  private static let depthLimit = 64

  /// Parses `bytes`; any input gives a document or an error.
  public init(parsing bytes: [UInt8]) throws(Failure) {
    var failure = csj_failure()
    let parsed = bytes.withUnsafeBufferPointer {
      csj_document_parse($0.baseAddress, $0.count, Self.depthLimit, &failure)
    }
    guard let parsed else {
      throw Failure(offset: failure.offset, reason: String(cString: failure.reason))
    }
    defer { csj_document_destroy(parsed) }
    var count = 0
    let first = csj_document_items(parsed, &count)
    items = Array(UnsafeBufferPointer(start: first, count: count))
    let start = csj_document_bytes(parsed, &count)
    text = Array(UnsafeBufferPointer(start: start, count: count))
  }

  /// The outermost value.
  public var root: Value { value(at: 0) }

  /// UTF-8 of a string, or the digits of a number.
  public func bytes(_ range: Range<Int>) -> ArraySlice<UInt8> { text[range] }

  /// A string, or the digits of a number.
  public func string(_ range: Range<Int>) -> String {
    String(decoding: text[range], as: UTF8.self)
  }

  /// The elements of an array.
  public func elements(of list: List) -> [Value] {
    var place = list.first
    return (0..<list.count).map { _ in
      defer { place = next(place) }
      return value(at: place)
    }
  }

  /// The elements of an array of two; nil for one of another length.
  public func pair(of list: List) -> (first: Value, second: Value)? {
    guard list.count == 2 else { return nil }
    return (value(at: list.first), value(at: next(list.first)))
  }

  /// The members of an object.
  public func members(of list: List) -> [Member] {
    var place = list.first
    return (0..<list.count).map { _ in
      let name = items[place]
      let value = value(at: place + 1)
      place = next(place + 1)
      return Member(name: Int(name.start)..<Int(name.end), value: value)
    }
  }

  private func value(at place: Int) -> Value {
    let item = items[place]
    switch csj_value_kind(item.kind) {
    case CSJ_FALSE: return .bool(false)
    case CSJ_TRUE: return .bool(true)
    case CSJ_NUMBER: return .number(Int(item.start)..<Int(item.end))
    case CSJ_TEXT: return .string(Int(item.start)..<Int(item.end))
    case CSJ_LIST: return .array(List(count: Int(item.count), first: place + 1))
    case CSJ_OBJECT: return .object(List(count: Int(item.count), first: place + 1))
    default: return .null
    }
  }

  /// The item behind a value and all that belongs to it.
  private func next(_ place: Int) -> Int {
    let item = items[place]
    let isList = item.kind == CSJ_LIST.rawValue || item.kind == CSJ_OBJECT.rawValue
    return isList ? Int(item.end) : place + 1
  }
}
