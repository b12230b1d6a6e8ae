public import DifferenceSampling

/// How far two tables of scores agree on what to keep: those of two references, or of a reference and of
/// a student itself (MiniPLM, "Agreement of p_ref with a student's own log p/q").
public struct ReferenceAgreement: Codable, Sendable, Equatable {
  /// Chunks with a finite score in both.
  public var chunks: Int
  /// Correlation of the differences; nil where all of a table are equal.
  public var pearson: Double?
  /// Of their ranks.
  public var spearman: Double?
  /// By ratio.
  public var selections: [SelectionAgreement]

  /// What a ratio makes of both.
  public struct SelectionAgreement: Codable, Sendable, Equatable {
    public var ratio: Double
    /// Chunks that each keeps.
    public var kept: Int
    /// Chunks that both keep.
    public var keptByBoth: Int
    /// Share of the chunks that both keep or both drop.
    public var samplingAccuracy: Double
    /// Share of the kept chunks that both keep; nil where nothing is kept.
    public var keptShare: Double?
  }

  /// - Throws: `CorpusQualityError.fewInCommon`.
  public init(
    _ first: ChunkScores, _ second: ChunkScores, ratios: [Double]
  ) throws(CorpusQualityError) {
    let (a, b) = Self.common(first, second)
    let count = a.count
    guard count >= 2 else { throw .fewInCommon(found: count, expected: 2) }
    chunks = count
    let differences = [a, b].map { table in (0..<count).map { table[$0].difference } }
    pearson = Self.pearson(differences[0], differences[1])
    spearman = RankCorrelation.spearman(differences[0], differences[1])
    let ranks = [a, b].map { SelectionIndex(scores: $0, sourceNames: []) }
    selections = ratios.map { ratio in
      // As `Selection` counts: whole chunks, rounded down.
      let kept = Int(ratio * Double(count))
      let both = a.chunks.count { chunk in
        ranks.allSatisfy { ($0.rank(ofChunk: Int(chunk)) ?? .max) < kept }
      }
      return SelectionAgreement(
        ratio: ratio, kept: kept, keptByBoth: both,
        samplingAccuracy: Double(count - 2 * (kept - both)) / Double(count),
        keptShare: kept > 0 ? Double(both) / Double(kept) : nil)
    }
  }

  /// The rows that both tables have with a finite score, by columns as they are: 26 bytes a chunk.
  private static func common(
    _ first: ChunkScores, _ second: ChunkScores
  ) -> (ChunkScores, ChunkScores) {
    if first.chunks == second.chunks,
      (0..<first.count).allSatisfy({ first[$0].isFinite && second[$0].isFinite })
    {
      return (first, second)
    }
    let size = min(first.count, second.count)
    var common = (ChunkScores(capacity: size), ChunkScores(capacity: size))
    var other = 0
    for row in 0..<first.count {
      while other < second.count, second.chunks[other] < first.chunks[row] { other += 1 }
      guard other < second.count, second.chunks[other] == first.chunks[row] else { continue }
      let pair = (first[row], second[other])
      if pair.0.isFinite, pair.1.isFinite {
        common.0.append(pair.0)
        common.1.append(pair.1)
      }
    }
    return common
  }

  /// Pearson's correlation; nil where all values of one are equal.
  static func pearson(_ a: [Float], _ b: [Float]) -> Double? {
    let count = Double(a.count)
    let meanA = a.reduce(0) { $0 + Double($1) } / count
    let meanB = b.reduce(0) { $0 + Double($1) } / count
    var (products, squaresA, squaresB) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      let (first, second) = (Double(x) - meanA, Double(y) - meanB)
      products += first * second
      squaresA += first * first
      squaresB += second * second
    }
    guard squaresA > 0, squaresB > 0 else { return nil }
    return products / (squaresA * squaresB).squareRoot()
  }
}
