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
    for seed in 0..<resamples / size {
      var generator = MersenneTwister(key: [UInt32(truncatingIfNeeded: seed)])
      for _ in 0..<size { values.append(resample(logProbabilities, &generator)) }
    }
    return SampleStatistics.deviation(values)
  }

  /// exp(-mean) of as many values as there are, drawn with replacement.
  private static func resample(_ values: [Double], _ generator: inout MersenneTwister) -> Double {
    let count = Double(values.count)
    var sum = 0.0
    values.withUnsafeBufferPointer { values in
      for _ in 0..<values.count { sum += values[Int(generator.nextUnit() * count)] }
    }
    return exp(-sum / count)
  }
}
