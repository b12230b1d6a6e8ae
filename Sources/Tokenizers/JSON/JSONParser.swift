/// Parses JSON (RFC 8259) from bytes; any input gives a document or an error.
struct JSONParser {
  /// Where and why parsing stopped.
  struct Failure: Error {
    let offset: Int
    let reason: String
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var offset = 0
  private var text: [UInt8] = []
  /// Deeper nesting is refused, so that a hostile file cannot exhaust the stack.
  private static let depthLimit = 64

  static func parse(_ bytes: [UInt8]) throws(Failure) -> JSONDocument {
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<JSONDocument, Failure> in
      var parser = JSONParser(bytes: buffer)
      do throws(Failure) {
        return .success(try parser.document())
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    text.reserveCapacity(bytes.count)
  }

  private mutating func document() throws(Failure) -> JSONDocument {
    guard UTF8Decoding.isValid(bytes) else { throw failure("it is not UTF-8") }
    let root = try value(depth: 0)
    skipSpace()
    if offset < bytes.count { throw failure("text after the end of the document") }
    return JSONDocument(root: root, text: text)
  }

  private func failure(_ reason: String) -> Failure { Failure(offset: offset, reason: reason) }

  private mutating func skipSpace() {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x0A, 0x0D, 0x09: offset += 1
      default: return
      }
    }
  }

  /// The next byte that is no white space, not yet consumed.
  private mutating func peek() throws(Failure) -> UInt8 {
    skipSpace()
    guard offset < bytes.count else { throw failure("it ends too early") }
    return bytes[offset]
  }

  private mutating func expect(_ byte: UInt8) throws(Failure) {
    guard try peek() == byte else {
      throw failure("expected \"\(Character(Unicode.Scalar(byte)))\"")
    }
    offset += 1
  }

  private mutating func value(depth: Int) throws(Failure) -> JSONDocument.Value {
    guard depth < Self.depthLimit else { throw failure("nested deeper than \(Self.depthLimit)") }
    switch try peek() {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    default: return try number()
    }
  }

  private mutating func object(depth: Int) throws(Failure) -> JSONDocument.Value {
    offset += 1
    var members: [JSONDocument.Member] = []
    if try peek() == UInt8(ascii: "}") {
      offset += 1
      return .object(members)
    }
    while true {
      guard try peek() == UInt8(ascii: "\"") else { throw failure("expected a name") }
      let name = try string()
      try expect(UInt8(ascii: ":"))
      members.append(JSONDocument.Member(name: name, value: try value(depth: depth + 1)))
      if try peek() == UInt8(ascii: "}") {
        offset += 1
        return .object(members)
      }
      try expect(UInt8(ascii: ","))
    }
  }

  private mutating func array(depth: Int) throws(Failure) -> JSONDocument.Value {
    offset += 1
    var values: [JSONDocument.Value] = []
    if try peek() == UInt8(ascii: "]") {
      offset += 1
      return .array(values)
    }
    while true {
      values.append(try value(depth: depth + 1))
      if try peek() == UInt8(ascii: "]") {
        offset += 1
        return .array(values)
      }
      try expect(UInt8(ascii: ","))
    }
  }

  private mutating func literal(
    _ word: StaticString, _ value: JSONDocument.Value
  ) throws(Failure) -> JSONDocument.Value {
    let matches =
      offset + word.utf8CodeUnitCount <= bytes.count
      && word.withUTF8Buffer { $0.elementsEqual(bytes[offset..<offset + $0.count]) }
    guard matches else { throw failure("unknown word") }
    offset += word.utf8CodeUnitCount
    return value
  }

  private mutating func number() throws(Failure) -> JSONDocument.Value {
    let start = offset
    var magnitude = 0
    while offset < bytes.count, case let digit = bytes[offset], digit >= 0x30, digit <= 0x39,
      offset - start < 15
    {
      magnitude = magnitude * 10 + Int(digit - 0x30)
      offset += 1
    }
    if offset > start, offset == bytes.count || !Self.isPartOfNumber(bytes[offset]) {
      return .number(Double(magnitude))
    }
    while offset < bytes.count, Self.isPartOfNumber(bytes[offset]) { offset += 1 }
    guard let number = JSONNumber.value(of: bytes[start..<offset]) else {
      offset = start
      throw failure("expected a value")
    }
    return .number(number)
  }

  private static func isPartOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"),
      UInt8(ascii: "E"):
      true
    default: false
    }
  }

  /// Parses a string, appends its UTF-8 to the text block, returns its range there.
  private mutating func string() throws(Failure) -> Range<Int> {
    offset += 1
    let start = text.count
    while offset < bytes.count {
      let run = offset
      while offset < bytes.count, case let byte = bytes[offset], byte >= 0x20,
        byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\")
      {
        offset += 1
      }
      text.append(contentsOf: bytes[run..<offset])
      guard offset < bytes.count else { break }
      switch bytes[offset] {
      case UInt8(ascii: "\""):
        offset += 1
        return start..<text.count
      case UInt8(ascii: "\\"):
        try escape()
      default:
        throw failure("a control character in a string")
      }
    }
    throw failure("a string without an end")
  }

  private mutating func escape() throws(Failure) {
    guard offset + 1 < bytes.count else { throw failure("a string without an end") }
    offset += 2
    switch bytes[offset - 1] {
    case UInt8(ascii: "\""): text.append(UInt8(ascii: "\""))
    case UInt8(ascii: "\\"): text.append(UInt8(ascii: "\\"))
    case UInt8(ascii: "/"): text.append(UInt8(ascii: "/"))
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): UTF8Decoding.append(try escapedScalar(), to: &text)
    default: throw failure("an unknown escape")
    }
  }

  private mutating func escapedScalar() throws(Failure) -> UInt32 {
    let unit = try fourDigits()
    guard unit & 0xF800 == 0xD800 else { return unit }
    guard unit < 0xDC00, offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
      bytes[offset + 1] == UInt8(ascii: "u")
    else { throw failure("half a surrogate pair") }
    offset += 2
    let low = try fourDigits()
    guard low & 0xFC00 == 0xDC00 else { throw failure("half a surrogate pair") }
    return 0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF
  }

  private mutating func fourDigits() throws(Failure) -> UInt32 {
    guard offset + 4 <= bytes.count,
      bytes[offset..<offset + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(String(decoding: bytes[offset..<offset + 4], as: UTF8.self), radix: 16)
    else { throw failure("expected four hexadecimal digits") }
    offset += 4
    return value
  }
}
