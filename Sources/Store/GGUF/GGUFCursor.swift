/// A place in the bytes of a GGUF header, from which values are read one behind the other; none is
/// read beyond the end.
struct GGUFCursor {
  let bytes: UnsafeRawBufferPointer
  let path: String
  var offset = 0

  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
  }

  private var room: Int { bytes.count - offset }

  func malformed(_ found: String, _ expected: String) -> StoreError {
    .malformed(path: path, found: found, expected: expected)
  }

  /// What is said where the file ends too early.
  private func cut(_ wanted: String) -> StoreError {
    malformed(
      "a file of \(bytes.count) bytes, cut inside its header", "\(wanted) at byte \(offset)")
  }

  /// The next whole number of a width.
  mutating func integer<T: FixedWidthInteger>(_ type: T.Type) throws(StoreError) -> T {
    guard room >= MemoryLayout<T>.size else { throw cut("a number") }
    defer { offset += MemoryLayout<T>.size }
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
  }

  /// The next 64-bit number, where it can be a size.
  mutating func size(_ what: String) throws(StoreError) -> Int {
    let value = try integer(UInt64.self)
    guard value <= UInt64(Int.max >> 4) else {
      throw malformed("\(what): \(value)", "a size that exists")
    }
    return Int(value)
  }

  /// The number of things that follow, each of which takes `least` bytes or more.
  mutating func count(_ what: String, each least: Int) throws(StoreError) -> Int {
    let value = try size("the number of \(what)")
    guard value <= room / least else {
      throw malformed(
        "\(value) \(what) in a file of \(bytes.count) bytes: cut inside its header, or damaged",
        "no more than fit")
    }
    return value
  }

  /// A key or a name.
  mutating func name(_ what: String, _ longest: Int) throws(StoreError) -> String {
    let bytes = try string(what)
    guard bytes.count <= longest else {
      throw malformed("\(what) of \(bytes.count) bytes", "\(longest) at most")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw malformed("\(what) that is no UTF-8", "a text")
    }
    return text
  }

  /// The bytes of the next string.
  private mutating func string(
    _ what: @autoclosure () -> String
  ) throws(StoreError) -> UnsafeBufferPointer<UInt8> {
    guard room >= 8 else { throw cut(what()) }
    let length = UInt64(
      littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    guard length <= UInt64(room - 8) else {
      throw malformed("\(what()) of \(length) bytes", "no more than the \(room - 8) that follow")
    }
    let start = offset + 8
    offset = start + Int(length)
    return UnsafeRawBufferPointer(rebasing: bytes[start..<offset]).assumingMemoryBound(
      to: UInt8.self)
  }

  /// The next value's kind.
  mutating func kind(of key: String) throws(StoreError) -> GGUFValueKind {
    let number = try integer(UInt32.self)
    guard let kind = GGUFValueKind(rawValue: number) else {
      throw malformed("\(key.prefix(120)) of value type \(number)", "types 0 to 12")
    }
    return kind
  }

  /// The next value; nil for a list of texts that is passed over.
  mutating func value(
    _ kind: GGUFValueKind, of key: String, readsTextLists: Bool
  ) throws(StoreError) -> GGUFValue? {
    switch kind {
    case .string: return .text(String(decoding: try string(key), as: UTF8.self))
    case .array: return try list(of: key, readsTexts: readsTextLists)
    default:
      // One value is a list of one.
      switch try fixed(kind, count: 1, of: key) {
      case .integers(let values): return .integer(values[0])
      case .numbers(let values): return .number(values[0])
      case .flags(let values): return .flag(values[0])
      case let other: return other
      }
    }
  }

  private mutating func list(of key: String, readsTexts: Bool) throws(StoreError) -> GGUFValue? {
    let kind = try kind(of: key)
    if kind == .array {
      throw malformed("\(key.prefix(120)), a list of lists", "a list of plain values")
    }
    let count = try count("values of \(key.prefix(120))", each: kind.byteCount)
    if kind == .string { return try texts(count, of: key, isRead: readsTexts) }
    return try fixed(kind, count: count, of: key)
  }

  private mutating func texts(
    _ count: Int, of key: String, isRead: Bool
  ) throws(StoreError) -> GGUFValue? {
    guard isRead else {
      for number in 0..<count { _ = try string("text \(number) of \(key.prefix(120))") }
      return nil
    }
    var texts: [String] = []
    texts.reserveCapacity(count)
    for number in 0..<count {
      let bytes = try string("text \(number) of \(key.prefix(120))")
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw malformed("text \(number) of \(key.prefix(120)) that is no UTF-8", "a text")
      }
      texts.append(text)
    }
    return .texts(texts)
  }

  /// The next `count` values of a kind of fixed size.
  private mutating func fixed(
    _ kind: GGUFValueKind, count: Int, of key: String
  ) throws(StoreError) -> GGUFValue {
    guard room / kind.byteCount >= count else { throw cut("the value of \(key.prefix(120))") }
    let start = offset
    offset += count * kind.byteCount
    func all<T: BitwiseCopyable>(_ type: T.Type) -> [T] {
      (0..<count).map {
        bytes.loadUnaligned(fromByteOffset: start + $0 * MemoryLayout<T>.size, as: T.self)
      }
    }
    switch kind {
    case .uint8: return .integers(all(UInt8.self).map { Int($0) })
    case .int8: return .integers(all(Int8.self).map { Int($0) })
    case .uint16: return .integers(all(UInt16.self).map { Int($0) })
    case .int16: return .integers(all(Int16.self).map { Int($0) })
    case .uint32: return .integers(all(UInt32.self).map { Int($0) })
    case .int32: return .integers(all(Int32.self).map { Int($0) })
    case .int64: return .integers(all(Int64.self).map { Int($0) })
    case .float32: return .numbers(all(Float.self).map { Double($0) })
    case .float64: return .numbers(all(Double.self))
    case .bool: return .flags(all(UInt8.self).map { $0 != 0 })
    case .uint64:
      let values = all(UInt64.self)
      // Larger than any number here: a number without its last digits.
      return values.allSatisfy { $0 <= UInt64(Int.max) }
        ? .integers(values.map { Int($0) }) : .numbers(values.map { Double($0) })
    case .string, .array:
      throw malformed("\(key.prefix(120)) without a fixed size", "a number")
    }
  }
}
