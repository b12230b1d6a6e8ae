import Foundation

/// A table opened from disk: columns are read from the mapping when asked for.
public final class ColumnTableFile: Sendable {
  /// The file.
  public var path: String { file.path }
  /// Strings that describe the table.
  public let metadata: [String: String]
  private let file: MappedFile
  private let columns: [String: Extent]

  /// Where a column stands in the file.
  struct Extent: Sendable {
    let type: TableColumnType
    let count: Int
    let offset: Int
  }

  /// Longest header that is read, as in the safetensors library.
  static let longestHeader = 100_000_000

  /// Opens and checks the whole header; `StoreError.malformed` names what is wrong.
  public init(path: String) throws(StoreError) {
    let file = try MappedFile(path: path)
    func wrong(_ found: String, _ expected: String) -> StoreError {
      .malformed(path: path, found: found, expected: expected)
    }
    guard file.bytes.count >= 8 else {
      throw wrong("\(file.bytes.count) bytes", "a safetensors file of at least 8 bytes")
    }
    let declared = UInt64(littleEndian: file.bytes.loadUnaligned(as: UInt64.self))
    guard declared >= 2, declared <= UInt64(min(Self.longestHeader, file.bytes.count - 8)) else {
      throw wrong(
        "a header length of \(declared)", "at most \(file.bytes.count - 8), what the file holds")
    }
    let dataStart = 8 + Int(declared)
    let json = Data(file.bytes[8..<dataStart])
    let header: [String: HeaderEntry]
    do {
      header = try JSONDecoder().decode([String: HeaderEntry].self, from: json)
    } catch {
      throw wrong("a header that does not parse (\(error))", "a safetensors header in JSON")
    }
    var metadata: [String: String] = [:]
    var columns: [String: Extent] = [:]
    for (name, entry) in header {
      switch entry {
      case .metadata(let strings):
        guard name == "__metadata__" else {
          throw wrong("tensor \(name) without dtype, shape and data_offsets", "all three")
        }
        metadata = strings
      case .tensor(let tensor):
        columns[name] = try Self.extent(
          tensor, name: name, path: path, dataCount: file.bytes.count - dataStart,
          dataStart: dataStart)
      }
    }
    try Self.checkLayout(columns, path: path, dataStart: dataStart, end: file.bytes.count)
    self.file = file
    self.metadata = metadata
    self.columns = columns
  }

  /// Names of the columns, sorted.
  public var names: [String] { columns.keys.sorted() }

  /// Element type and number of values of a column; nil if there is none of that name.
  public func column(_ name: String) -> (type: TableColumnType, count: Int)? {
    columns[name].map { ($0.type, $0.count) }
  }

  /// Copies an F32 column.
  public func float32(_ name: String) throws(StoreError) -> [Float] {
    try values(name, .float32) { Float(bitPattern: UInt32(littleEndian: $0)) }
  }

  /// Copies an I32 column.
  public func int32(_ name: String) throws(StoreError) -> [Int32] {
    try values(name, .int32) { Int32(littleEndian: $0) }
  }

  /// Copies an I64 column.
  public func int64(_ name: String) throws(StoreError) -> [Int64] {
    try values(name, .int64) { Int64(littleEndian: $0) }
  }

  /// Copies a U16 column.
  public func uint16(_ name: String) throws(StoreError) -> [UInt16] {
    try values(name, .uint16) { UInt16(littleEndian: $0) }
  }

  /// Copies the whole file into a table.
  public func table() throws(StoreError) -> ColumnTable {
    var table = ColumnTable(metadata: metadata)
    for (name, extent) in columns {
      switch extent.type {
      case .float32: table.columns[name] = .float32(try float32(name))
      case .int32: table.columns[name] = .int32(try int32(name))
      case .int64: table.columns[name] = .int64(try int64(name))
      case .uint16: table.columns[name] = .uint16(try uint16(name))
      }
    }
    return table
  }

