/// How much of each label (for example each kind of planted damage) a selection drops.
///
/// Labels belong to documents, selection to chunks: a chunk may hold several documents and a
/// document may span chunks. Shares are therefore given by tokens, and by documents whose tokens
/// are mostly dropped.
public struct LabelReport: Sendable, Equatable {
  /// One label.
  public struct Row: Sendable, Codable, Equatable {
    /// The label.
    public var label: String
    /// Documents with at least one token in a chunk, and those of which more than half the tokens
    /// lie in dropped chunks.
    public var documents = 0
    public var documentsDropped = 0
    /// Tokens of these documents, and those in dropped chunks.
    public var tokens = 0
    public var tokensDropped = 0
    /// Chunks of which more than half the tokens have this label, and those that are dropped.
    public var chunks = 0
    public var chunksDropped = 0

    /// Share of the tokens that is dropped; 0 without tokens.
    public var tokenShareDropped: Double { Self.share(tokensDropped, tokens) }
    /// Share of the chunks with a majority of this label that is dropped.
    public var chunkShareDropped: Double { Self.share(chunksDropped, chunks) }
    /// Share of the documents that is mostly dropped.
    public var documentShareDropped: Double { Self.share(documentsDropped, documents) }

    private static func share(_ part: Int, _ whole: Int) -> Double {
      whole == 0 ? 0 : Double(part) / Double(whole)
    }
  }

  /// By label, sorted.
  public let rows: [Row]

  /// Counts dropped tokens, chunks and documents.
  ///
  /// - Parameters:
  ///   - labels: label by document; other documents go under `unlabelled`.
  ///   - kept: chunks that are kept; all other chunks of `source` count as dropped.
  public init(
    source: some ChunkSource, labels: [Int64: String], kept: some Sequence<Int>,
    unlabelled: String = "none"
  ) {
    var isKept = [Bool](repeating: false, count: source.chunkCount)
    for chunk in kept { isKept[chunk] = true }
    var rows: [String: Row] = [:]
    var documents: [Int64: (tokens: Int, dropped: Int)] = [:]
    for chunk in 0..<source.chunkCount {
      let dropped = !isKept[chunk]
      var tokensOfLabel: [String: Int] = [:]
      for piece in source.documents(ofChunk: chunk) {
        tokensOfLabel[labels[piece.document] ?? unlabelled, default: 0] += piece.tokens
        documents[piece.document, default: (0, 0)].tokens += piece.tokens
        if dropped { documents[piece.document, default: (0, 0)].dropped += piece.tokens }
      }
      let total = tokensOfLabel.values.reduce(0, +)
      for (label, tokens) in tokensOfLabel {
        rows[label, default: Row(label: label)].tokens += tokens
        if dropped { rows[label, default: Row(label: label)].tokensDropped += tokens }
        guard 2 * tokens > total else { continue }
        rows[label, default: Row(label: label)].chunks += 1
        if dropped { rows[label, default: Row(label: label)].chunksDropped += 1 }
      }
    }
    for (document, counts) in documents where counts.tokens > 0 {
      let label = labels[document] ?? unlabelled
      rows[label, default: Row(label: label)].documents += 1
      if 2 * counts.dropped > counts.tokens {
        rows[label, default: Row(label: label)].documentsDropped += 1
      }
    }
    self.rows = rows.values.sorted { $0.label < $1.label }
  }
}
