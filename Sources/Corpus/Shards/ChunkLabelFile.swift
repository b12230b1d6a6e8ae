import Foundation
import Store

/// The labels of one shard, opened from disk.
///
/// Opening reads the header alone. Entries are checked where they are read: `check` names what is
/// wrong with one, and the other functions never leave the file's bounds.
struct ChunkLabelFile: Sendable {
  /// Labels that the ids of this shard stand for.
  let names: [String]
  private let file: SafetensorsFile
  private let sources: Column<UInt16>
  private let documentStarts: Column<Int64>
  private let documents: Column<Int64>
  private let tokenStarts: Column<Int32>

  /// Values of a column in the mapping of `file`.
  private struct Column<Value: FixedWidthInteger & BitwiseCopyable & Sendable>: @unchecked Sendable
  {
    // Unchecked: read-only memory that the file, kept beside it, owns.
    let bytes: UnsafeRawBufferPointer
    var count: Int { bytes.count / MemoryLayout<Value>.size }
    subscript(index: Int) -> Value {
      let offset = index * MemoryLayout<Value>.size
      return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
  }

  /// Opens the labels of a shard of `count` chunks.
  init(path: String, count: Int) throws(CorpusError) {
    func wrong(_ found: String, _ expected: String) -> CorpusError {
      .malformedShard(path: path, found: found, expected: expected)
    }
    let opened = try storing { () throws(StoreError) in
      let file = try SafetensorsFile(path: path)
      return (
        file: file, source: try file.bytes(of: "source", as: UInt16.self),
        starts: try file.bytes(of: "document_start", as: Int64.self),
        document: try file.bytes(of: "document", as: Int64.self),
        token: try file.bytes(of: "token_start", as: Int32.self)
      )
    }
    file = opened.file
    sources = Column(bytes: opened.source)
    documentStarts = Column(bytes: opened.starts)
    documents = Column(bytes: opened.document)
    tokenStarts = Column(bytes: opened.token)
    let text = opened.file.metadata["sources"] ?? ""
    guard let names = try? JSONDecoder().decode([String].self, from: Data(text.utf8)),
      !names.isEmpty || count == 0
    else {
      throw wrong("the source labels \(text.prefix(40))", "a JSON array of strings")
    }
    self.names = names
    guard sources.count == count, documentStarts.count == count + 1 else {
      throw wrong("labels of \(sources.count) chunks", "\(count), as in the .idx file")
    }
    guard documents.count == tokenStarts.count else {
      throw wrong("\(documents.count) documents", "\(tokenStarts.count), as in token_start")
    }
    guard documentStarts[0] == 0, documentStarts[count] == Int64(documents.count) else {
      throw wrong(
        "document_start from \(documentStarts[0]) to \(documentStarts[count])",
        "0 to \(documents.count)")
    }
  }

  /// Says what is wrong with the labels of a chunk, if anything is.
  func check(_ index: Int) throws(CorpusError) {
    let source = Int(sources[index])
    guard source < names.count else {
      throw .malformedShard(
        path: file.path, found: "source \(source) of chunk \(index)",
        expected: "one of \(names.count) labels")
    }
    guard places(of: index) != nil else {
      throw .malformedShard(
        path: file.path,
        found:
          "documents \(documentStarts[index]) to \(documentStarts[index + 1]) of chunk \(index)",
        expected: "a rising document_start of at most \(documents.count)")
    }
  }

  /// Id in `names` of a chunk's source; 0 where the file holds none.
  func source(of index: Int) -> Int {
    let source = Int(sources[index])
    return source < names.count ? source : 0
  }

  /// The documents of a chunk; none where the file's entry is broken.
  func pieces(of index: Int) -> [ChunkPiece] {
    var pieces: [ChunkPiece] = []
    appendPieces(of: index, to: &pieces)
    return pieces
  }

  /// Appends the documents of a chunk; none where the file's entry is broken.
  func appendPieces(of index: Int, to pieces: inout [ChunkPiece]) {
    for place in places(of: index) ?? 0..<0 {
      pieces.append(ChunkPiece(document: documents[place], tokenStart: tokenStarts[place]))
    }
  }

  /// Lets go of the memory of the labels of the first chunks.
  func release(upTo end: Int) {
    file.release(0..<2 * end, of: "source")
    file.release(0..<8 * end, of: "document_start")
    let pieces = Int(min(max(0, documentStarts[end]), Int64(documents.count)))
    file.release(0..<8 * pieces, of: "document")
    file.release(0..<4 * pieces, of: "token_start")
  }

  /// Chunks that hold a part of `document`, found by reading all pieces; some tens of million a
  /// second.
  func chunks(of document: Int64) -> [Int] {
    var found: [Int] = []
    let wanted = document.littleEndian
    let count = documents.count
    var piece = 0
    while piece < count {
      let offset = piece * MemoryLayout<Int64>.size
      if documents.bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self) == wanted,
        let chunk = chunk(ofPiece: piece), found.last != chunk
      {
        found.append(chunk)
      }
      piece += 1
    }
    return found
  }

  /// The last chunk whose pieces start at or before `piece`.
  private func chunk(ofPiece piece: Int) -> Int? {
    var (low, high) = (0, sources.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if documentStarts[middle] <= Int64(piece) { low = middle } else { high = middle - 1 }
    }
    return places(of: low)?.contains(piece) ?? false ? low : nil
  }

  private func places(of index: Int) -> Range<Int>? {
    let (start, end) = (documentStarts[index], documentStarts[index + 1])
    guard start >= 0, start <= end, end <= Int64(documents.count) else { return nil }
    return Int(start)..<Int(end)
  }
}
