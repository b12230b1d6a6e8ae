/// How much less computation one law needs than another for the same loss.
public struct SpeedUp: Codable, Sendable, Equatable {
  /// The computation of the baseline, C.
  public let compute: Double
  /// The baseline's loss there, by its law.
  public let loss: Double
  /// The computation with which the other law reaches it; nil where that law stays above.
  public let reachedWith: Double?
  /// C over that; above 1 the other law is better. Nil where it is not reached.
  public let factor: Double?
  /// The share of the computation, and so of the tokens of a model of one size, that is saved.
  public let saved: Double?
  /// Of `factor`, over resamples of both; 0 stands for a loss that is not reached.
  public let interval: LawInterval?

  /// - Parameters:
  ///   - compute: of the baseline.
  ///   - offline: operations that come on top of the law's, such as scoring a corpus.
  ///   - resampled: of the two laws.
  public init(
    of law: ComputeLaw, over baseline: ComputeLaw, at compute: Double, offline: Double = 0,
    resampled: (law: LawBootstrap<ComputeLaw>, baseline: LawBootstrap<ComputeLaw>)? = nil
  ) {
    func reached(_ law: ComputeLaw, _ baseline: ComputeLaw) -> Double? {
      law.compute(toReach: baseline.loss(at: compute)).map { $0 + offline }
    }
    self.compute = compute
    loss = baseline.loss(at: compute)
    reachedWith = reached(law, baseline)
    factor = reachedWith.map { compute / $0 }
    saved = factor.map { 1 - 1 / $0 }
    interval = resampled.flatMap { both in
      let pairs = zip(both.law.laws, both.baseline.laws)
      guard both.law.isTrusted, both.baseline.isTrusted else { return nil }
      return LawInterval(pairs.map { reached($0, $1).map { compute / $0 } ?? 0 })
    }
  }
}
