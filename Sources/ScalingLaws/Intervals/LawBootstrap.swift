import Numerics

/// Laws of resamples of the same points: how far a fitted law, and all that follows from it, is known.
public struct LawBootstrap<Law: Sendable>: Sendable {
  /// One a resample that has a law.
  public let laws: [Law]
  /// What was drawn.
  public let unit: Resampling.Unit
  /// Resamples without a law: their losses do not fall, or they are of too few different points.
  public let failures: Int

  /// - Parameters:
  ///   - residuals: of the fit to the points.
  ///   - parameterCount: of the law.
  ///   - name: of the points: two groups with one seed have independent resamples.
  ///   - progress: gets the resamples done; throws to end the work.
  ///   - fit: a resample's law.
  /// - Throws: what `progress` throws; what `fit` throws but for `ScalingLawError`.
  init(
    _ points: [LossPoint], residuals: [Double], parameterCount: Int, resampling: Resampling,
    name: String, progress: (_ done: Int) throws -> Void, fit: ([LossPoint]) throws -> Law
  ) throws {
    var laws: [Law] = []
    var failures = 0
    let root = RandomSource(seed: resampling.seed).split("bootstrap").split(name)
    for number in 0..<max(0, resampling.count) {
      try progress(number)
      var source = root.split("\(number)")
      do {
        laws.append(
          try Self.draw(
            points, residuals: residuals, parameterCount: parameterCount, resampling: resampling,
            from: &source, fit: fit))
      } catch is ScalingLawError {
        failures += 1
      }
    }
    self.laws = laws
    self.failures = failures
    unit = resampling.unit(for: points)
  }

  /// Draws of a resample until it is of enough different points.
  private static var drawsAllowed: Int { 100 }

  private static func draw(
    _ points: [LossPoint], residuals: [Double], parameterCount: Int, resampling: Resampling,
    from source: inout RandomSource, fit: ([LossPoint]) throws -> Law
  ) throws -> Law {
    var last = ScalingLawError.tooFewPoints(needed: 1, found: points.count)
    for _ in 0..<drawsAllowed {
      let sample = resampling.draw(
        points, residuals: residuals, parameterCount: parameterCount, from: &source)
      do {
        return try fit(sample)
      } catch let error as ScalingLawError {
        guard case .tooFewValues = error else { throw error }
        last = error
      }
    }
    throw last
  }

  /// Whether at most one resample in five has no law: of more, those that are left would say too much.
  public var isTrusted: Bool { failures * 4 <= laws.count }

  /// The interval of what a law says; nil where the resamples are not trusted.
  public func interval(of value: (Law) -> Double) -> LawInterval? {
    isTrusted ? LawInterval(laws.map(value)) : nil
  }
}

extension LawBootstrap: Equatable where Law: Equatable {}

extension LawBootstrap<ComputeLaw> {
  /// - Parameters:
  ///   - fit: of the same points.
  ///   - delta: as of the fit.
  /// - Throws: what `progress` throws; `LinearAlgebraError`.
  public init(
    _ fit: ComputeFit, _ points: [LossPoint], delta: Double = ComputeFit.usualDelta,
    resampling: Resampling, name: String = "", progress: (_ done: Int) throws -> Void = { _ in }
  ) throws {
    try self.init(
      points, residuals: fit.residuals, parameterCount: 3, resampling: resampling, name: name,
      progress: progress
    ) { sample in
      let problem = try ComputeFit.Problem(sample, delta: delta)
      // Near the law of the whole, or where the grid is best.
      return try ComputeFit(
        problem, starts: [problem.start(at: fit.law)] + problem.starts(12, best: 3)
      ).law
    }
  }
}

extension LawBootstrap<SizeLaw> {
  /// As of a `ComputeFit`.
  public init(
    _ fit: SizeFit, _ points: [LossPoint], delta: Double = ComputeFit.usualDelta,
    resampling: Resampling, name: String = "", progress: (_ done: Int) throws -> Void = { _ in }
  ) throws {
    try self.init(
      points, residuals: fit.residuals, parameterCount: 5, resampling: resampling, name: name,
      progress: progress
    ) { sample in
      let problem = try SizeFit.Problem(sample, delta: delta)
      return try SizeFit(
        problem, starts: [problem.start(at: fit.law)] + problem.starts(4, best: 2)
      ).law
    }
  }
}
