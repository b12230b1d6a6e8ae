/// What is pinned, beside what holds now.
public struct PinComparison: Sendable, Equatable, Codable {
  public struct Column: Sendable, Equatable, Codable {
    /// "A", "B", "now".
    public var name: String
    public var price: SelectionPrice
    /// Of the last chunk within the rule what the ranking looks at, nats per token.
    public var threshold: Double
    /// Entropy of the mixture of sources by tokens, bits.
    public var entropy: Double
    /// Share of the chunks that is kept, and the floor (nil = none), by source as in `sources`.
    public var keepRates: [Double]
    public var floors: [Double?]
    /// What leaves the published method, in words.
    public var departures: [String]

    public init(
      name: String, price: SelectionPrice, threshold: Double, entropy: Double,
      keepRates: [Double], floors: [Double?], departures: [String]
    ) {
      self.name = name
      self.price = price
      self.threshold = threshold
      self.entropy = entropy
      self.keepRates = keepRates
      self.floors = floors
      self.departures = departures
    }
  }

  /// Chunks that two columns share.
  public struct Overlap: Sendable, Equatable, Codable {
    public var first: String
    public var second: String
    public var both: Int
    public var onlyFirst: Int
    public var onlySecond: Int

    public init(first: String, second: String, both: Int, onlyFirst: Int, onlySecond: Int) {
      self.first = first
      self.second = second
      self.both = both
      self.onlyFirst = onlyFirst
      self.onlySecond = onlySecond
    }
  }

  public var sources: [String]
  public var columns: [Column]
  public var overlaps: [Overlap]

  public init(sources: [String], columns: [Column], overlaps: [Overlap]) {
    self.sources = sources
    self.columns = columns
    self.overlaps = overlaps
  }
}
