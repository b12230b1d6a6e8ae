import Training

/// A mean over seeds with its 95 % interval by Student's t.
public struct SeedEstimate: Codable, Sendable, Equatable {
  public let seeds: Int
  public let mean: Double
  /// Half the width of the interval; nil for one seed, which tells nothing of others.
  public let halfWidth: Double?

  /// - Parameter values: one of each seed; at least one.
  package init(_ values: [Double]) {
    seeds = values.count
    let count = Double(max(1, values.count))
    let mean = values.reduce(0, +) / count
    self.mean = mean
    guard values.count > 1 else {
      halfWidth = nil
      return
    }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    halfWidth =
      (squares / (count - 1) / count).squareRoot()
      * StudentT.quantile975(degreesOfFreedom: values.count - 1)
  }

  /// Whether the interval excludes zero.
  package var isTold: Bool { halfWidth.map { abs(mean) > $0 } ?? false }
}
