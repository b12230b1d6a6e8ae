public import LanguageModels
public import TensorKit

/// Which parameters AdamW decays.
public enum DecayPolicy: String, Codable, Sendable, CaseIterable {
  /// Every parameter, as MiniPLM does (one parameter group).
  case all
  /// Weight matrices only: no biases, norms, nor Mamba's `A_log` and `D`.
  case matricesOnly
}

/// How per-token losses become the loss of a step.
public enum LossMean: String, Codable, Sendable, CaseIterable {
  /// Mean over chunks of each chunk's mean, as MiniPLM does: short chunks weigh as much as long ones.
  case perChunk
  /// Mean over all counted tokens of the step.
  case perToken
}

/// In which order chunks are read.
public enum ChunkOrder: String, Codable, Sendable, CaseIterable {
  /// As they stand in the shards, the same in every epoch (MiniPLM's `--no-shuffle`).
  case sequential
  /// A new order in every epoch, a function of the seed.
  case shuffled
}

/// The shape of the learning-rate schedule; its numbers stand in `TrainingConfiguration`.
public enum ScheduleKind: String, Codable, Sendable, CaseIterable {
  case cosine
  case constant
}

/// Everything that decides how a student is trained, apart from its weights and its data.
///
/// Equal configurations, initial weights and data give bit-equal runs, stopped and resumed or not.
public struct TrainingConfiguration: Codable, Sendable, Equatable {
  /// Optimiser steps of the whole run; also the length of the schedule.
  public var steps: Int
  /// Chunks of one forward and backward pass: what decides memory.
  public var chunksPerMicroBatch: Int
  /// Chunks of one optimiser step (the global batch).
  public var chunksPerStep: Int
  /// Most tokens taken of a chunk; a chunk of n tokens has n - 1 inputs and n - 1 labels.
  public var chunkTokens: Int
  /// A position whose input is this token is not counted (MiniPLM masks the padding token, which is
  /// the end-of-sequence token, so the token after it never counts). Nil counts every position.
  public var endOfSequenceToken: Int32?
  /// The highest learning rate.
  public var learningRate: Double
  /// The learning rate at the end of a cosine.
  public var minimumLearningRate: Double
  /// Updates of linear warm-up.
  public var warmupSteps: Int
  public var schedule: ScheduleKind
  /// Decay of the first moment.
  public var beta1: Double
  /// Decay of the second moment.
  public var beta2: Double
  /// Added to the root of the second moment.
  public var epsilon: Double
  /// Decoupled weight decay.
  public var weightDecay: Double
  public var decayPolicy: DecayPolicy
  /// Gradients with a larger global norm are scaled down to it; nil never clips.
  public var gradientClip: Double?
  /// Seed of the chunk order (and, by convention, of the initial weights).
  public var seed: UInt64
  public var order: ChunkOrder
  public var lossMean: LossMean
  /// The run also ends after the step that reaches this many input tokens.
  public var tokenBudget: Int?
  /// Steps between two held-out evaluations; one is also made before the first step and after the
  /// last. Nil never evaluates.
  public var evaluationInterval: Int?
  /// Steps between two checkpoints; one is also written at the end and when the run is stopped.
  public var checkpointInterval: Int
  /// How many checkpoints stay on disk.
  public var checkpointsKept: Int
  /// Checkpoints whose step is a multiple of this stay as well; nil: none.
  public var checkpointsKeptEvery: Int?
  /// Whether the checkpoint with the lowest held-out loss stays as well; one is then written whenever
  /// an evaluation is the best.
  public var keepsBestCheckpoint: Bool
  /// Steps between two lines of `metrics.jsonl`.
  public var logInterval: Int
  /// How many updates in a row may be left out.
  public var refusedUpdatesAllowed: Int
  /// What is done about spikes, numbers that are not finite, and a full disk.
  public var faults: FaultPolicy
  /// Of the products: f32, or bf16 with f32 master weights, gradients and moments.
  public var precision: Precision
  /// Keeps only the inputs of the layers and computes the rest again in the backward pass: less
  /// memory, about a third more work, the same bits.
  public var checkpointBlocks: Bool
  /// Draws a part of the loss to a teacher; nil trains on the corpus alone.
  public var distillation: DistillationSettings?
  /// Lets the student learn from the same teacher along its own samples; nil does not.
  public var minillm: MiniLLMSettings?
  /// Whether sampled sequences stay in the run folder.
  public var keepsRollouts: Bool

