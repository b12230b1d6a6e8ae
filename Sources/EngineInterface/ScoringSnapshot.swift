/// Counts of scores in bins of equal width.
public struct HistogramSnapshot: Sendable, Equatable, Codable {
  /// Left end of the first bin and right end of the last, nats per token.
  public var lower: Double
  public var upper: Double
  public var counts: [Int]
  /// Scores outside; they are counted in the edge bins too.
  public var below: Int
  public var above: Int

  public init(lower: Double, upper: Double, counts: [Int], below: Int = 0, above: Int = 0) {
    self.lower = lower
    self.upper = upper
    self.counts = counts
    self.below = below
    self.above = above
  }
}

/// Chunks in a grid by their mean log p, nats per token: of the reference across, of the teacher up.
public struct DensitySnapshot: Sendable, Equatable, Codable {
  /// Left end of the first column, and lower end of the first row.
  public var left: Double
  public var bottom: Double
  /// Width and height of a cell.
  public var cell: Double
  public var columns: Int
  public var rows: Int
  /// Row by row from below; edges hold what lies outside, too.
  @Packed public var counts: [UInt32]

  public init(
    left: Double, bottom: Double, cell: Double, columns: Int, rows: Int, counts: [UInt32]
  ) {
    self.left = left
    self.bottom = bottom
    self.cell = cell
    self.columns = columns
    self.rows = rows
    self.counts = counts
  }
}

/// The scores so far.
public struct ScoringSnapshot: Sendable, Equatable, Codable {
  public struct Row: Sendable, Equatable, Codable {
    public var index: Int
    public var source: String
    public var tokens: Int
    /// Mean log p of the teacher and of the reference, nats per token.
    public var teacherLogProbability: Double
    public var referenceLogProbability: Double
    /// The teacher's - the reference's.
    public var difference: Double

    public init(
      index: Int, source: String, tokens: Int, teacherLogProbability: Double,
      referenceLogProbability: Double, difference: Double
    ) {
      self.index = index
      self.source = source
      self.tokens = tokens
      self.teacherLogProbability = teacherLogProbability
      self.referenceLogProbability = referenceLogProbability
      self.difference = difference
    }
  }

  public struct Source: Sendable, Equatable, Codable {
    public var name: String
    public var count: Int
    public var median: Double
    /// Quartiles.
    public var lower: Double
    public var upper: Double
    /// In the bins of the histogram of all.
    @Packed public var counts: [Int32]

    public init(
      name: String, count: Int, median: Double, lower: Double, upper: Double, counts: [Int32] = []
    ) {
      self.counts = counts
      self.name = name
      self.count = count
      self.median = median
      self.lower = lower
      self.upper = upper
    }
  }

  public var done: Int
  public var total: Int
  public var histogram: HistogramSnapshot
  public var mean: Double
  public var median: Double
  public var deviation: Double
  public var minimum: Double
  public var maximum: Double
  /// Share of differences below zero, 0...1.
  public var negativeShare: Double
  /// Scores that were NaN or infinite and are kept out.
  public var nonFinite: Int
  public var ratio: Double
  /// Difference at the border of the ratio, and half the width of its 95 % band (DKW), nil when all
  /// chunks are scored.
  public var threshold: Double
  public var thresholdBand: Double?
  /// Tokens per second, newest last, at most 120.
  public var teacherSpeed: [Double]
  public var referenceSpeed: [Double]
  public var elapsed: Double
  public var eta: Double?
  /// Blocks of scores that are safe on disk, and all.
  public var blocksDone: Int
  public var blocks: Int
  /// The newest scores, newest first, at most 20.
  public var latest: [Row]
  public var sources: [Source]
  /// Chunks by what both models say of them; nil before the first score.
  public var density: DensitySnapshot?
  /// Sources that lie apart from the rest, a sentence each.
  public var remarks: [String] = []

  public init(
    done: Int, total: Int, histogram: HistogramSnapshot, mean: Double, median: Double,
    deviation: Double, minimum: Double, maximum: Double, negativeShare: Double, nonFinite: Int,
    ratio: Double, threshold: Double, thresholdBand: Double?, teacherSpeed: [Double],
    referenceSpeed: [Double], elapsed: Double, eta: Double?, blocksDone: Int, blocks: Int,
    latest: [Row], sources: [Source]
  ) {
    self.done = done
    self.total = total
    self.histogram = histogram
    self.mean = mean
    self.median = median
    self.deviation = deviation
    self.minimum = minimum
    self.maximum = maximum
    self.negativeShare = negativeShare
    self.nonFinite = nonFinite
    self.ratio = ratio
    self.threshold = threshold
    self.thresholdBand = thresholdBand
    self.teacherSpeed = teacherSpeed
    self.referenceSpeed = referenceSpeed
    self.elapsed = elapsed
    self.eta = eta
    self.blocksDone = blocksDone
    self.blocks = blocks
    self.latest = latest
    self.sources = sources
  }
}
