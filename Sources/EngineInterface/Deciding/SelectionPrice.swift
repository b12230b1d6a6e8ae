/// What the selection in force gives and costs: documents, tokens, difference given up, training.
public struct SelectionPrice: Sendable, Equatable, Codable {
  /// Something beside the published method, and what it costs: against the choice without it of as
  /// many chunks.
  public struct Part: Sendable, Equatable, Codable {
    /// For example "floor of dictionary 60 %".
    public var name: String
    /// Chunks that are kept for it, and those that are dropped in their place.
    public var chunksIn: Int
    public var chunksOut: Int
    /// Change of the mean difference of what is kept, nats per token; nil while nothing is kept.
    public var meanChange: Double?

    public init(name: String, chunksIn: Int, chunksOut: Int, meanChange: Double?) {
      self.name = name
      self.chunksIn = chunksIn
      self.chunksOut = chunksOut
      self.meanChange = meanChange
    }
  }

  /// The selection that it is of: a price that comes late is told from one that holds.
  public var ratio: Double
  public var chunks: Int
  public var tokens: Int
  /// Documents of which some of the kept tokens are; nil = not counted.
  public var documents: Int?
  /// Mean difference of the kept chunks, and of the pure choice of as many, nats per token; nil =
  /// nothing is kept.
  public var mean: Double?
  public var pureMean: Double?
  public var parts: [Part]
  /// Of one student on the result; nil while its shape is not known.
  public var training: TrainingPrice?

  public init(
    ratio: Double, chunks: Int, tokens: Int, documents: Int? = nil, mean: Double? = nil,
    pureMean: Double? = nil, parts: [Part] = [], training: TrainingPrice? = nil
  ) {
    self.ratio = ratio
    self.chunks = chunks
    self.tokens = tokens
    self.documents = documents
    self.mean = mean
    self.pureMean = pureMean
    self.parts = parts
    self.training = training
  }

  /// The mean difference that is given up against the pure choice of as many, nats per token: 0 or
  /// below.
  public var meanChange: Double? {
    guard let mean, let pureMean else { return nil }
    return mean - pureMean
  }
}

/// What the training of one student takes.
public struct TrainingPrice: Sendable, Equatable, Codable {
  public var steps: Int
  public var epochs: Double
  /// Input tokens that are read in all epochs.
  public var tokens: Double
  /// Floating-point operations, its teacher's among them where it has one.
  public var operations: Double
  /// Seconds of work; nil while no speed is known.
  public var seconds: Double?
  /// Where the speed is from, for example "student B of 0001-r0.50"; "" without one.
  public var speed: String

  public init(
    steps: Int, epochs: Double, tokens: Double, operations: Double, seconds: Double? = nil,
    speed: String = ""
  ) {
    self.steps = steps
    self.epochs = epochs
    self.tokens = tokens
    self.operations = operations
    self.seconds = seconds
    self.speed = speed
  }
}

/// What a student may take at most, as a person says it.
public enum TrainingAmount: Sendable, Equatable, Hashable, Codable {
  /// Input tokens in all epochs.
  case tokens(Double)
  case seconds(Double)
  /// Floating-point operations.
  case operations(Double)
}

/// The selection that a budget comes to.
public struct BudgetPlan: Sendable, Equatable, Codable {
  public var ratio: Double
  /// Of the last kept chunk, as `SelectionSnapshot.threshold`.
  public var threshold: Double
  public var chunks: Int
  public var tokens: Int
  public var mean: Double?
  public var training: TrainingPrice
  /// What a person should know of it, such as that all chunks are less than the budget; "" = nothing.
  public var note: String

  public init(
    ratio: Double, threshold: Double, chunks: Int, tokens: Int, mean: Double?,
    training: TrainingPrice, note: String = ""
  ) {
    self.ratio = ratio
    self.threshold = threshold
    self.chunks = chunks
    self.tokens = tokens
    self.mean = mean
    self.training = training
    self.note = note
  }
}
