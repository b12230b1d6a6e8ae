/// The mean of a sample with its standard error.
struct MeanEstimate: Equatable {
  let count: Int
  let mean: Double
  /// Sample standard deviation over the root of the count; nil for fewer than two values.
  let standardError: Double?

  init(_ values: [Double]) {
    count = values.count
    let mean = values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    self.mean = mean
    guard count > 1 else {
      standardError = nil
      return
    }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    standardError = (squares / Double(count - 1) / Double(count)).squareRoot()
  }
}

/// Student's t distribution.
public enum StudentT {
  /// The 0.975 quantile: half the width of a 95 % interval, in standard errors.
  ///
  /// From a table up to ten degrees of freedom; beyond, by the Cornish-Fisher expansion (Abramowitz
  /// and Stegun 26.7.5), whose error there is below 1e-4.
  public static func quantile975(degreesOfFreedom: Int) -> Double {
    let table = [
      12.7062, 4.30265, 3.18245, 2.77645, 2.57058, 2.44691, 2.36462, 2.30600, 2.26216, 2.22814,
    ]
    if degreesOfFreedom <= table.count { return table[max(1, degreesOfFreedom) - 1] }
    let z = 1.959963984540054
    let z2 = z * z
    let n = Double(degreesOfFreedom)
    let first = z * (z2 + 1) / 4
    let second = z * ((5 * z2 + 16) * z2 + 3) / 96
    let third = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384
    return z + first / n + second / (n * n) + third / (n * n * n)
  }
}
