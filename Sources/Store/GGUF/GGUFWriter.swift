/// Writes a GGUF file: metadata, then tensors one behind the other, in the order in which they were
/// declared. It takes its name when it is whole and on the disk.
///
/// Format: ggml's docs/gguf.md, version 3, little endian.
public struct GGUFWriter: ~Copyable {
  /// A value of the metadata in the width that readers expect.
  public enum Value: Sendable, Equatable {
    case text(String)
    case uint32(UInt32)
    case float32(Float)
    case flag(Bool)
    case texts([String])
    case int32s([Int32])
    case float32s([Float])
  }

  /// One entry of the metadata.
  public struct Entry: Sendable, Equatable {
    public var key: String
    public var value: Value

    public init(_ key: String, _ value: Value) {
      self.key = key
      self.value = value
    }
  }

  /// A tensor that will be written.
  public struct Declaration: Sendable, Equatable {
    public var name: String
    public var type: GGUFElementType
    /// The last size that of what lies side by side, a multiple of the type's block.
    public var shape: [Int]

    public init(name: String, type: GGUFElementType, shape: [Int]) {
      self.name = name
      self.type = type
      self.shape = shape
    }

    /// Bytes of the tensor.
    public var byteCount: Int {
      shape.reduce(1, *) / type.block.values * type.block.bytes
    }
  }

  private static let alignment = 32
  private let tensors: [Declaration]
  private var writer: FileWriter
  private var current = 0
  /// Bytes of the current tensor that are written.
  private var written = 0

  /// Bytes of the file that these make.
  public static func byteCount(metadata: [Entry], tensors: [Declaration]) -> Int {
    padded(header(metadata, tensors).count) + tensors.reduce(0) { $0 + padded($1.byteCount) }
  }

  /// Begins a file that replaces `path` when it is committed.
  public init(
    replacing path: String, metadata: [Entry], tensors: [Declaration]
  ) throws(StoreError) {
    let opened = try Self.begun(path, header: Self.header(metadata, tensors))
    self.tensors = tensors
    writer = opened
  }

  private static func begun(_ path: String, header: [UInt8]) throws(StoreError) -> FileWriter {
    var writer = try FileWriter(replacing: path)
    var failure: StoreError?
    do throws(StoreError) {
      try write(header, to: &writer)
      try pad(header.count, &writer)
    } catch {
      failure = error
    }
    guard let failure else { return writer }
    writer.discard()
    throw failure
  }

  /// Appends bytes of the tensor whose turn it is, no more than it has left.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    skipEmpty()
    guard current < tensors.count, written + bytes.count <= tensors[current].byteCount else {
      throw .malformed(
        path: writer.path, found: "more bytes than the tensors have",
        expected: "what was declared")
    }
    try writer.write(bytes)
    written += bytes.count
    guard written == tensors[current].byteCount else { return }
    try Self.pad(written, &writer)
    (current, written) = (current + 1, 0)
  }

  /// Makes the file durable and gives it its name.
  public mutating func commit() throws(StoreError) {
    skipEmpty()
    guard current == tensors.count else {
      throw .malformed(
        path: writer.path, found: "\(current) whole tensors", expected: "\(tensors.count)")
    }
    try writer.commit()
  }

  /// Removes what was written.
  public mutating func discard() { writer.discard() }

  private mutating func skipEmpty() {
    while current < tensors.count, tensors[current].byteCount == 0 { current += 1 }
  }

  private static func padded(_ count: Int) -> Int {
    (count + alignment - 1) / alignment * alignment
  }

  private static func pad(_ count: Int, _ writer: inout FileWriter) throws(StoreError) {
    try write([UInt8](repeating: 0, count: padded(count) - count), to: &writer)
  }

  private static func write(_ bytes: [UInt8], to writer: inout FileWriter) throws(StoreError) {
    try writer.write(ContiguousArray(bytes))
  }

  /// Everything before the tensors.
  private static func header(_ metadata: [Entry], _ tensors: [Declaration]) -> [UInt8] {
    var bytes = GGUFBytes()
    bytes.append(raw: GGUFFile.magic)
    bytes.append(UInt32(3))
    bytes.append(UInt64(tensors.count))
    bytes.append(UInt64(metadata.count))
    for entry in metadata {
      bytes.append(entry.key)
      bytes.append(entry.value)
    }
    var offset = 0
    for tensor in tensors {
      bytes.append(tensor.name)
      bytes.append(UInt32(tensor.shape.count))
      for size in tensor.shape.reversed() { bytes.append(UInt64(size)) }
      bytes.append(tensor.type.rawValue)
      bytes.append(UInt64(offset))
      offset += padded(tensor.byteCount)
    }
    return bytes.bytes
  }
}

/// Bytes of a header as they are put in.
private struct GGUFBytes {
  private(set) var bytes: [UInt8] = []

  mutating func append(raw: [UInt8]) { bytes += raw }

  mutating func append<T: FixedWidthInteger>(_ value: T) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ text: String) {
    append(UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func begin(_ kind: GGUFValueKind) { append(kind.rawValue) }

  private mutating func begin(listOf kind: GGUFValueKind, count: Int) {
    begin(.array)
    begin(kind)
    append(UInt64(count))
  }

  mutating func append(_ value: GGUFWriter.Value) {
    switch value {
    case .text(let text):
      begin(.string)
      append(text)
    case .uint32(let number):
      begin(.uint32)
      append(number)
    case .float32(let number):
      begin(.float32)
      append(number.bitPattern)
    case .flag(let flag):
      begin(.bool)
      append(UInt8(flag ? 1 : 0))
    case .texts(let texts):
      begin(listOf: .string, count: texts.count)
      for text in texts { append(text) }
    case .int32s(let numbers):
      begin(listOf: .int32, count: numbers.count)
      for number in numbers { append(number) }
    case .float32s(let numbers):
      begin(listOf: .float32, count: numbers.count)
      for number in numbers { append(number.bitPattern) }
    }
  }
}
