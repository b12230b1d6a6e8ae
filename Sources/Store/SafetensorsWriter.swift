import Foundation

/// Streams a safetensors file: header first, then every tensor's bytes in the declared order;
/// visible only after `commit()`.
public struct SafetensorsWriter: ~Copyable {
  /// What one tensor will be.
  public struct Declaration: Sendable {
    public let name: String
    public let type: ElementType
    public let shape: [Int]

    public init(name: String, type: ElementType, shape: [Int]) {
      self.name = name
      self.type = type
      self.shape = shape
    }

    var byteCount: Int { shape.reduce(type.byteCount, *) }
  }

  private var writer: FileWriter
  private let declarations: [Declaration]
  private var next = 0
  private var missing = 0

  /// Opens a temporary file beside `path` and writes the header.
  public init(
    replacing path: String, tensors: [Declaration], metadata: [String: String] = [:]
  ) throws(StoreError) {
    var header = Self.header(tensors, metadata)
    // The data starts at a multiple of 8, as the format's own writer aligns it.
    while header.utf8.count % 8 != 0 { header += " " }
    var start = ContiguousArray<UInt8>()
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { start.append(contentsOf: $0) }
    start.append(contentsOf: header.utf8)
    var opened = try FileWriter(replacing: path)
    try opened.write(start)
    declarations = tensors
    writer = opened
  }

  /// Writes bytes of the current tensor; it may come in several pieces.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    var rest = bytes
    while !rest.isEmpty {
      if missing == 0 {
        while next < declarations.count, declarations[next].byteCount == 0 { next += 1 }
        guard next < declarations.count else {
          throw .malformed(
            path: writer.path, found: "more bytes than declared", expected: "the declared tensors")
        }
        missing = declarations[next].byteCount
        next += 1
      }
      let count = min(missing, rest.count)
      try writer.write(UnsafeRawBufferPointer(rebasing: rest[..<count]))
      missing -= count
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Writes a column of numbers.
  public mutating func write<T: FixedWidthElement>(_ values: [T]) throws(StoreError) {
    let failure: StoreError? = values.withUnsafeBytes { bytes in
      do throws(StoreError) {
        try write(bytes)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }

  /// Makes the file durable and visible; every declared byte must have come.
  public mutating func commit() throws(StoreError) {
    while next < declarations.count, declarations[next].byteCount == 0 { next += 1 }
    guard missing == 0, next == declarations.count else {
      let name = declarations[max(0, min(next, declarations.count - 1))].name
      writer.discard()
      throw .malformed(
        path: writer.path, found: "the bytes end before tensor \(name)",
        expected: "all declared tensors")
    }
    try writer.commit()
  }

  /// Removes the temporary file.
  public mutating func discard() { writer.discard() }

  private static func header(_ tensors: [Declaration], _ metadata: [String: String]) -> String {
    var entries: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map {
        "\(JSONFile.quoted($0)):\(JSONFile.quoted($1))"
      }
      entries.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.byteCount
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        "\(JSONFile.quoted(tensor.name)):{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    return "{\(entries.joined(separator: ","))}"
  }
}
