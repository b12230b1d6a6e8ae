import Glibc
import Store

/// Writes one row for every document, in their order: `documents_0.safetensors` and so on, each for
/// a million documents, and `documents.json` at the end.
///
/// Rows of the open part go to `documents_j.rows`, which only grows: the number of documents says
/// where to go on after a crash. The rows of closed parts stay until a state knows of more. Memory
/// holds one block of rows.
final class DocumentTableWriter {
  static let rowsSuffix = "rows"
  private static let blockRows = 1 << 14

  private let folder: String
  private let partSize: Int
  private var count: Int
  private var open: AppendFile?
  private var retired: [String] = []

  /// Goes on behind `count` documents.
  init(folder: String, partSize: Int, after count: Int) throws(CorpusError) {
    self.folder = folder
    self.partSize = partSize
    self.count = count
    let rows = count % partSize
    if rows > 0 {
      open = try storing { () throws(StoreError) in
        try AppendFile(
          path: Self.rowsPath(folder, count / partSize), keeping: rows * DocumentRow.size)
      }
    }
  }

  /// Takes the row of the next document.
  func append(_ row: DocumentRow) throws(CorpusError) {
    let file: AppendFile
    if let open {
      file = open
    } else {
      let path = Self.rowsPath(folder, count / partSize)
      file = try storing { () throws(StoreError) in try AppendFile(path: path) }
      open = file
    }
    try storing { () throws(StoreError) in row.store(in: try file.room(DocumentRow.size)) }
    file.take(DocumentRow.size)
    count += 1
    if count % partSize == 0 { try closePart() }
  }

  /// Makes all rows durable.
  func checkpoint() throws(CorpusError) {
    try storing { () throws(StoreError) in try open?.sync() }
  }

  /// Removes the rows of closed parts, once a state that knows of them is on disk.
  func removeRetired() {
    for path in retired { unlink(path) }
    retired.removeAll()
  }

  /// Closes the last part and says what all parts share.
  func finish(
    files: [String], sources: [String], reader: ReaderOptions
  ) throws(CorpusError) {
    if open != nil { try closePart() }
    let info = DocumentTableInfo(
      count: count, partSize: partSize, files: files, sources: sources, reader: reader)
    try storing { () throws(StoreError) in
      try JSONFile.write(info, to: folder + "/" + DocumentTableInfo.fileName)
    }
  }

  private static func rowsPath(_ folder: String, _ part: Int) -> String {
    "\(folder)/documents_\(part).\(rowsSuffix)"
  }

  private func closePart() throws(CorpusError) {
    guard let rows = open else { return }
    let part = (count - 1) / partSize
    let path = folder + "/" + DocumentTableInfo.partName(part)
    try storing { () throws(StoreError) in
      try rows.flush()
      try Self.writeColumns(of: rows, first: part * partSize, to: path)
    }
    retired.append(rows.path)
    open = nil
  }

  private static func writeColumns(
    of rows: AppendFile, first: Int, to path: String
  ) throws(StoreError) {
    let count = rows.byteCount / DocumentRow.size
    var writer = try SafetensorsWriter(
      replacing: path,
      tensors: [
        .init(name: "offset", type: .i64, shape: [count]),
        .init(name: "line", type: .i64, shape: [count]),
        .init(name: "bytes", type: .i64, shape: [count]),
        .init(name: "tokens", type: .i64, shape: [count]),
        .init(name: "fingerprint", type: .u64, shape: [count]),
        .init(name: "file", type: .i32, shape: [count]),
        .init(name: "source", type: .u16, shape: [count]),
      ], metadata: ["first": "\(first)"])
    do throws(StoreError) {
      for column in 0..<4 { try copy(Int64.self, at: 8 * column, of: rows, to: &writer) }
      try copy(UInt64.self, at: 32, of: rows, to: &writer)
      try copy(Int32.self, at: 40, of: rows, to: &writer)
      try copy(UInt16.self, at: 44, of: rows, to: &writer)
      try writer.commit()
    } catch {
      writer.discard()
      throw error
    }
  }

  /// Writes one field of all rows, which stands at `offset` of each.
  private static func copy<Value: FixedWidthInteger & FixedWidthElement>(
    _ type: Value.Type, at offset: Int, of rows: AppendFile, to writer: inout SafetensorsWriter
  ) throws(StoreError) {
    let block = UnsafeMutableRawBufferPointer.allocate(
      byteCount: blockRows * DocumentRow.size, alignment: 16)
    defer { block.deallocate() }
    var column: [Value] = []
    var start = 0
    while start < rows.byteCount {
      let size = min(block.count, rows.byteCount - start)
      try rows.read(at: start, into: UnsafeMutableRawBufferPointer(rebasing: block[..<size]))
      column.removeAll(keepingCapacity: true)
      for place in stride(from: offset, to: size, by: DocumentRow.size) {
        column.append(block.loadUnaligned(fromByteOffset: place, as: Value.self))
      }
      try writer.write(column)
      start += size
    }
  }
}
