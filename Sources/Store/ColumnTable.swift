import Foundation

/// One column of a table: a one-dimensional tensor of one of four element types.
public enum TableColumn: Sendable, Equatable {
  case float32([Float])
  case int32([Int32])
  case int64([Int64])
  case uint16([UInt16])

  /// Number of values.
  public var count: Int {
    switch self {
    case .float32(let values): values.count
    case .int32(let values): values.count
    case .int64(let values): values.count
    case .uint16(let values): values.count
    }
  }

  /// Element type.
  public var type: TableColumnType {
    switch self {
    case .float32: .float32
    case .int32: .int32
    case .int64: .int64
    case .uint16: .uint16
    }
  }

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    switch self {
    case .float32(let values): values.withUnsafeBytes(body)
    case .int32(let values): values.withUnsafeBytes(body)
    case .int64(let values): values.withUnsafeBytes(body)
    case .uint16(let values): values.withUnsafeBytes(body)
    }
  }
}

/// Element types of a table column; the raw value is the name of the type in safetensors.
public enum TableColumnType: String, Sendable, CaseIterable {
  case float32 = "F32"
  case int32 = "I32"
  case int64 = "I64"
  case uint16 = "U16"

  /// Bytes of one value.
  public var width: Int {
    switch self {
    case .uint16: 2
    case .float32, .int32: 4
    case .int64: 8
    }
  }
}

/// Named columns in one safetensors file: what scores, labels and ids are kept in.
///
/// A column is a one-dimensional tensor, so a table opens in Python by
/// `safetensors.numpy.load_file`. Metadata are strings. Columns may differ in length: an index
/// column of n + 1 entries beside a column of n is common.
public struct ColumnTable: Sendable, Equatable {
  /// Columns by name.
  public var columns: [String: TableColumn]
  /// Strings that describe the table (`__metadata__` of the file).
  public var metadata: [String: String]

  /// A table of `columns`.
  public init(columns: [String: TableColumn] = [:], metadata: [String: String] = [:]) {
    self.columns = columns
    self.metadata = metadata
  }

  /// Writes the table atomically; equal tables give equal bytes.
  ///
  /// Wider types come first, so every column is aligned to its own width; the data start at a
  /// multiple of 64 bytes.
  public func write(to path: String) throws(StoreError) {
    let order = columns.keys.sorted { left, right in
      let leftWidth = columns[left]?.type.width ?? 0
      let rightWidth = columns[right]?.type.width ?? 0
      return leftWidth == rightWidth ? left < right : leftWidth > rightWidth
    }
    let header = try Self.header(
      of: order.compactMap { name in columns[name].map { (name, $0.type, $0.count) } },
      metadata: metadata)
    try AtomicFile.write(to: path) { (writer) throws(StoreError) in
      try writer.write(ContiguousArray(header))
      for name in order {
        guard let column = columns[name] else { continue }
        let failure = column.withBytes { raw -> StoreError? in
          do throws(StoreError) {
            try writer.write(raw)
            return nil
          } catch {
            return error
          }
        }
        if let failure { throw failure }
      }
    }
  }

  /// The length field and JSON header for columns in file order, padded with spaces to 64 bytes.
  static func header(
    of columns: [(name: String, type: TableColumnType, count: Int)], metadata: [String: String]
  ) throws(StoreError) -> [UInt8] {
    var entries: [String] = []
    if !metadata.isEmpty {
      entries.append("\"__metadata__\":\(try JSONFile.text(of: metadata, pretty: false))")
    }
    var offset = 0
    for (name, type, count) in columns {
      let end = offset + count * type.width
      entries.append(
        "\(try JSONFile.text(of: name, pretty: false)):{\"dtype\":\"\(type.rawValue)\","
          + "\"shape\":[\(count)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var json = Array("{\(entries.joined(separator: ","))}".utf8)
    while (json.count + 8) % 64 != 0 { json.append(UInt8(ascii: " ")) }
    return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json
  }
}
