/// What the corpus holds.
public struct CorpusSnapshot: Sendable, Equatable, Codable {
  public struct Source: Sendable, Equatable, Codable {
    public var name: String
    public var documents: Int
    public var chunks: Int
    public var tokens: Int
    /// Median tokens of a chunk; 0 while it is not known yet.
    public var medianTokens: Int
    /// Shares of the texts (0...1) that equal, or nearly equal, an earlier one; nil = not studied.
    public var duplicateShare: Double?
    public var nearDuplicateShare: Double?
    /// Bytes of text a token stands for; nil = not studied.
    public var bytesPerToken: Double?
    /// Bytes of a text: tenth, half, nine tenths, longest; empty = not studied.
    public var textLengths: [Int] = []
    /// Shares (0...1) of the bytes by script, largest first; empty = not studied.
    public var scripts: [ScriptShare] = []

    public init(name: String, documents: Int, chunks: Int, tokens: Int, medianTokens: Int) {
      self.name = name
      self.documents = documents
      self.chunks = chunks
      self.tokens = tokens
      self.medianTokens = medianTokens
    }
  }

  /// The share of one script, such as "latin", or of another class of characters.
  public struct ScriptShare: Sendable, Equatable, Codable {
    public var name: String
    public var share: Double

    public init(name: String, share: Double) {
      self.name = name
      self.share = share
    }
  }

  /// How far the count of equal texts, lengths and scripts is.
  public enum Study: Sendable, Equatable, Codable {
    case none
    /// What it does, and how much of that is done (0...1).
    case running(what: String, fraction: Double)
    case done
  }

  /// The files that were read.
  public var path: String
  public var sources: [Source]
  public var documents: Int
  public var chunks: Int
  public var tokens: Int
  /// Lines that could not be used; they stand in the reject file.
  public var rejected: Int
  /// Most tokens of a chunk (1025 in the paper).
  public var chunkLength: Int
  /// For example "byte-level BPE, 8,192 tokens".
  public var tokenizer: String
  /// Further facts, one line each: fields used, digests, seed.
  public var facts: [String]
  public var study = Study.none
  /// Shares (0...1) of all texts that equal, or nearly equal, an earlier one; nil = not studied.
  public var duplicateShare: Double?
  public var nearDuplicateShare: Double?

  public init(
    path: String, sources: [Source], documents: Int, chunks: Int, tokens: Int, rejected: Int,
    chunkLength: Int, tokenizer: String, facts: [String] = []
  ) {
    self.path = path
    self.sources = sources
    self.documents = documents
    self.chunks = chunks
    self.tokens = tokens
    self.rejected = rejected
    self.chunkLength = chunkLength
    self.tokenizer = tokenizer
    self.facts = facts
  }
}

/// Which chunks a list shows.
public struct ChunkQuery: Sendable, Equatable, Codable {
  public enum Order: String, Sendable, CaseIterable, Codable {
    /// As in the corpus.
    case corpus
    /// Longest first.
    case tokens
    /// Highest difference first; unscored chunks last.
    case difference
    /// Around the border of the selection, the last kept and the first dropped in the middle.
    case border
  }

  /// Only chunks that it shows; nil = all. Hits come as they are found.
  public var filter: Filter?
  public var order: Order
  /// First row wanted, and how many. Negative offsets count from the border in `.border` order.
  public var offset: Int
  public var count: Int

  public init(
    filter: Filter? = nil, order: Order = .corpus, offset: Int = 0, count: Int = 50
  ) {
    self.filter = filter
    self.order = order
    self.offset = offset
    self.count = count
  }
}

/// One chunk in a list.
public struct ChunkRow: Sendable, Equatable, Codable {
  public var index: Int
  public var source: String
  public var tokens: Int
  /// Difference in nats per token; nil = not scored.
  public var difference: Double?
  /// Whether the selection keeps it; nil = not scored.
  public var kept: Bool?
  /// Whether a person decided that.
  public var manual: Bool
  /// Whether the floor of its source keeps it, and the rule would not.
  public var isFloored = false
  /// Whether the cap on the teacher's loss drops it.
  public var isCapped = false
  /// The labels of planted damage in it, empty when clean or unknown.
  public var label: String
  /// What a person has written about it, one line; "" = nothing.
  public var note = ""
  /// The first some 1,200 characters, line ends as they are.
  public var preview: String

  public init(
    index: Int, source: String, tokens: Int, difference: Double? = nil, kept: Bool? = nil,
    manual: Bool = false, label: String = "", preview: String
  ) {
    self.index = index
    self.source = source
    self.tokens = tokens
    self.difference = difference
    self.kept = kept
    self.manual = manual
    self.label = label
    self.preview = preview
  }
}

/// The answer to `EngineCommand.listChunks`.
public struct ChunkRows: Sendable, Equatable, Codable {
  public var query: ChunkQuery
  public var rows: [ChunkRow]
  /// Chunks that match the query, as far as is known.
  public var total: Int
  /// How far a search for text is; nil without one.
  public var search: SearchState?

  public init(query: ChunkQuery, rows: [ChunkRow], total: Int, search: SearchState? = nil) {
    self.query = query
    self.rows = rows
    self.total = total
    self.search = search
  }
}

/// How far a search through the corpus is.
public struct SearchState: Sendable, Equatable, Codable {
  /// Chunks looked at, of all.
  public var searched: Int
  public var chunks: Int
  public var isDone: Bool

  public init(searched: Int, chunks: Int, isDone: Bool) {
    self.searched = searched
    self.chunks = chunks
    self.isDone = isDone
  }
}
