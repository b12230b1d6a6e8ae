public import Corpus

/// How much of each label (for example each kind of planted damage) a selection drops.
///
/// Labels belong to documents, selection to chunks: a chunk may hold several documents and a
/// document may span chunks. Shares are therefore given by tokens, by chunks that mostly have the
/// label, and by documents that are mostly dropped.
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
}

/// The labelled pieces of a corpus, prepared so that a report follows the ratio as it moves.
public struct LabelIndex: Sendable {
  /// Label of documents that have none of their own.
  public let unlabelled: String
  private let labels: [String]
  /// Label number by document, in the order in which documents first appear.
  private var labelOfDocument: [Int] = []
  /// Pieces of all chunks one after the other, and where each chunk's begin.
  private var pieces: [(document: Int32, tokens: Int32)] = []
  private var starts = [0]
  /// Number of the label that more than half of a chunk's tokens have; -1 for none.
  private var majority: [Int] = []

  /// Reads the pieces of every chunk once.
  ///
  /// - Parameters:
  ///   - labels: label by document; other documents go under `unlabelled`.
  public init(
    source: some ChunkSource, labels: [Int64: String], unlabelled: String = "undamaged"
  ) {
    self.unlabelled = unlabelled
    let names = Set(labels.values).union([unlabelled]).sorted()
    self.labels = names
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    var indexOfDocument: [Int64: Int32] = [:]
    for chunk in 0..<source.count {
      var tokens = [Int](repeating: 0, count: names.count)
      for piece in source.documentLengths(of: chunk) {
        let label = numbers[labels[piece.document] ?? unlabelled] ?? 0
        let document = indexOfDocument[piece.document] ?? Int32(labelOfDocument.count)
        if Int(document) == labelOfDocument.count {
          indexOfDocument[piece.document] = document
          labelOfDocument.append(label)
        }
        pieces.append((document, Int32(piece.tokens)))
        tokens[label] += piece.tokens
      }
      starts.append(pieces.count)
      let total = tokens.reduce(0, +)
      majority.append(tokens.firstIndex { 2 * $0 > total } ?? -1)
    }
  }

  /// Counts dropped tokens, chunks and documents.
  ///
  /// - Parameter kept: chunks that are kept; all others count as dropped.
  public func report(kept: some Sequence<Int>) -> LabelReport {
    var isKept = [Bool](repeating: false, count: majority.count)
    for chunk in kept { isKept[chunk] = true }
    var rows = labels.map { LabelReport.Row(label: $0) }
    var tokens = [Int](repeating: 0, count: labelOfDocument.count)
    var dropped = tokens
    for (chunk, keep) in isKept.enumerated() {
      for piece in pieces[starts[chunk]..<starts[chunk + 1]] {
        tokens[Int(piece.document)] += Int(piece.tokens)
        if !keep { dropped[Int(piece.document)] += Int(piece.tokens) }
      }
      if majority[chunk] >= 0 {
        rows[majority[chunk]].chunks += 1
        if !keep { rows[majority[chunk]].chunksDropped += 1 }
      }
    }
    for (document, label) in labelOfDocument.enumerated() where tokens[document] > 0 {
      rows[label].documents += 1
      rows[label].tokens += tokens[document]
      rows[label].tokensDropped += dropped[document]
      if 2 * dropped[document] > tokens[document] { rows[label].documentsDropped += 1 }
    }
    return LabelReport(rows: rows.filter { $0.documents > 0 })
  }
}
