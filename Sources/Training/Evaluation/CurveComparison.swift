/// Loss curves of two runs over the same batches, step by step.
///
/// The batches being the same, most of a step's noise is in both curves and leaves with the
/// difference; a centred moving mean takes away most of the rest.
public struct CurveComparison: Codable, Sendable, Equatable {
  /// Logged steps that both runs have a finite loss for.
  public let steps: Int
  /// Logged steps in the moving mean.
  public let window: Int
  /// Mean of the smoothed curves' absolute differences, nats a token.
  public let meanAbsoluteDifference: Double
  /// The largest of them.
  public let maximumAbsoluteDifference: Double
  /// Mean signed difference B - A over all steps.
  public let meanDifference: Double
  /// Mean loss of A over the last window.
  public let finalA: Double
  /// Mean loss of B over the last window.
  public let finalB: Double

  /// - Parameters:
  ///   - a: losses of the first run by step, as `losses(of:)` reads them.
  ///   - window: logged steps of the moving mean; at the ends of the curves it is cut.
  /// - Throws: `TrainingError.invalidSetting` for a window below 1, `TrainingError.incomparable` for
  ///   runs without a common step.
  public init(
    _ a: [Int: Double], _ b: [Int: Double], window: Int
  ) throws(TrainingError) {
    guard window >= 1 else {
      throw .invalidSetting(field: "window", found: "\(window)", expected: "at least 1")
    }
    let common = a.keys.filter { b[$0] != nil }.sorted()
    guard !common.isEmpty else {
      throw .incomparable(
        found: "a run of \(b.count) losses", expected: "one with steps of the other's \(a.count)")
    }
    let first = common.compactMap { a[$0] }
    let second = common.compactMap { b[$0] }
    let differences = zip(Self.smoothed(first, window), Self.smoothed(second, window)).map {
      $1 - $0
    }
    let count = Double(common.count)
    steps = common.count
    self.window = window
    meanAbsoluteDifference = differences.reduce(0) { $0 + abs($1) } / count
    maximumAbsoluteDifference = differences.reduce(0) { max($0, abs($1)) }
    meanDifference = zip(first, second).reduce(0) { $0 + $1.1 - $1.0 } / count
    finalA = Self.mean(first.suffix(window))
    finalB = Self.mean(second.suffix(window))
  }

  /// The losses of a run by logged step, from its metrics: each is the mean since the last logged
  /// step.
  public static func losses(of records: [MetricsRecord]) -> [Int: Double] {
    var losses: [Int: Double] = [:]
    for case .step(let step) in records { losses[step.step] = step.intervalLoss }
    return losses
  }

  /// The mean of the `window` values around each value, of fewer at the ends.
  static func smoothed(_ values: [Double], _ window: Int) -> [Double] {
    values.indices.map { index in
      let start = max(0, index - (window - 1) / 2)
      let end = min(values.count, index + window / 2 + 1)
      return mean(values[start..<end])
    }
  }

  private static func mean(_ values: ArraySlice<Double>) -> Double {
    values.reduce(0, +) / Double(max(1, values.count))
  }
}
