/// How far two tables of scores of the same chunks agree, in what selection makes of them.
public struct ScoreAgreement: Sendable, Codable, Equatable {
  /// Deviations of one column, nats per token.
  public struct Deviation: Sendable, Codable, Equatable {
    /// Mean of the signed deviations: a shift that all chunks share changes no rank.
    public let shift: Double
    /// Mean of the absolute deviations.
    public let mean: Double
    /// The largest absolute deviation.
    public let maximum: Double
  }

  /// What one ratio makes of the deviations.
  public struct Sides: Sendable, Codable, Equatable {
    /// Share of the chunks that a selection keeps.
    public let ratio: Double
    /// Chunks that one table keeps and the other drops.
    public let changed: Int
    /// `changed` over all chunks.
    public let share: Double
  }

  /// Chunks with a finite score in both tables; everything else here is about them.
  public let chunks: Int
  /// Chunks with a finite score in one table only.
  public let lost: Int
  /// Spearman's correlation of the differences; nil when all differences of a table are equal.
  public let rankCorrelation: Double?
  /// By ratio, in the order asked for.
  public let sides: [Sides]
  public let teacherNLL: Deviation
  public let referenceNLL: Deviation
  public let difference: Deviation
  /// Standard deviation of the expected differences over the chunks: the spread that the deviations
  /// compete with.
  public let spread: Double

  /// - Throws: `DifferenceSamplingError.otherCorpus` if the tables are not of the same chunks, or
  ///   have fewer than two finite ones in common.
  public init(
    of scores: ChunkScores, with expected: ChunkScores, ratios: [Double]
  ) throws(DifferenceSamplingError) {
    guard scores.chunks == expected.chunks else {
      throw .otherCorpus(
        found: "\(scores.count) chunks", expected: "the same \(expected.count) chunks")
    }
    let rows = (0..<scores.count).filter { scores[$0].isFinite && expected[$0].isFinite }
    guard rows.count >= 2 else {
      throw .otherCorpus(found: "\(rows.count) finite scores", expected: "at least 2")
    }
    chunks = rows.count
    lost = (0..<scores.count).count { scores[$0].isFinite != expected[$0].isFinite }
    let found = ChunkScores(rows.map { scores[$0] })
    let wanted = ChunkScores(rows.map { expected[$0] })
    func deviation(_ value: (ChunkScore) -> Float) -> Deviation {
      Deviation(
        rows.map { Double(value(scores[$0])) - Double(value(expected[$0])) })
    }
    teacherNLL = deviation(\.teacherNLL)
    referenceNLL = deviation(\.referenceNLL)
    difference = deviation(\.difference)
    let differences = rows.map { expected[$0].difference }
    rankCorrelation = RankCorrelation.spearman(
      rows.map { scores[$0].difference }, differences)
    let mean = differences.reduce(0) { $0 + Double($1) } / Double(rows.count)
    let squares = differences.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    spread = (squares / Double(rows.count - 1)).squareRoot()
    sides = Self.sides(found, wanted, ratios)
  }

  /// By the rule of `Selection`: the first `ratio` of the chunks by descending difference.
  private static func sides(
    _ found: ChunkScores, _ wanted: ChunkScores, _ ratios: [Double]
  ) -> [Sides] {
    let (found, wanted) = (RankedScores(found), RankedScores(wanted))
    return ratios.map { ratio in
      let kept = Int(ratio * Double(wanted.count))
      let changed = zip(found.rankOfRow, wanted.rankOfRow).count {
        (Int($0) < kept) != (Int($1) < kept)
      }
      return Sides(ratio: ratio, changed: changed, share: Double(changed) / Double(wanted.count))
    }
  }
}

extension ScoreAgreement.Deviation {
  fileprivate init(_ deviations: [Double]) {
    let count = Double(max(1, deviations.count))
    shift = deviations.reduce(0, +) / count
    mean = deviations.reduce(0) { $0 + abs($1) } / count
    maximum = deviations.reduce(0) { max($0, abs($1)) }
  }
}
