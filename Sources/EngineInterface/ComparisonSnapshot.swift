/// The students on the shared held-out set.
public struct ComparisonSnapshot: Sendable, Equatable, Codable {
  /// Losses of both students by one measure, and their difference.
  public struct Row: Sendable, Equatable, Codable {
    /// A source, or all chunks.
    public var name: String
    public var chunks: Int
    /// Nats per token, but for `bitsPerByte`.
    public var a: Double
    public var b: Double
    /// b - a; negative = B is better.
    public var difference: Double
    /// Half of the 95 % interval, paired by chunk; NaN where it cannot be told.
    public var interval: Double
    /// The 95 % interval over whole documents, whose chunks are not independent; nil where the corpus
    /// names none.
    public var band: Band?
    /// Share of the source's chunks that the selection kept; nil for totals.
    public var keepRate: Double?

    public init(
      name: String, chunks: Int = 0, a: Double, b: Double, difference: Double, interval: Double,
      band: Band? = nil, keepRate: Double? = nil
    ) {
      self.name = name
      self.chunks = chunks
      self.a = a
      self.b = b
      self.difference = difference
      self.interval = interval
      self.band = band
      self.keepRate = keepRate
    }

    /// The interval that the screens show: over documents, else over chunks.
    public var shown: Band { band ?? Band(low: difference - interval, high: difference + interval) }

    /// Whether zero is outside of every interval that there is.
    public var isBeyondChance: Bool {
      abs(difference) > interval && !(band.map { $0.low <= 0 && 0 <= $0.high } ?? false)
    }
  }

  /// Both ends of an interval.
  public struct Band: Sendable, Equatable, Codable {
    public var low: Double
    public var high: Double

    public init(low: Double, high: Double) {
      self.low = low
      self.high = high
    }
  }

  public var names: [String]
  /// Of each source, mean over its chunks.
  public var rows: [Row]
  /// Mean over all chunks, as published: by which the students are judged.
  public var chunkMean: Row
  /// Mean over sources, and over tokens.
  public var macro: Row
  public var total: Row
  /// Over all text, bits per byte; nil where the text's bytes are not known.
  public var bitsPerByte: Row?
  /// What whole units `Row.band` draws, such as "documents"; nil where rows have none.
  public var bandUnit: String?
  public var runs: [RunSnapshot]
  /// Held-out chunks that the curves of `runs` are means of; nil = all.
  public var curveChunks: Int?
  public var labels: [SelectionSnapshot.Label]
  /// What casts doubt on it, a sentence each: waived checks, departures from the method.
  public var remarks: [String]
  /// Where the report was written; nil = not yet.
  public var report: String?
  /// What the scaling law of both students says, a sentence each; empty where none can be fitted.
  public var fit: [String] = []

  public init(
    names: [String], rows: [Row], chunkMean: Row, macro: Row, total: Row, bitsPerByte: Row? = nil,
    bandUnit: String? = nil, runs: [RunSnapshot], curveChunks: Int? = nil,
    labels: [SelectionSnapshot.Label], remarks: [String] = [], report: String? = nil
  ) {
    self.names = names
    self.rows = rows
    self.chunkMean = chunkMean
    self.macro = macro
    self.total = total
    self.bitsPerByte = bitsPerByte
    self.bandUnit = bandUnit
    self.runs = runs
    self.curveChunks = curveChunks
    self.labels = labels
    self.remarks = remarks
    self.report = report
  }
}
