import Store

/// A part of a document in a tokenized corpus.
public struct DocumentPlace: Sendable, Equatable, Codable {
  /// The chunk, by its number in the corpus.
  public var chunk: Int
  /// Tokens of the chunk that belong to the document, a beginning token with them.
  public var tokens: Range<Int>

  /// Tokens `tokens` of chunk `chunk`.
  public init(chunk: Int, tokens: Range<Int>) {
    self.chunk = chunk
    self.tokens = tokens
  }
}

extension TokenShards {
  /// Whether the parts of a document come in the order of its text; else in that of the corpus.
  public var keepsTextOrder: Bool { shards.allSatisfy { $0.places?.keepsTextOrder ?? false } }

  /// The parts of a document, found without reading all labels where the shards were written with
  /// `data_k.documents.safetensors` beside them; none if it is not in these shards: it may wait for chunks that were
  /// never full, or be left out of a selection.
  public func places(ofDocument document: Int64) -> [DocumentPlace] {
    var found: [DocumentPlace] = []
    for (number, shard) in shards.enumerated() {
      guard let labels = shard.labels else { continue }
      let chunks = shard.places?.chunks(of: document) ?? labels.chunks(of: document)
      for local in chunks where local >= 0 && local < shard.index.count {
        let pieces = labels.pieces(of: local)
        guard let piece = pieces.firstIndex(where: { $0.document == document }) else { continue }
        let start = Int(pieces[piece].tokenStart)
        let end =
          piece + 1 < pieces.count
          ? Int(pieces[piece + 1].tokenStart) : shard.index.size(of: local)
        guard start >= 0, start < end, end <= shard.index.size(of: local) else { continue }
        found.append(DocumentPlace(chunk: shardStarts[number] + local, tokens: start..<end))
      }
    }
    return found
  }

  /// The tokens of the parts of a document, one after the other, without the beginning tokens of
  /// chunks.
  public func tokens(
    of places: [DocumentPlace], beginningOfSequence: Int32? = nil
  ) throws(CorpusError) -> [Int32] {
    var (all, chunk): ([Int32], [Int32]) = ([], [])
    for place in places {
      try copyTokens(of: place.chunk, into: &chunk)
      var part = chunk[place.tokens.clamped(to: 0..<chunk.count)]
      if place.tokens.lowerBound == 0, let first = part.first, first == beginningOfSequence {
        part = part.dropFirst()
      }
      all += part
    }
    return all
  }
}
