import Foundation
import LinearAlgebra

/// A law L(N, D) = E + A / N^alpha + B / D^beta fitted to points of several sizes, in the same way as
/// `ComputeFit`.
public struct SizeFit: Sendable, Equatable {
  public let law: SizeLaw
  /// The sum of Huber losses.
  public let objective: Double
  /// log predicted loss - log measured loss, one a point.
  public let residuals: [Double]

  public static let pointsNeeded = 6
  public static let valuesNeeded = 3

  /// - Throws: `ScalingLawError`; `LinearAlgebraError`.
  public init(_ points: [LossPoint], delta: Double = ComputeFit.usualDelta) throws {
    let problem = try Problem(points, delta: delta)
    try self.init(problem, starts: problem.starts(9, best: 8))
  }

  /// Whether points are of enough sizes and amounts of data for a law of them.
  public static func isPossible(_ points: [LossPoint]) -> Bool {
    points.count >= pointsNeeded && points.allSatisfy { $0.parameters != nil && $0.tokens != nil }
      && Set(points.map(\.parameters)).count >= valuesNeeded
      && Set(points.map(\.tokens)).count >= valuesNeeded
  }

  init(_ problem: Problem, starts: [[Double]]) throws {
    var best: NewtonDescent.Minimum?
    for start in starts {
      let found = try NewtonDescent.run(problem.sum, from: start)
      if best.map({ found.value < $0.value }) ?? true { best = found }
    }
    guard let best else { throw ScalingLawError.tooFewPoints(needed: Self.pointsNeeded, found: 0) }
    let alpha = problem.sizes.exponent(best.parameters[1])
    let beta = problem.data.exponent(best.parameters[3])
    guard alpha > 0 else { throw ScalingLawError.doesNotFall(with: "parameters", exponent: alpha) }
    guard beta > 0 else { throw ScalingLawError.doesNotFall(with: "tokens", exponent: beta) }
    law = SizeLaw(
      logSizeFactor: problem.sizes.logFactor(
        atCentre: best.parameters[0], scaledExponent: best.parameters[1]), sizeExponent: alpha,
      logDataFactor: problem.data.logFactor(
        atCentre: best.parameters[2], scaledExponent: best.parameters[3]), dataExponent: beta,
      floor: exp(best.parameters[4]))
    objective = best.value
    residuals = problem.sum.residuals(best.parameters)
  }
}

extension SizeFit {
  /// The fit's parameters: log A at the centre of the sizes and its scaled exponent, the same of the
  /// data, log E.
  struct Problem {
    let sizes: CentredLogarithm
    let data: CentredLogarithm
    let losses: [Double]
    let sum: LogSumProblem

    init(_ points: [LossPoint], delta: Double) throws(ScalingLawError) {
      guard delta > 0, delta.isFinite else {
        throw .setting(name: "delta", found: "\(delta)", expected: "a number above 0")
      }
      try points.requirePositive()
      guard points.count >= pointsNeeded else {
        throw .tooFewPoints(needed: pointsNeeded, found: points.count)
      }
      sizes = CentredLogarithm(try Self.values(points, "parameters", \.parameters))
      data = CentredLogarithm(try Self.values(points, "tokens", \.tokens))
      losses = points.map(\.loss)
      let count = points.count
      let (u, v) = (sizes.values, data.values)
      sum = LogSumProblem(
        targets: losses.map { log($0) },
        terms: [
          (0..<count).flatMap { [1, -u[$0], 0, 0, 0] },
          (0..<count).flatMap { [0, 0, 1, -v[$0], 0] },
          (0..<count).flatMap { _ in [0, 0, 0, 0, 1] },
        ], parameterCount: 5, huber: Huber(delta: delta))
    }

    private static func values(
      _ points: [LossPoint], _ quantity: String, _ value: (LossPoint) -> Double?
    ) throws(ScalingLawError) -> [Double] {
      var values: [Double] = []
      for (place, point) in points.enumerated() {
        guard let found = value(point) else { throw .lacking(point: place, quantity: quantity) }
        values.append(found)
      }
      let different = Set(values).count
      guard different >= valuesNeeded else {
        throw .tooFewValues(of: quantity, needed: valuesNeeded, found: different)
      }
      return values
    }

    /// The parameters of a law, here.
    func start(at law: SizeLaw) -> [Double] {
      [
        law.logSizeFactor - law.sizeExponent * sizes.mean, law.sizeExponent * sizes.scale,
        law.logDataFactor - law.dataExponent * data.mean, law.dataExponent * data.scale,
        log(max(law.floor, 1e-3 * (losses.min() ?? 1))),
      ]
    }

    /// The best of a grid of `count` x `count` exponents.
    func starts(_ count: Int, best: Int) throws(LinearAlgebraError) -> [[Double]] {
      var starts: [(start: [Double], value: Double)] = []
      for alpha in sizes.exponents(count) {
        for beta in data.exponents(count) {
          let factors = try LinearStart.logFactors(
            [
              sizes.values.map { exp(-alpha * $0) }, data.values.map { exp(-beta * $0) },
              losses.map { _ in 1 },
            ], losses: losses)
          let start = [factors[0], alpha, factors[1], beta, factors[2]]
          starts.append((start, sum.value(start)))
        }
      }
      return starts.sorted { $0.value < $1.value }.prefix(best).map(\.start)
    }
  }
}
