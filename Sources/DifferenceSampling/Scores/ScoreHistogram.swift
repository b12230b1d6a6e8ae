/// Counts of scores in fine bins of fixed width, grown score by score; any display is a re-binning.
///
/// 16,384 bins of 0.002 nats over -16.384..<16.384, and two counters beyond. An edge lies on 0, so
/// shares of negative scores are exact; quantiles are exact to the width of a bin. Mean, deviation
/// and extremes are those of all scores. A histogram takes 64 KiB however many scores it holds.
public struct ScoreHistogram: Sendable, Equatable {
  /// Width of a fine bin, nats per token.
  public static let fineWidth = 0.002
  static let half = 8192

  /// Scores in the histogram.
  public private(set) var count = 0
  /// NaN and infinite scores, which are in no bin.
  public private(set) var nonFinite = 0
  /// Mean; 0 without scores.
  public private(set) var mean = 0.0
  /// The lowest and the highest score; nil without scores.
  public private(set) var minimum: Double?
  public private(set) var maximum: Double?
  private var squares = 0.0
  private var bins = [UInt32](repeating: 0, count: 2 * half)
  private var belowBins = 0
  private var aboveBins = 0

  public init() {}

  /// Adds a score.
  public mutating func add(_ score: Float) {
    guard score.isFinite else {
      nonFinite += 1
      return
    }
    let value = Double(score)
    count += 1
    // Welford's update keeps the variance exact for scores far from zero.
    let delta = value - mean
    mean += delta / Double(count)
    squares += delta * (value - mean)
    minimum = minimum.map { min($0, value) } ?? value
    maximum = maximum.map { max($0, value) } ?? value
    let bin = (value / Self.fineWidth).rounded(.down) + Double(Self.half)
    if bin < 0 {
      belowBins += 1
    } else if bin >= Double(bins.count) {
      aboveBins += 1
    } else {
      bins[Int(bin)] += 1
    }
  }

  /// Adds the differences of chunks.
  public mutating func add(_ rows: [ChunkScore]) {
    for row in rows { add(row.isFinite ? row.difference : .nan) }
  }

  /// Standard deviation over the scores (divided by their number).
  public var standardDeviation: Double { count == 0 ? 0 : (squares / Double(count)).squareRoot() }

  /// Share of scores below zero, 0...1.
  public var negativeShare: Double {
    guard count > 0 else { return 0 }
    let below = bins[..<Self.half].reduce(belowBins) { $0 + Int($1) }
    return Double(below) / Double(count)
  }

  /// The value below which `share` (0...1) of the scores lie, interpolated inside a fine bin; nil
  /// without scores.
  public func quantile(_ share: Double) -> Double? {
    guard let minimum, let maximum else { return nil }
    if share <= 0 { return minimum }
    if share >= 1 { return maximum }
    let target = share * Double(count)
    var passed = Double(belowBins)
    if target <= passed { return minimum }
    for (bin, amount) in bins.enumerated() where amount > 0 {
      let next = passed + Double(amount)
      if target <= next {
        let value = lowerEdge(bin) + (target - passed) / Double(amount) * Self.fineWidth
        return min(max(value, minimum), maximum)
      }
      passed = next
    }
    return maximum
  }

  /// The histogram in `binCount` bins of equal width, for drawing.
  ///
  /// The range holds all but the outermost `clipped` share on each side, widened so that the lower
  /// end is a multiple of a nice step and every bin holds whole fine bins: no bin is fuller than its
  /// neighbour only because of rounding. Scores outside are in the edge bins and counted.
  public func display(bins binCount: Int, clipped: Double = 0.001) -> Display {
    guard count > 0, binCount > 0, let low = quantile(clipped), let high = quantile(1 - clipped)
    else {
      return Display(lower: 0, upper: 1, counts: Array(repeating: 0, count: max(0, binCount)))
    }
    let step = Self.niceStep(for: (high - low) / 8)
    let start = Int(((low / step).rounded(.down) * step / Self.fineWidth).rounded())
    let end = Int((high / Self.fineWidth).rounded(.up))
    let finePerBin = max(1, (max(1, end - start) + binCount - 1) / binCount)
    return display(fineStart: start, finePerBin: finePerBin, binCount: binCount)
  }

