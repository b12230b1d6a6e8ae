import Store

/// The bytes of a GGUF file, put together piece by piece.
struct GGUFBytes {
  var version: UInt32 = 3
  var alignment = 32
  /// Claimed where they are not as many as there are.
  var tensorCount: UInt64?
  var entryCount: UInt64?
  /// Key, value type and value.
  var entries: [(key: [UInt8], kind: UInt32, value: [UInt8])] = []
  /// Sizes as ggml writes them, and a place that is claimed.
  var tensors: [(name: String, sizes: [UInt64], type: UInt32, bytes: [UInt8], place: UInt64?)] = []
  /// Behind everything.
  var tail: [UInt8] = []

  static func number<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  static func string(_ text: [UInt8]) -> [UInt8] { number(UInt64(text.count)) + text }

  static func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }

  static func list(_ kind: UInt32, _ values: [[UInt8]]) -> [UInt8] {
    number(kind) + number(UInt64(values.count)) + values.flatMap { $0 }
  }

  mutating func add(_ key: String, _ kind: UInt32, _ value: [UInt8]) {
    entries.append((Array(key.utf8), kind, value))
  }

  mutating func add(
    tensor name: String, _ sizes: [UInt64], _ type: GGUFElementType, _ bytes: [UInt8],
    at place: UInt64? = nil
  ) {
    tensors.append((name, sizes, type.rawValue, bytes, place))
  }

  /// The whole file.
  var bytes: [UInt8] {
    var header = Array("GGUF".utf8) + Self.number(version)
    header += Self.number(tensorCount ?? UInt64(tensors.count))
    header += Self.number(entryCount ?? UInt64(entries.count))
    for entry in entries {
      header += Self.string(entry.key) + Self.number(entry.kind) + entry.value
    }
    var data: [UInt8] = []
    for tensor in tensors {
      header += Self.string(tensor.name) + Self.number(UInt32(tensor.sizes.count))
      for size in tensor.sizes { header += Self.number(size) }
      header += Self.number(tensor.type) + Self.number(tensor.place ?? UInt64(data.count))
      data += tensor.bytes
      data += [UInt8](repeating: 0, count: (alignment - data.count % alignment) % alignment)
    }
    header += [UInt8](repeating: 0, count: (alignment - header.count % alignment) % alignment)
    return header + data + tail
  }
}
