import Foundation
import Store

/// Source and documents of every chunk of a shard, which the published format loses.
///
/// Kept beside the shard as `data_{k}.chunks.safetensors` with the columns `source` U16[n],
/// `document_start` I64[n + 1], `document` I64[m] and `token_start` I32[m]: the pieces of chunk i
/// are the entries `document_start[i]..<document_start[i + 1]` of the last two. The metadata hold
/// the source labels as a JSON array under `sources`.
struct ChunkLabels: Sendable {
  var sources: [UInt16] = []
  var documentStarts: [Int64] = [0]
  var documents: [Int64] = []
  var tokenStarts: [Int32] = []

  mutating func append(source: UInt16, pieces: [ChunkPiece]) {
    sources.append(source)
    for piece in pieces {
      documents.append(piece.document)
      tokenStarts.append(piece.tokenStart)
    }
    documentStarts.append(Int64(documents.count))
  }

  /// The labels of the chunks in another order.
  func reordered(_ order: [Int]) -> ChunkLabels {
    var labels = ChunkLabels()
    for index in order {
      labels.sources.append(sources[index])
      let pieces = Int(documentStarts[index])..<Int(documentStarts[index + 1])
      labels.documents.append(contentsOf: documents[pieces])
      labels.tokenStarts.append(contentsOf: tokenStarts[pieces])
      labels.documentStarts.append(Int64(labels.documents.count))
    }
    return labels
  }

  func write(to path: String, names: [String]) throws(CorpusError) {
    try storing { () throws(StoreError) in
      var writer = try SafetensorsWriter(
        replacing: path,
        tensors: [
          .init(name: "source", type: .u16, shape: [sources.count]),
          .init(name: "document_start", type: .i64, shape: [documentStarts.count]),
          .init(name: "document", type: .i64, shape: [documents.count]),
          .init(name: "token_start", type: .i32, shape: [tokenStarts.count]),
        ],
        metadata: ["sources": try JSONFile.text(of: names, pretty: false)])
      try writer.write(sources)
      try writer.write(documentStarts)
      try writer.write(documents)
      try writer.write(tokenStarts)
      try writer.commit()
    }
  }
}

/// The labels of one shard, opened from disk.
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
    guard let names = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) else {
      throw wrong("the source labels \(text.prefix(40))", "a JSON array of strings")
    }
    self.names = names
    guard sources.count == count, documentStarts.count == count + 1 else {
      throw wrong("labels of \(sources.count) chunks", "\(count), as in the .idx file")
    }
    guard documents.count == tokenStarts.count else {
      throw wrong("\(documents.count) documents", "\(tokenStarts.count), as in token_start")
    }
    for index in 0..<count where Int(sources[index]) >= names.count {
      throw wrong("source \(sources[index]) of chunk \(index)", "one of \(names.count) labels")
    }
    for index in 0..<count where documentStarts[index] > documentStarts[index + 1] {
      throw wrong("a falling document_start after chunk \(index)", "a rising one")
    }
    guard documentStarts[0] == 0, documentStarts[count] == Int64(documents.count) else {
      throw wrong(
        "document_start from \(documentStarts[0]) to \(documentStarts[count])",
        "0 to \(documents.count)")
    }
  }

  func source(of index: Int) -> Int { Int(sources[index]) }

  func pieces(of index: Int) -> [ChunkPiece] {
    (Int(documentStarts[index])..<Int(documentStarts[index + 1])).map {
      ChunkPiece(document: documents[$0], tokenStart: tokenStarts[$0])
    }
  }
}
