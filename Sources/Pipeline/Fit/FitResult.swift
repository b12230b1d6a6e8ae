import Foundation
import Numerics
public import ScalingLaws

/// What `Fit` came to.
public struct FitResult: Codable, Sendable, Equatable {
  /// One a group, in the order given.
  public let fits: [FittedLaw]
  /// Every group but the baseline against it, at each computation asked for and at the largest that
  /// the baseline was measured with.
  public let speedups: [ComparedLaw]

  init(_ groups: [FittedGroup], _ settings: Fit.Settings) {
    fits = groups.map { FittedLaw($0, settings) }
    guard let baseline = groups.first(where: { $0.name == settings.baseline }) else {
      speedups = []
      return
    }
    let largest = baseline.points.map(\.compute).max() ?? 0
    let computes = [largest] + settings.computes.filter { $0 != largest }
    speedups = groups.filter { $0.name != baseline.name }.flatMap { group in
      computes.map { compute in
        ComparedLaw(
          of: group.name, over: baseline.name, offline: settings.offline,
          speedup: SpeedUp(
            of: group.fit.law, over: baseline.fit.law, at: compute, offline: settings.offline,
            resampled: (law: group.laws, baseline: baseline.laws)))
      }
    }
  }
}

/// One law against another.
public struct ComparedLaw: Codable, Sendable, Equatable {
  public let of: String
  public let over: String
  /// Operations beside the training that `reachedWith` holds.
  public let offline: Double
  public let speedup: SpeedUp
}

/// One group's law with its intervals. Names are those of the paper.
public struct FittedLaw: Codable, Sendable, Equatable {
  public struct Intervals: Codable, Sendable, Equatable {
    public let A: LawInterval?
    public let alpha: LawInterval?
    public let L_inf: LawInterval?
  }

  /// How intervals were drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    public let unit: Resampling.Unit
    public let count: Int
    /// Resamples without a law.
    public let failures: Int
    public let seed: UInt64
  }

  /// The law at a computation.
  public struct Extrapolation: Codable, Sendable, Equatable {
    public let compute: Double
    public let loss: Double
    public let interval: LawInterval?
  }

  /// The computation for a loss; nil where none reaches it.
  public struct Reach: Codable, Sendable, Equatable {
    public let loss: Double
    public let compute: Double?
    public let interval: LawInterval?
  }

  public let name: String
  /// How many points, and of how many runs.
  public let points: Int
  public let runs: Int
  /// The smallest and the largest computation among them.
  public let computeRange: [Double]
  /// Nil where it is too large for a double; `logA` is not.
  public let A: Double?
  public let alpha: Double
  public let L_inf: Double
  /// Natural logarithm of A.
  public let logA: Double
  public let intervals: Intervals?
  public let bootstrap: Drawn?
  /// The sum of Huber losses, and their delta.
  public let objective: Double
  public let delta: Double
  /// What of the best constant's objective the law removes, 0 to 1.
  public let explained: Double
  /// The largest deviation of log loss from the law.
  public let largestResidual: Double
  public let extrapolations: [Extrapolation]
  public let reach: [Reach]
  /// L(N, D), where points are of several sizes and amounts of data.
  public let sizes: FittedSizes?
  /// What a person should know of the fit.
  public let warnings: [String]

  init(_ group: FittedGroup, _ settings: Fit.Settings) {
    let (law, laws) = (group.fit.law, group.laws)
    let computes = group.points.map(\.compute)
    name = group.name
    points = group.points.count
    runs = Set(group.points.map(\.run)).count
    computeRange = [computes.min() ?? 0, computes.max() ?? 0]
    A = law.factor.isFinite ? law.factor : nil
    alpha = law.exponent
    L_inf = law.floor
    logA = law.logFactor
    let isDrawn = settings.resampling.count > 0
    intervals =
      isDrawn
      ? Intervals(
        A: laws.interval(of: \.factor), alpha: laws.interval(of: \.exponent),
        L_inf: laws.interval(of: \.floor)) : nil
    bootstrap =
      isDrawn
      ? Drawn(
        unit: laws.unit, count: settings.resampling.count, failures: laws.failures,
        seed: settings.resampling.seed) : nil
    objective = group.fit.objective
    delta = settings.delta
    explained = group.fit.explained
    largestResidual = group.fit.residuals.reduce(0) { max($0, $1.magnitude) }
    extrapolations = settings.computes.map { compute in
      Extrapolation(
        compute: compute, loss: law.loss(at: compute),
        interval: laws.interval { $0.loss(at: compute) })
    }
    reach = settings.losses.map { loss in
      Reach(
        loss: loss, compute: law.compute(toReach: loss),
        interval: laws.interval { $0.compute(toReach: loss) ?? .infinity })
    }
    sizes = group.sizes.map { FittedSizes($0.fit, $0.laws, computes: settings.computes, isDrawn) }
    warnings = FitWarnings.of(group, settings)
  }
}

/// A law of size and data with its intervals.
public struct FittedSizes: Codable, Sendable, Equatable {
  public struct Intervals: Codable, Sendable, Equatable {
    public let A: LawInterval?
    public let alpha: LawInterval?
    public let B: LawInterval?
    public let beta: LawInterval?
    public let E: LawInterval?
  }

  /// The size with the least loss at C = 6 N D.
  public struct Best: Codable, Sendable, Equatable {
    public let compute: Double
    public let parameters: Double
    public let tokens: Double
    public let loss: Double
  }

  /// Nil where it is too large for a double, as is B.
  public let A: Double?
  public let alpha: Double
  public let B: Double?
  public let beta: Double
  public let E: Double
  public let intervals: Intervals?
  public let failures: Int
  public let objective: Double
  public let best: [Best]

  init(_ fit: SizeFit, _ laws: LawBootstrap<SizeLaw>, computes: [Double], _ isDrawn: Bool) {
    let law = fit.law
    A = law.sizeFactor.isFinite ? law.sizeFactor : nil
    alpha = law.sizeExponent
    B = law.dataFactor.isFinite ? law.dataFactor : nil
    beta = law.dataExponent
    E = law.floor
    intervals =
      isDrawn
      ? Intervals(
        A: laws.interval(of: \.sizeFactor), alpha: laws.interval(of: \.sizeExponent),
        B: laws.interval(of: \.dataFactor), beta: laws.interval(of: \.dataExponent),
        E: laws.interval(of: \.floor)) : nil
    failures = laws.failures
    objective = fit.objective
    best = computes.map { compute in
      let parameters = law.bestParameters(compute: compute)
      let tokens = compute / 6 / parameters
      return Best(
        compute: compute, parameters: parameters, tokens: tokens,
        loss: law.loss(parameters: parameters, tokens: tokens))
    }
  }
}
