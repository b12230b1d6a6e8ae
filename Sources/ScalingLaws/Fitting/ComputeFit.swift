import Foundation
import LinearAlgebra

/// A law L(C) = A / C^alpha + L_inf fitted to points: the least sum of Huber losses in log space that
/// is found from a grid of starts. The same points give the same law.
public struct ComputeFit: Sendable, Equatable {
  public let law: ComputeLaw
  /// The sum of Huber losses.
  public let objective: Double
  /// log predicted loss - log measured loss, one a point.
  public let residuals: [Double]
  /// What of the objective of the best constant the law removes, 0 to 1.
  public let explained: Double

  public static let pointsNeeded = 4
  public static let valuesNeeded = 3
  /// Huber's delta of Hoffmann et al. 2022.
  public static let usualDelta = 1e-3

  /// - Parameter delta: residuals of log loss up to this count by their square, larger ones by their
  ///   size.
  /// - Throws: `ScalingLawError`; `LinearAlgebraError`.
  public init(_ points: [LossPoint], delta: Double = usualDelta) throws {
    let problem = try Problem(points, delta: delta)
    try self.init(problem, starts: problem.starts(Self.gridSize, best: Self.startsTried))
  }

  /// Exponents in the grid of starts, and how many of them are descended from.
  private static let gridSize = 40
  private static let startsTried = 12

  init(_ problem: Problem, starts: [[Double]]) throws {
    var best = try starts.reduce(into: NewtonDescent.Minimum?.none) { best, start in
      let found = try NewtonDescent.run(problem.full, from: start)
      if best.map({ found.value < $0.value }) ?? true { best = found }
    }
    // Where the floor has gone to zero its logarithm has no minimum: the power alone has.
    let straight = try NewtonDescent.run(problem.power, from: problem.straightStart)
    if let full = best, straight.value <= full.value * (1 + 1e-9) || straight.value == 0 {
      best = .init(parameters: straight.parameters + [-.infinity], value: straight.value)
    }
    guard let best else { throw ScalingLawError.tooFewPoints(needed: Self.pointsNeeded, found: 0) }
    let constant = problem.constantValue
    let exponent = problem.logarithm.exponent(best.parameters[1])
    guard exponent > 0, best.value < constant * (1 - 1e-9) else {
      throw ScalingLawError.doesNotFall(with: "computation", exponent: exponent)
    }
    law = ComputeLaw(
      logFactor: problem.logarithm.logFactor(
        atCentre: best.parameters[0], scaledExponent: best.parameters[1]),
      exponent: exponent, floor: exp(best.parameters[2]))
    objective = best.value
    residuals =
      best.parameters[2].isFinite
      ? problem.full.residuals(best.parameters)
      : problem.power.residuals(Array(best.parameters.prefix(2)))
    explained = 1 - best.value / constant
  }
}

extension ComputeFit {
  /// The fit's parameters are log A at the centre of the computations, the scaled exponent, log L_inf.
  struct Problem {
    let logarithm: CentredLogarithm
    let losses: [Double]
    /// The law, and the law without a floor.
    let full: LogSumProblem
    let power: LogSumProblem

    init(_ points: [LossPoint], delta: Double) throws(ScalingLawError) {
      guard delta > 0, delta.isFinite else {
        throw .setting(name: "delta", found: "\(delta)", expected: "a number above 0")
      }
      try points.requirePositive()
      guard points.count >= pointsNeeded else {
        throw .tooFewPoints(needed: pointsNeeded, found: points.count)
      }
      let different = Set(points.map(\.compute)).count
      guard different >= valuesNeeded else {
        throw .tooFewValues(of: "computation", needed: valuesNeeded, found: different)
      }
      let logarithm = CentredLogarithm(points.map(\.compute))
      let targets = points.map { log($0.loss) }
      self.logarithm = logarithm
      losses = points.map(\.loss)
      full = LogSumProblem(
        targets: targets,
        terms: [
          logarithm.values.flatMap { [1, -$0, 0] }, logarithm.values.flatMap { _ in [0, 0, 1] },
        ], parameterCount: 3, huber: Huber(delta: delta))
      power = LogSumProblem(
        targets: targets, terms: [logarithm.values.flatMap { [1, -$0] }], parameterCount: 2,
        huber: Huber(delta: delta))
    }

    /// One start for each exponent of a grid.
    func starts(_ count: Int) throws(LinearAlgebraError) -> [[Double]] {
      var starts: [[Double]] = []
      for exponent in logarithm.exponents(count) {
        let factors = try LinearStart.logFactors(
          [
            logarithm.values.map { exp(-exponent * $0) },
            logarithm.values.map { _ in 1 },
          ], losses: losses)
        starts.append([factors[0], exponent, factors[1]])
      }
      return starts
    }

    /// The starts that are worth a descent: the best of the grid before it begins.
    func starts(_ count: Int, best: Int) throws(LinearAlgebraError) -> [[Double]] {
      let all = try starts(count)
      return all.map { ($0, full.value($0)) }.sorted { $0.1 < $1.1 }.prefix(best).map(\.0)
    }

    /// The parameters of a law, here.
    func start(at law: ComputeLaw) -> [Double] {
      let scaled = law.exponent * logarithm.scale
      let floor = max(law.floor, 1e-3 * (losses.min() ?? 1))
      return [law.logFactor - law.exponent * logarithm.mean, scaled, log(floor)]
    }

    /// A power through the middle of the losses.
    var straightStart: [Double] {
      let logarithms = losses.map { log($0) }
      let mean = logarithms.reduce(0, +) / Double(logarithms.count)
      // The values have mean 0 and deviation 1.
      let slope =
        zip(logarithm.values, logarithms).reduce(0) { $0 + $1.0 * $1.1 } / Double(losses.count)
      return [mean, -slope]
    }

    /// The objective of the best constant: it lies at or beside a measured loss.
    var constantValue: Double {
      let targets = full.targets.sorted()
      var (low, high) = (targets[0], targets[targets.count - 1])
      func slope(_ value: Double) -> Double {
        targets.reduce(0) { $0 + full.huber.at(value - $1).slope }
      }
      for _ in 0..<200 where low < high {
        let middle = low + (high - low) / 2
        if slope(middle) < 0 { low = middle } else { high = middle }
        if middle == low && middle == high { break }
      }
      return targets.reduce(0) { $0 + full.huber.at(high - $1).value }
    }
  }
}