  /// The histogram in the bins of `other`, to overlay one source on all.
  public func display(like other: Display) -> Display {
    let finePerBin = Int((other.binWidth / Self.fineWidth).rounded())
    return display(
      fineStart: Int((other.lower / Self.fineWidth).rounded()), finePerBin: max(1, finePerBin),
      binCount: other.counts.count)
  }

  private func display(fineStart: Int, finePerBin: Int, binCount: Int) -> Display {
    let width = Double(finePerBin) * Self.fineWidth
    let lower = Double(fineStart) * Self.fineWidth
    var display = Display(
      lower: lower, upper: lower + width * Double(binCount),
      counts: Array(repeating: 0, count: binCount))
    guard binCount > 0 else { return display }
    display.below = belowBins
    display.above = aboveBins
    for (bin, amount) in bins.enumerated() where amount > 0 {
      let offset = bin - Self.half - fineStart
      if offset < 0 {
        display.below += Int(amount)
      } else if offset >= finePerBin * binCount {
        display.above += Int(amount)
      } else {
        display.counts[offset / finePerBin] += Int(amount)
      }
    }
    display.counts[0] += display.below
    display.counts[binCount - 1] += display.above
    return display
  }

  private func lowerEdge(_ bin: Int) -> Double { Double(bin - Self.half) * Self.fineWidth }

  /// The smallest of 0.01, 0.02, 0.05, 0.1, ... that is at least `width`.
  static func niceStep(for width: Double) -> Double {
    var scale = 0.01
    while scale < 100 {
      for factor in [1.0, 2, 5] where factor * scale >= width { return factor * scale }
      scale *= 10
    }
    return scale
  }

  /// A histogram as it is drawn.
  public struct Display: Sendable, Equatable {
    /// Left end of the first bin and right end of the last, nats per token.
    public var lower: Double
    public var upper: Double
    /// Scores by bin; the edge bins hold what lies outside, too.
    public var counts: [Int]
    /// Scores outside.
    public var below = 0
    public var above = 0

    public init(lower: Double, upper: Double, counts: [Int]) {
      self.lower = lower
      self.upper = upper
      self.counts = counts
    }

    /// Width of a bin, nats per token.
    public var binWidth: Double {
      counts.isEmpty ? upper - lower : (upper - lower) / Double(counts.count)
    }

    /// About `count` round values inside the range, ascending.
    public func ticks(count: Int) -> [Double] {
      let step = ScoreHistogram.niceStep(for: (upper - lower) / Double(max(1, count)))
      let first = Int((lower / step - 1e-9).rounded(.up))
      let last = Int((upper / step + 1e-9).rounded(.down))
      return first <= last ? (first...last).map { Double($0) * step } : []
    }
  }
}

/// A histogram of everything and one of every source, fed together.
public struct SourceHistograms: Sendable, Equatable {
  /// Over all sources.
  public private(set) var all = ScoreHistogram()
  /// By source number.
  public private(set) var sources: [ScoreHistogram] = []

  public init() {}

  /// Adds the differences of chunks.
  public mutating func add(_ rows: [ChunkScore]) {
    for row in rows { add(row) }
  }

  /// Adds the differences of a table.
  public mutating func add(_ scores: ChunkScores) {
    for row in 0..<scores.count { add(scores[row]) }
  }

  private mutating func add(_ row: ChunkScore) {
    while sources.count <= row.source { sources.append(ScoreHistogram()) }
    let score = row.isFinite ? row.difference : .nan
    all.add(score)
    sources[row.source].add(score)
  }
}
