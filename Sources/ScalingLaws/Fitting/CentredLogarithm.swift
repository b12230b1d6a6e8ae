import Foundation

/// log x moved and scaled to mean 0 and deviation 1 over the points, which is what makes the fit of a
/// power of 1e12 as well conditioned as one of 1e22.
struct CentredLogarithm: Sendable {
  let mean: Double
  let scale: Double
  /// One a point.
  let values: [Double]

  init(_ numbers: [Double]) {
    let logarithms = numbers.map { log($0) }
    let mean = logarithms.reduce(0, +) / Double(max(1, logarithms.count))
    let squares = logarithms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(max(1, logarithms.count))).squareRoot()
    let scale = deviation > 0 ? deviation : 1
    self.mean = mean
    self.scale = scale
    values = logarithms.map { ($0 - mean) / scale }
  }

  /// Exponents that starts are made of: from a fall that is hardly seen over the range of the points
  /// to one that is over at once.
  func exponents(_ count: Int) -> [Double] {
    let range = (values.max() ?? 0) - (values.min() ?? 0)
    guard range > 0, count > 1 else { return [1] }
    return (0..<count).map { 0.05 * pow(600, Double($0) / Double(count - 1)) / range }
  }

  /// The exponent of x itself.
  func exponent(_ scaled: Double) -> Double { scaled / scale }

  /// log A of A / x^alpha, from the values at the centre.
  func logFactor(atCentre value: Double, scaledExponent: Double) -> Double {
    value + exponent(scaledExponent) * mean
  }
}
