import Foundation
import Numerics

/// The harness' bootstrap of a perplexity's standard error (`bootstrap_stderr` of `api/metrics.py`),
/// number by number: Python's generator with the seeds 0, 1, ..., a thousand resamples each.
public enum PerplexityBootstrap {
  /// Resamples that the harness takes unless told otherwise.
  public static let usual = 100_000
  private static let block = 1000

  /// Standard deviation of exp(-mean) over resamples of `logProbabilities`; nil of fewer than two, or
  /// if fewer than two resamples are asked for. Whole blocks of a thousand are drawn.
  public static func standardError(_ logProbabilities: [Double], resamples: Int) -> Double? {
    guard logProbabilities.count > 1, resamples > 1 else { return nil }
    let size = min(block, resamples)
    var values: [Double] = []
    values.reserveCapacity(resamples)
    let units = UnsafeMutableBufferPointer<Double>.allocate(capacity: logProbabilities.count)
    defer { units.deallocate() }
    for seed in 0..<resamples / size {
      var generator = MersenneTwister(key: [UInt32(truncatingIfNeeded: seed)])
      for _ in 0..<size {
        generator.fill(units: units)
        values.append(resample(logProbabilities, at: units))
      }
    }
    return SampleStatistics.deviation(values)
  }

  /// exp(-mean) of as many values as there are, drawn with replacement at shares of their number.
  private static func resample(
    _ values: [Double], at units: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    let count = Double(values.count)
    var sum = 0.0
    values.withUnsafeBufferPointer { values in
      for unit in units { sum += values[Int(unit * count)] }
    }
    return exp(-sum / count)
  }
}
