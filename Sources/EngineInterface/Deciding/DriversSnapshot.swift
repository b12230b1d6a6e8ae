/// Which tokens and n-grams drive that chunks are kept, over the corpus and by source.
public struct DriversSnapshot: Sendable, Equatable, Codable {
  /// An n-gram of tokens that stands out on one side.
  public struct NGram: Sendable, Equatable, Codable {
    public var text: String
    /// Tokens of it.
    public var n: Int
    /// How often it is in kept and in dropped chunks of the sample.
    public var kept: Int
    public var dropped: Int
    /// Log odds ratio of kept against dropped, nats, and the same over its standard error.
    public var logOdds: Double
    public var z: Double

    public init(text: String, n: Int, kept: Int, dropped: Int, logOdds: Double, z: Double) {
      self.text = text
      self.n = n
      self.kept = kept
      self.dropped = dropped
      self.logOdds = logOdds
      self.z = z
    }
  }

  /// A token and what it adds to the differences of the chunks that were scored token by token.
  public struct Token: Sendable, Equatable, Codable {
    public var text: String
    public var count: Int
    /// Sum of its differences, nats.
    public var total: Double

    public init(text: String, count: Int, total: Double) {
      self.text = text
      self.count = count
      self.total = total
    }

    public var mean: Double { count == 0 ? 0 : total / Double(count) }
  }

  public struct Group: Sendable, Equatable, Codable {
    /// The source; "" = all of them.
    public var source: String
    /// Chunks of the sample, and tokens of them.
    public var keptChunks: Int
    public var droppedChunks: Int
    public var keptTokens: Int
    public var droppedTokens: Int
    /// Those that speak most for being kept, and for being dropped, strongest first.
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

  public enum State: Sendable, Equatable, Codable {
    case none
    /// What it does, and how much of that is done (0...1).
    case running(what: String, fraction: Double)
    case done
    case failed(String)
  }

  public var state: State
  /// All sources first, then each.
  public var groups: [Group]
  /// The selection that it is of, for example "ratio 0.500".
  public var selection: String
  /// Whether the selection has changed since.
  public var isStale: Bool

  public init(
    state: State = .none, groups: [Group] = [], selection: String = "", isStale: Bool = false
  ) {
    self.state = state
    self.groups = groups
    self.selection = selection
    self.isStale = isStale
  }
}

/// Work on what drives a selection.
public enum DriversOrder: Sendable, Equatable, Codable {
  /// Shows what is known; counts n-grams where nothing is.
  case show
  /// Counts again, for the selection in force.
  case renew
  /// Scores a sample of chunks token by token, with both models.
  case scoreTokens
  /// Ends what runs.
  case stop
}
