/// Reading chunks without knowing what the scores say of them.
public struct ReadingSnapshot: Sendable, Equatable, Codable {
  /// What a reader would do with a chunk.
  public enum Answer: String, Sendable, CaseIterable, Codable { case keep, drop, skip }

  /// How often reader and selection agree, in one tenth of the chunks by difference.
  public struct Decile: Sendable, Equatable, Codable {
    /// 1 = the lowest differences; 0 = the chunks at the border.
    public var number: Int
    /// Differences of the tenth, nats per token.
    public var lower: Double
    public var upper: Double
    /// Chunks that were answered with keep or drop, those that the reader would keep, and those on
    /// which reader and selection agree.
    public var answered: Int
    public var readerKeeps: Int
    public var agreed: Int
    /// 95 % interval of the agreement (Wilson), 0...1; nil without answers.
    public var interval: ClosedRange<Double>?

    public init(
      number: Int, lower: Double, upper: Double, answered: Int, readerKeeps: Int, agreed: Int,
      interval: ClosedRange<Double>?
    ) {
      self.number = number
      self.lower = lower
      self.upper = upper
      self.answered = answered
      self.readerKeeps = readerKeeps
      self.agreed = agreed
      self.interval = interval
    }
  }

  /// The chunk to be read now; nil at the end.
  public var chunk: Int?
  public var source: String
  public var text: String
  /// Chunks that were looked at, of all, and those that were skipped.
  public var done: Int
  public var total: Int
  public var skipped: Int
  /// The border first, then the tenths from the lowest; all of them with the last entry.
  public var deciles: [Decile]
  public var all: Decile
  /// Seed of the order and of the sample.
  public var seed: UInt64

  public init(
    chunk: Int?, source: String, text: String, done: Int, total: Int, skipped: Int,
    deciles: [Decile], all: Decile, seed: UInt64
  ) {
    self.chunk = chunk
    self.source = source
    self.text = text
    self.done = done
    self.total = total
    self.skipped = skipped
    self.deciles = deciles
    self.all = all
    self.seed = seed
  }
}

/// What a reader does.
public enum ReadingOrder: Sendable, Equatable, Codable {
  /// Goes on with the reading of the project, or begins one.
  case begin
  /// Judges a chunk.
  case answer(chunk: Int, ReadingSnapshot.Answer)
  /// Takes the last answer back.
  case takeBack
}
