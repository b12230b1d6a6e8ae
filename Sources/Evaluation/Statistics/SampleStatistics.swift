import Foundation

/// Means and their errors, summed in the order of the items as the harness sums them.
public enum SampleStatistics {
  /// Mean; nil of nothing.
  public static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// Standard deviation with n - 1 below; nil of fewer than two values.
  public static func deviation(_ values: [Double]) -> Double? {
    guard values.count > 1, let mean = mean(values) else { return nil }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  /// Standard error of the mean; nil of fewer than two values.
  public static func standardError(_ values: [Double]) -> Double? {
    deviation(values).map { $0 / Double(values.count).squareRoot() }
  }
}
