/// What the present selection keeps and drops.
public struct SelectionSnapshot: Sendable, Equatable, Codable {
  public struct Source: Sendable, Equatable, Codable {
    public var name: String
    public var chunks: Int
    public var keptChunks: Int
    public var tokens: Int
    public var keptTokens: Int
    /// Floor, 0...1; nil = none.
    public var floor: Double?

    public init(
      name: String, chunks: Int, keptChunks: Int, tokens: Int, keptTokens: Int, floor: Double? = nil
    ) {
      self.name = name
      self.chunks = chunks
      self.keptChunks = keptChunks
      self.tokens = tokens
      self.keptTokens = keptTokens
      self.floor = floor
    }

    /// Kept share of the chunks, 0...1.
    public var keepRate: Double { chunks == 0 ? 0 : Double(keptChunks) / Double(chunks) }
  }

  /// Planted damage of one kind, when the corpus is labelled.
  public struct Label: Sendable, Equatable, Codable {
    public var name: String
    public var documents: Int
    public var tokens: Int
    /// Share of those tokens that is dropped, 0...1.
    public var droppedShare: Double

    public init(name: String, documents: Int, tokens: Int, droppedShare: Double) {
      self.name = name
      self.documents = documents
      self.tokens = tokens
      self.droppedShare = droppedShare
    }
  }

  public struct Pin: Sendable, Equatable, Codable {
    public var name: String
    public var ratio: Double
    public var threshold: Double

    public init(name: String, ratio: Double, threshold: Double) {
      self.name = name
      self.ratio = ratio
      self.threshold = threshold
    }
  }

  public var ratio: Double
  /// Of the last kept chunk what `ranking` looks at, nats per token: by the method the difference.
  public var threshold: Double
  public var chunks: Int
  public var keptChunks: Int
  public var tokens: Int
  public var keptTokens: Int
  public var sources: [Source]
  public var labels: [Label]
  /// Entropy of the mixture of sources by tokens, bits: of everything and of what is kept.
  public var entropyBefore: Double
  public var entropyAfter: Double
  /// Mean difference of the kept chunks, nats per token.
  public var keptMean: Double
  public var histogram: HistogramSnapshot
  /// The last kept chunks and the first dropped ones, in the order of the ranking.
  public var border: [ChunkRow]
  /// So many of them are within the rule; the others come after the border.
  public var borderInside = 0
  public var manualKept: Int
  public var manualDropped: Int
  /// Chunks whose mean loss by the teacher is above it are dropped, nats per token; nil = no cap.
  public var teacherCap: Float?
  /// By what chunks are ranked.
  public var ranking: ChunkRanking
  public var pins: [Pin]
  /// What `undo` and `redo` would do; nil = nothing.
  public var undo: String?
  public var redo: String?
  /// Whether every chunk has a score.
  public var complete: Bool

  public init(
    ratio: Double, threshold: Double, chunks: Int, keptChunks: Int, tokens: Int, keptTokens: Int,
    sources: [Source], labels: [Label] = [], entropyBefore: Double, entropyAfter: Double,
    keptMean: Double, histogram: HistogramSnapshot, border: [ChunkRow], manualKept: Int = 0,
    manualDropped: Int = 0, teacherCap: Float? = nil, ranking: ChunkRanking = .difference,
    pins: [Pin] = [], undo: String? = nil, redo: String? = nil, complete: Bool = true
  ) {
    self.ratio = ratio
    self.threshold = threshold
    self.chunks = chunks
    self.keptChunks = keptChunks
    self.tokens = tokens
    self.keptTokens = keptTokens
    self.sources = sources
    self.labels = labels
    self.entropyBefore = entropyBefore
    self.entropyAfter = entropyAfter
    self.keptMean = keptMean
    self.histogram = histogram
    self.border = border
    borderInside = (border.lastIndex { $0.kept == true } ?? -1) + 1
    self.manualKept = manualKept
    self.manualDropped = manualDropped
    self.teacherCap = teacherCap
    self.ranking = ranking
    self.pins = pins
    self.undo = undo
    self.redo = redo
    self.complete = complete
  }
}
