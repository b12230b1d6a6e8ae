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