  /// Raw little-endian bytes of a column; valid while this object lives.
  public func bytes(
    _ name: String, as type: TableColumnType
  ) throws(StoreError) -> UnsafeRawBufferPointer {
    guard let extent = columns[name] else {
      throw .malformed(
        path: path, found: "columns \(names.joined(separator: ", "))",
        expected: "a column \(name)")
    }
    guard extent.type == type else {
      throw .malformed(
        path: path, found: "column \(name) of \(extent.type.rawValue)", expected: type.rawValue)
    }
    let end = extent.offset + extent.count * type.width
    return UnsafeRawBufferPointer(rebasing: file.bytes[extent.offset..<end])
  }

  private func values<Stored: BitwiseCopyable, Value>(
    _ name: String, _ type: TableColumnType, _ convert: (Stored) -> Value
  ) throws(StoreError) -> [Value] {
    let raw = try bytes(name, as: type)
    let width = MemoryLayout<Stored>.size
    return [Value](unsafeUninitializedCapacity: raw.count / width) { target, count in
      for index in 0..<(raw.count / width) {
        target.initializeElement(
          at: index,
          to: convert(raw.loadUnaligned(fromByteOffset: index * width, as: Stored.self)))
      }
      count = raw.count / width
    }
  }
}

extension ColumnTableFile {
  /// One entry of the header: a tensor, or the strings of `__metadata__`.
  enum HeaderEntry: Decodable {
    case tensor(HeaderTensor)
    case metadata([String: String])

    init(from decoder: any Decoder) throws {
      if let strings = try? decoder.singleValueContainer().decode([String: String].self) {
        self = .metadata(strings)
      } else {
        self = .tensor(try HeaderTensor(from: decoder))
      }
    }
  }

  struct HeaderTensor: Decodable {
    let dtype: String
    let shape: [Int]
    let data_offsets: [Int]
  }

  static func extent(
    _ tensor: HeaderTensor, name: String, path: String, dataCount: Int, dataStart: Int
  ) throws(StoreError) -> Extent {
    func wrong(_ found: String, _ expected: String) -> StoreError {
      .malformed(path: path, found: "column \(name) with \(found)", expected: expected)
    }
    guard let type = TableColumnType(rawValue: tensor.dtype) else {
      let known = TableColumnType.allCases.map(\.rawValue).joined(separator: ", ")
      throw wrong("dtype \(tensor.dtype)", "one of \(known)")
    }
    guard tensor.shape.count == 1, let count = tensor.shape.first, count >= 0 else {
      throw wrong("shape \(tensor.shape)", "one dimension")
    }
    guard tensor.data_offsets.count == 2, let start = tensor.data_offsets.first,
      let end = tensor.data_offsets.last, start >= 0, end >= start, end <= dataCount
    else {
      throw wrong("data_offsets \(tensor.data_offsets)", "two offsets within 0...\(dataCount)")
    }
    let (size, overflow) = count.multipliedReportingOverflow(by: type.width)
    guard !overflow, size == end - start else {
      throw wrong(
        "\(end - start) bytes", "\(count) values of \(type.rawValue), \(type.width) bytes each")
    }
    return Extent(type: type, count: count, offset: dataStart + start)
  }

  /// Columns must cover the data without gap or overlap, as the safetensors format demands.
  static func checkLayout(
    _ columns: [String: Extent], path: String, dataStart: Int, end: Int
  ) throws(StoreError) {
    let order = columns.sorted {
      ($0.value.offset, $0.value.count, $0.key) < ($1.value.offset, $1.value.count, $1.key)
    }
    var offset = dataStart
    for (name, extent) in order {
      if extent.offset != offset {
        throw .malformed(
          path: path, found: "column \(name) at byte \(extent.offset - dataStart) of the data",
          expected: "byte \(offset - dataStart), where the column before it ends")
      }
      offset += extent.count * extent.type.width
    }
    if offset != end {
      throw .malformed(
        path: path, found: "\(end - dataStart) bytes of data",
        expected: "\(offset - dataStart), the sum of the columns")
    }
  }
}
