public import EngineInterface

/// What the documents list asks for, and how far the answer is.
public struct CorpusOptions: Equatable, Sendable {
  public var source: String?
  public var text: String?
  public var order: ChunkQuery.Order = .corpus
  /// The query that was sent last.
  public var sent: ChunkQuery?
  /// Scores or the selection changed since the rows came.
  public var isStale = false

  public init() {}
}

/// How histograms are drawn.
public struct HistogramOptions: Hashable, Sendable {
  /// Most bins drawn; the engine's own number is the upper end.
  public var bins = 64
  public var isLogarithmic = false

  public static let binChoices = [16, 32, 64, 128]

  public init() {}
}

/// The selection as the person has just asked for it.
public struct SelectOptions: Hashable, Sendable {
  /// Sent to the engine, whose picture has not followed yet.
  public var requestedRatio: Double?
  /// Clock at the last request: an engine that answers with another ratio has the last word.
  public var requestedAt = 0.0
  /// The next `A` or `B` sets the pin instead of going to it.
  public var isPinning = false
  /// Whether the selected row still stays at the border by itself.
  public var followsBorder = true

  public init() {}
}

/// What the Document screen shows.
public struct DocumentOptions: Hashable, Sendable {
  public enum Colour: String, CaseIterable, Hashable, Sendable {
    case difference, teacher, reference, plain
  }

  /// The chunk that is wanted; the engine's picture may still be of another one.
  public var index: Int?
  /// The list whose next and previous rows `h` and `l` open.
  public var origin: Pane = .documents
  public var colour: Colour = .difference
  /// Tokens by absolute difference, or else in the order of the text.
  public var sortsTokens = true

  public init() {}
}

/// How the curves of the Train screen are drawn.
public struct TrainOptions: Hashable, Sendable {
  public enum Axis: String, CaseIterable, Hashable, Sendable {
    case tokens, step
  }

  public static let smoothings = [0.0, 0.6, 0.9, 0.98]

  /// Weight of the past in the moving average, 0 = off.
  public var smoothing = 0.0
  public var axis: Axis = .tokens
  public var isLogarithmic = false
  /// The loss of the training batches, each run on its own data, in place of the held-out loss.
  public var showsTrainLoss = false
  /// The newest share of the curve is drawn: 1, 1/2, 1/4...
  public var zoom = 0

  public init() {}
}

/// How the table of the Compare screen is drawn.
public struct CompareOptions: Hashable, Sendable {
  public enum Order: String, CaseIterable, Hashable, Sendable {
    case table, difference, name
  }

  public var order: Order = .table
  public var showsPerplexity = false
  /// Difference as a share of A's value.
  public var isRelative = false

  public init() {}
}
