import Numerics
public import TensorKit

/// When scores in a narrower precision stand for those in a wider one.
///
/// A probe of some fifty chunks cannot show that one in a hundred changes sides: two chunks are 4 % of
/// it; and the rank correlation of so few is lower than that of many, since only whole ranks change. It
/// does show how large the deviations of the differences are and how densely the differences lie, and
/// both figures for the whole corpus follow from the two: a chunk changes sides if it lies nearer to
/// the border than it deviates, and it changes its rank by the chunks that it passes.
public struct PrecisionRule: Sendable, Equatable {
  /// Least rank correlation of the differences that is to be expected of the corpus.
  public var rankCorrelation = 0.999
  /// Largest share of chunks that may be expected to change sides at the ratio 0.5.
  public var changedSides = 0.01
  /// Fewer chunks with a loss tell nothing.
  public var leastChunks = 24
  /// How much faster the narrower one must be.
  public var leastGain = 1.1
  /// Where the wider one takes no longer for the whole corpus, in seconds, nothing is tried.
  public var worthwhileSeconds = 120.0

  public init() {}
}

/// What the probe says of a precision.
public struct PrecisionVerdict: Codable, Sendable, Equatable {
  public var precision: Precision
  /// Spearman's, with the differences in the precision that it is compared with, as it is to be expected
  /// of the whole corpus; nil where half of these are equal.
  public var rankCorrelation: Double?
  /// Share of all chunks that is expected to change sides at the ratio 0.5; nil as above.
  public var changedSides: Double?
  /// Times as fast.
  public var gain: Double

  /// - Parameters:
  ///   - found: differences of the chunks in `precision`.
  ///   - expected: the same in the wider precision.
  public init(_ precision: Precision, _ found: [Float], expected: [Float], gain: Double) {
    self.precision = precision
    self.gain = gain
    let values = expected.map(Double.init).sorted()
    // The spread of a normal law with the quartiles of the sample.
    let spread = (Self.quantile(0.75, values) - Self.quantile(0.25, values)) / 1.348980
    guard spread > 0 else { return }
    let deviations = zip(found, expected).map { Double($0) - Double($1) }
    // A shift that all chunks share moves the border with them.
    let shift = Self.quantile(0.5, deviations.sorted())
    let count = Double(max(1, deviations.count))
    let mean = deviations.reduce(0) { $0 + abs($1 - shift) } / count
    let square = deviations.reduce(0) { $0 + ($1 - shift) * ($1 - shift) } / count
    // Times the density at the median.
    changedSides = mean / (spread * (2 * Double.pi).squareRoot())
    // 6 E[(deviation times density)^2], for shares of ranks have the variance 1/12; the mean squared
    // density of a normal law is 1 / (2 pi sqrt(3) spread^2).
    rankCorrelation = 1 - 6 * square / (2 * Double.pi * 3.0.squareRoot() * spread * spread)
  }

  /// Of sorted values, with linear interpolation.
  private static func quantile(_ share: Double, _ values: [Double]) -> Double {
    guard let last = values.indices.last else { return 0 }
    let place = share * Double(last)
    let lower = Int(place)
    let upper = min(last, lower + 1)
    return values[lower] + (values[upper] - values[lower]) * (place - Double(lower))
  }

  func isAccurate(by rule: PrecisionRule) -> Bool {
    (rankCorrelation ?? 0) >= rule.rankCorrelation && (changedSides ?? 1) <= rule.changedSides
  }

  var words: String {
    "\(precision.rawValue): rank correlation \(Number.fixed(rankCorrelation, 4)), "
      + "\(Number.percent(changedSides, 2)) of the chunks change sides, "
      + "\(Number.fixed(gain, 1)) times as fast"
  }
}