  /// A configuration with MiniPLM's common settings where nothing is given.
  public init(
    steps: Int, chunksPerMicroBatch: Int, chunksPerStep: Int, chunkTokens: Int = 1025,
    endOfSequenceToken: Int32?, learningRate: Double, minimumLearningRate: Double,
    warmupSteps: Int, schedule: ScheduleKind = .cosine, beta1: Double = 0.9, beta2: Double = 0.98,
    epsilon: Double = 1e-6, weightDecay: Double = 0.01, decayPolicy: DecayPolicy = .all,
    gradientClip: Double? = 1.0, seed: UInt64 = 10, order: ChunkOrder = .sequential,
    lossMean: LossMean = .perChunk, tokenBudget: Int? = nil, evaluationInterval: Int? = nil,
    checkpointInterval: Int = 5000, checkpointsKept: Int = 3, logInterval: Int = 10,
    refusedUpdatesAllowed: Int = 8, precision: Precision = .f32, checkpointBlocks: Bool = false,
    distillation: DistillationSettings? = nil, minillm: MiniLLMSettings? = nil,
    keepsRollouts: Bool = false,
    checkpointsKeptEvery: Int? = nil, keepsBestCheckpoint: Bool = false,
    faults: FaultPolicy = FaultPolicy()
  ) {
    self.steps = steps
    self.chunksPerMicroBatch = chunksPerMicroBatch
    self.chunksPerStep = chunksPerStep
    self.chunkTokens = chunkTokens
    self.endOfSequenceToken = endOfSequenceToken
    self.learningRate = learningRate
    self.minimumLearningRate = minimumLearningRate
    self.warmupSteps = warmupSteps
    self.schedule = schedule
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decayPolicy = decayPolicy
    self.gradientClip = gradientClip
    self.seed = seed
    self.order = order
    self.lossMean = lossMean
    self.tokenBudget = tokenBudget
    self.evaluationInterval = evaluationInterval
    self.checkpointInterval = checkpointInterval
    self.checkpointsKept = checkpointsKept
    self.logInterval = logInterval
    self.refusedUpdatesAllowed = refusedUpdatesAllowed
    self.precision = precision
    self.checkpointBlocks = checkpointBlocks
    self.distillation = distillation
    self.minillm = minillm
    self.keepsRollouts = keepsRollouts
    self.checkpointsKeptEvery = checkpointsKeptEvery
    self.keepsBestCheckpoint = keepsBestCheckpoint
    self.faults = faults
  }

  /// What a workspace of the run is for.
  public var purpose: WorkspacePurpose { checkpointBlocks ? .checkpointedTraining : .training }

  /// The most input positions of a micro-batch.
  public var tokensPerMicroBatch: Int { chunksPerMicroBatch * (chunkTokens - 1) }

  /// A workspace for the run's micro-batches.
  ///
  /// - Throws: `TensorError.memory`; ask `TrainingMemory` first.
  public func makeWorkspace(for model: any CausalLanguageModel) throws -> Workspace {
    try Workspace(
      for: model, maximumTokens: tokensPerMicroBatch, maximumSequences: chunksPerMicroBatch,
      purpose: purpose)
  }

  /// The schedule that these numbers describe.
  public var learningRateSchedule: LearningRateSchedule {
    switch schedule {
    case .cosine:
      .cosine(
        peak: learningRate, minimum: minimumLearningRate, warmupSteps: warmupSteps,
        totalSteps: steps)
    case .constant: .constant(learningRate)
    }
  }
}

extension TrainingConfiguration {
  /// Reads a configuration; settings that older files lack have their defaults.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys) throws -> Value {
      try values.decode(Value.self, forKey: key)
    }
    func optional<Value: Decodable>(_ key: CodingKeys) throws -> Value? {
      try values.decodeIfPresent(Value.self, forKey: key)
    }
    try self.init(
      steps: value(.steps), chunksPerMicroBatch: value(.chunksPerMicroBatch),
      chunksPerStep: value(.chunksPerStep), chunkTokens: value(.chunkTokens),
      endOfSequenceToken: optional(.endOfSequenceToken), learningRate: value(.learningRate),
      minimumLearningRate: value(.minimumLearningRate), warmupSteps: value(.warmupSteps),
      schedule: value(.schedule), beta1: value(.beta1), beta2: value(.beta2),
      epsilon: value(.epsilon), weightDecay: value(.weightDecay),
      decayPolicy: value(.decayPolicy), gradientClip: optional(.gradientClip),
      seed: value(.seed), order: value(.order), lossMean: value(.lossMean),
      tokenBudget: optional(.tokenBudget), evaluationInterval: optional(.evaluationInterval),
      checkpointInterval: value(.checkpointInterval), checkpointsKept: value(.checkpointsKept),
      logInterval: value(.logInterval), refusedUpdatesAllowed: value(.refusedUpdatesAllowed),
      precision: optional(.precision) ?? .f32,
      checkpointBlocks: optional(.checkpointBlocks) ?? false,
      distillation: optional(.distillation), minillm: optional(.minillm),
      keepsRollouts: optional(.keepsRollouts) ?? false,
      checkpointsKeptEvery: optional(.checkpointsKeptEvery),
      keepsBestCheckpoint: optional(.keepsBestCheckpoint) ?? false,
      faults: optional(.faults) ?? FaultPolicy())
  }
}
