import Glibc
import Store
import Synchronization

/// Where every document of a tokenized corpus came from, opened for random access.
///
/// Opening reads `documents.json` alone; a part is mapped when one of its documents is asked for.
/// Safe to share between threads.
public final class DocumentTable: Sendable {
  /// The folder.
  public let folder: String
  /// Number of documents.
  public var count: Int { info.count }
  let info: DocumentTableInfo
  /// No number of a table is as large; sums and products of what is below cannot overflow.
  private static let limit = 1 << 48
  /// The part that was used last: whoever pages through documents stays in it.
  private let latest = Mutex<(number: Int, part: Part)?>(nil)

  /// The columns of one part in its mapping.
  private struct Part: @unchecked Sendable {
    // Unchecked: read-only memory that the file, kept beside it, owns.
    let file: SafetensorsFile
    let count: Int
    let numbers: [UnsafeRawBufferPointer]
    let fingerprint: UnsafeRawBufferPointer
    let input: UnsafeRawBufferPointer
    let source: UnsafeRawBufferPointer
  }

  /// Opens the table of a folder; nil if it holds none.
  public static func find(in folder: String) throws(CorpusError) -> DocumentTable? {
    let folder = ShardLocation(folder).folder
    return Folder.exists(folder + "/" + DocumentTableInfo.fileName)
      ? try DocumentTable(folder: folder) : nil
  }

  /// Opens the table of a folder.
  public init(folder: String) throws(CorpusError) {
    let path = folder + "/" + DocumentTableInfo.fileName
    let info = try storing { () throws(StoreError) in
      try JSONFile.read(DocumentTableInfo.self, from: path)
    }
    guard 0..<Self.limit ~= info.count, 1..<Self.limit ~= info.partSize,
      info.reader.longestDocument > 0
    else {
      throw .malformedShard(
        path: path, found: "\(info.count) documents, \(info.partSize) in a part",
        expected: "0 or more, 1 or more")
    }
    self.folder = folder
    self.info = info
  }

  /// Lets a folder of chunks of the same documents have the table, as links; does nothing where there
  /// is none.
  static func link(from folder: String, to other: String) throws(CorpusError) {
    guard let table = try find(in: folder) else { return }
    let parts = (table.count + table.info.partSize - 1) / table.info.partSize
    for name in (0..<parts).map(DocumentTableInfo.partName) + [DocumentTableInfo.fileName] {
      try storing { () throws(StoreError) in
        try Folder.remove("\(other)/\(name)")
        try Folder.link("\(table.folder)/\(name)", as: "\(other)/\(name)")
      }
    }
  }

  /// The row of a document.
  ///
  /// - Throws: `noSuchDocument`, `malformedShard` for an entry that cannot be.
  public func record(of document: Int64) throws(CorpusError) -> DocumentRecord {
    guard document >= 0, document < Int64(count) else {
      throw .noSuchDocument(id: document, count: count)
    }
    let number = Int(document) / info.partSize
    let part = try self.part(number)
    let row = Int(document) - number * info.partSize
    func value<Value: FixedWidthInteger>(
      _ bytes: UnsafeRawBufferPointer, _ type: Value.Type
    ) -> Value {
      let offset = row * MemoryLayout<Value>.size
      return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
    let numbers = part.numbers.map { Int(value($0, Int64.self)) }
    let file = Int(value(part.input, Int32.self))
    let source = Int(value(part.source, UInt16.self))
    guard info.files.indices.contains(file), info.sources.indices.contains(source),
      numbers.allSatisfy({ 0..<Self.limit ~= $0 })
    else {
      throw .malformedShard(
        path: part.file.path,
        found: "document \(document) in file \(file), of source \(source), at \(numbers)",
        expected: "one of \(info.files.count) files and \(info.sources.count) sources")
    }
    return DocumentRecord(
      id: document, file: info.files[file], offset: numbers[0], line: numbers[1],
      bytes: numbers[2], tokens: numbers[3], fingerprint: value(part.fingerprint, UInt64.self),
      source: info.sources[source])
  }

  private func part(_ number: Int) throws(CorpusError) -> Part {
    if let found = latest.withLock({ $0?.number == number ? $0?.part : nil }) { return found }
    let path = folder + "/" + DocumentTableInfo.partName(number)
    let wanted = min(info.partSize, info.count - number * info.partSize)
    let part = try storing { () throws(StoreError) in
      let file = try SafetensorsFile(path: path)
      var numbers: [UnsafeRawBufferPointer] = []
      for name in ["offset", "line", "bytes", "tokens"] {
        numbers.append(try file.bytes(of: name, as: Int64.self))
      }
      return Part(
        file: file, count: numbers[0].count / 8, numbers: numbers,
        fingerprint: try file.bytes(of: "fingerprint", as: UInt64.self),
        input: try file.bytes(of: "file", as: Int32.self),
        source: try file.bytes(of: "source", as: UInt16.self))
    }
    guard part.numbers.allSatisfy({ $0.count == 8 * wanted }),
      part.fingerprint.count == 8 * wanted, part.input.count == 4 * wanted,
      part.source.count == 2 * wanted
    else {
      throw .malformedShard(
        path: path, found: "\(part.count) documents",
        expected: "\(wanted), as in \(DocumentTableInfo.fileName)")
    }
    latest.withLock { $0 = (number, part) }
    return part
  }
}
