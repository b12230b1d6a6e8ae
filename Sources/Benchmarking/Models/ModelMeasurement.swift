public import TensorKit

/// One measured model: a line of `bench score` or `bench train`.
public struct ModelMeasurement: Encodable, Sendable {
  /// "score" or "train".
  public var bench: String
  public var shape: String
  /// Trainable values, tied weights counted once.
  public var parameters: Int
  public var precision: Precision
  public var threads: Int
  /// Input tokens of a chunk.
  public var chunkLength: Int
  /// Chunks of a pass, or of an optimiser step.
  public var batch: Int
  /// Whether training kept only each layer's input.
  public var checkpointsBlocks: Bool
  public var repeats: Int
  /// Of the best and of the middle repeat: a pass, or an optimiser step.
  public var seconds: Double
  public var secondsMedian: Double
  /// Input tokens of a pass or a step per second.
  public var tokensPerSecond: Double
  public var tokensPerSecondMedian: Double
  /// Operations that count, for one token: see ``ProductCount``.
  public var productFlopsPerToken: Int
  /// 10^9 of them a second, in the best repeat.
  public var productGigaflops: Double
  /// The best rate of plain products in this run, same precision and threads.
  public var peakGigaflops: Double
  /// productGigaflops / peakGigaflops.
  public var peakShare: Double
  /// What the processor can do with every factor in a register, all threads; nil where it has no
  /// instruction for the precision.
  public var registerPeakGigaflops: Double?
  /// What was planned before anything was allocated.
  public var plannedBytes: Int
  /// The most that was resident while this model was measured.
  public var peakResidentBytes: Int
  /// Mean negative log-likelihood: random weights give about the logarithm of the vocabulary.
  public var loss: Double
  /// Where the time went, when the pool was given a profile.
  public var profile: TimeProfile?
  public var machine: MachineDescription
}

/// What is measured of a model.
public struct ModelWork: Sendable {
  public var precision: Precision
  /// Input tokens of a chunk; a chunk has one token more, its last target.
  public var chunkLength: Int
  /// Chunks of a pass or of an optimiser step.
  public var batch: Int
  /// Whether training keeps only each layer's input and runs layers forward again.
  public var checkpointsBlocks: Bool
  public var policy: RepeatPolicy

  public init(
    precision: Precision = .f32, chunkLength: Int = 1024, batch: Int = 1,
    checkpointsBlocks: Bool = false, policy: RepeatPolicy = RepeatPolicy()
  ) {
    self.precision = precision
    self.chunkLength = chunkLength
    self.batch = batch
    self.checkpointsBlocks = checkpointsBlocks
    self.policy = policy
  }

  func check() throws(BenchmarkError) {
    try BenchmarkError.check([
      ("--chunk-length", chunkLength), ("--batch", batch), ("--repeats", policy.repeats),
    ])
  }
}
