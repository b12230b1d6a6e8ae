/// The batch of a step of a training run.
public struct BatchSnapshot: Codable, Sendable, Equatable {
  public enum State: Codable, Sendable, Equatable {
    case reading
    /// Chunks are there; the losses of the run's own model are being computed.
    case computing
    case ready
    /// Why there is no more.
    case failed(String)
  }

  public struct Chunk: Codable, Sendable, Equatable {
    /// Number in the shards of the run: what a fork drops.
    public var number: Int
    /// Number in the scored corpus: what the Chunk screen opens; nil where it is of another corpus.
    public var scored: Int?
    public var source: String
    public var tokens: Int
    /// Documents with a part in it, and where the first one came from.
    public var documents: Int
    public var place: String
    /// Nats a counted token.
    public var difference: Double?
    public var teacherLoss: Double?
    public var referenceLoss: Double?
    /// Of the run's own model; NaN where it is not finite, nil while it is not known.
    public var loss: Double?

    public init(
      number: Int, scored: Int? = nil, source: String, tokens: Int, documents: Int = 0,
      place: String = "", difference: Double? = nil, teacherLoss: Double? = nil,
      referenceLoss: Double? = nil, loss: Double? = nil
    ) {
      self.number = number
      self.scored = scored
      self.source = source
      self.tokens = tokens
      self.documents = documents
      self.place = place
      self.difference = difference
      self.teacherLoss = teacherLoss
      self.referenceLoss = referenceLoss
      self.loss = loss
    }
  }

  /// Name of the run, and the step, from 1.
  public var run: String
  public var step: Int
  public var state: State
  /// Steps of the checkpoint that the losses are of.
  public var checkpoint: Int?
  /// Of the batch, as logged.
  public var loss: Double?
  public var lossZScore: Double?
  /// Whether it was not trained on.
  public var leftOut: Bool
  /// With losses the highest first.
  public var chunks: [Chunk]

  public init(
    run: String, step: Int, state: State, checkpoint: Int? = nil, loss: Double? = nil,
    lossZScore: Double? = nil, leftOut: Bool = false, chunks: [Chunk] = []
  ) {
    self.run = run
    self.step = step
    self.state = state
    self.checkpoint = checkpoint
    self.loss = loss
    self.lossZScore = lossZScore
    self.leftOut = leftOut
    self.chunks = chunks
  }
}

/// Where a run branches off another.
public struct ForkNote: Codable, Sendable, Equatable {
  /// Name of the other run.
  public var parent: String
  /// Steps of the other run that it begins behind.
  public var step: Int
  /// Chunks that it leaves out.
  public var dropped: Int

  public init(parent: String, step: Int, dropped: Int) {
    self.parent = parent
    self.step = step
    self.dropped = dropped
  }
}
