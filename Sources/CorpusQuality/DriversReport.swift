/// What drives that chunks are kept, over the corpus and by source.
public struct DriversReport: Codable, Sendable, Equatable {
  /// An n-gram that stands out on one side, as `NGramContrast` finds it.
  public struct NGram: Codable, Sendable, Equatable {
    public var text: String
    public var tokens: [Int32]
    public var keptChunks: Int
    public var droppedChunks: Int
    public var logOdds: Double
    public var z: Double

    public init(_ row: NGramContrast.Row, text: String) {
      self.text = text
      tokens = row.tokens
      keptChunks = row.kept
      droppedChunks = row.dropped
      logOdds = row.logOdds
      z = row.z
    }
  }

  /// A token and what it adds to the sum of differences, nats.
  public struct Token: Codable, Sendable, Equatable {
    public var text: String
    public var token: Int32
    public var count: Int
    public var total: Double
    public var mean: Double

    public init(text: String, token: Int32, count: Int, total: Double) {
      self.text = text
      self.token = token
      self.count = count
      self.total = total
      mean = count == 0 ? 0 : total / Double(count)
    }
  }

  public struct Group: Codable, Sendable, Equatable {
    /// The source; "all" for all of them.
    public var source: String
    /// Chunks of the sample, and their tokens.
    public var keptChunks: Int
    public var droppedChunks: Int
    public var keptTokens: Int
    public var droppedTokens: Int
    /// What speaks for being kept, and for being dropped, strongest first.
    public var keeps: [NGram]
    public var drops: [NGram]
    /// Tokens that add most, and take away most; empty where none was scored by itself.
    public var adds: [Token]
    public var takes: [Token]
    /// Tokens that were scored one by one.
    public var scoredTokens: Int

    public init(
      source: String, keptChunks: Int, droppedChunks: Int, keptTokens: Int, droppedTokens: Int,
      keeps: [NGram], drops: [NGram], adds: [Token] = [], takes: [Token] = [],
      scoredTokens: Int = 0
    ) {
      self.source = source
      self.keptChunks = keptChunks
      self.droppedChunks = droppedChunks
      self.keptTokens = keptTokens
      self.droppedTokens = droppedTokens
      self.keeps = keeps
      self.drops = drops
      self.adds = adds
      self.takes = takes
      self.scoredTokens = scoredTokens
    }
  }

  public var seed: UInt64
  /// Chunks that were read, and those of them that were scored token by token.
  public var chunks: Int
  public var scoredChunks: Int
  /// All sources, then each.
  public var groups: [Group]

  public init(seed: UInt64, chunks: Int, scoredChunks: Int, groups: [Group]) {
    self.seed = seed
    self.chunks = chunks
    self.scoredChunks = scoredChunks
    self.groups = groups
  }
}
