import Glibc

/// What is kept of one source.
public struct SourceShare: Sendable, Codable, Equatable {
  /// The source's label.
  public var source: String
  /// Chunks kept.
  public var keptChunks: Int
  /// Chunks with a finite score.
  public var totalChunks: Int
  /// Tokens in the kept chunks.
  public var keptTokens: Int
  /// Tokens in all chunks with a finite score.
  public var totalTokens: Int

  public init(
    source: String, keptChunks: Int = 0, totalChunks: Int = 0, keptTokens: Int = 0,
    totalTokens: Int = 0
  ) {
    self.source = source
    self.keptChunks = keptChunks
    self.totalChunks = totalChunks
    self.keptTokens = keptTokens
    self.totalTokens = totalTokens
  }

  /// Share of the source's chunks that is kept; 0 for an empty source.
  public var keepRate: Double {
    totalChunks == 0 ? 0 : Double(keptChunks) / Double(totalChunks)
  }
}

/// A selection in numbers.
public struct SelectionSummary: Sendable, Equatable {
  /// Of the last chunk within the rule what the ranking looks at, by the method the difference; nil if
  /// the rule keeps nothing.
  public var threshold: Float?
  /// Over all sources; its label is "all".
  public var all: SourceShare
  /// By source number.
  public var sources: [SourceShare]
  /// Entropy of the mix of sources by tokens, bits: all chunks and kept chunks.
  public var entropyOfAll: Double
  public var entropyOfKept: Double
  /// Mean difference of the kept chunks, nats per token; nil if nothing is kept.
  public var meanDifference: Double?
  /// Scored chunks without a finite score.
  public var nonFinite: Int
  /// Chunks not scored yet.
  public var unscored: Int
  /// Choices by hand that changed what the rest of the settings decides.
  public var manualKeeps: Int
  public var manualDrops: Int

  init(rules: Selection.Rules, choices: [Int: Bool]) {
    let index = rules.index
    var shares = index.sourceNames.map { SourceShare(source: $0) }
    var difference = 0.0
    for source in shares.indices {
      shares[source].totalChunks = index.totals[source].chunks
      shares[source].totalTokens = index.totals[source].tokens
      for (run, prefix) in zip(index.runs, rules.prefixes[source]) {
        let sum = run.sources[source].sum(ofFirst: prefix, in: run.ranked)
        shares[source].keptChunks += prefix
        shares[source].keptTokens += sum.tokens
        difference += sum.difference
      }
    }
    manualKeeps = 0
    manualDrops = 0
    for (chunk, keep) in choices.sorted(by: { $0.key < $1.key }) {
      guard let place = index.place(ofChunk: chunk) else { continue }
      let score = index.runs[place.run].scores[place.row]
      let isKept = rules.state(run: place.run, row: place.row).isKept
      guard keep != isKept else { continue }
      let sign = keep ? 1 : -1
      if keep { manualKeeps += 1 } else { manualDrops += 1 }
      shares[score.source].keptChunks += sign
      shares[score.source].keptTokens += sign * score.length
      difference += Double(sign) * Double(score.difference)
    }
    var all = SourceShare(source: "all")
    for share in shares {
      all.keptChunks += share.keptChunks
      all.totalChunks += share.totalChunks
      all.keptTokens += share.keptTokens
      all.totalTokens += share.totalTokens
    }
    threshold = index.rankedLists.last(before: rules.ends).map { run in
      index.runs[run].ranked.value(atRank: rules.ends[run] - 1)
    }
    self.all = all
    sources = shares
    entropyOfAll = Self.entropy(shares.map(\.totalTokens))
    entropyOfKept = Self.entropy(shares.map(\.keptTokens))
    meanDifference = all.keptChunks > 0 ? difference / Double(all.keptChunks) : nil
    nonFinite = index.scoredCount - index.rankedCount
    unscored = index.chunkCount - index.scoredCount
  }

  /// Shannon entropy of counts, bits; 0 for no counts.
  static func entropy(_ counts: [Int]) -> Double {
    let total = Double(counts.reduce(0, +))
    guard total > 0 else { return 0 }
    var bits = 0.0
    for count in counts where count > 0 {
      let share = Double(count) / total
      bits -= share * log2(share)
    }
    return bits
  }
}
