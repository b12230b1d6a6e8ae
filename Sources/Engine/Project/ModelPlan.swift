public import LanguageModels
public import TensorKit
public import Training

/// Sizes of a model whose vocabulary comes from the project's tokenizer.
public struct ModelShape: Codable, Sendable, Equatable {
  public var family: Family
  public var hiddenSize: Int
  public var layerCount: Int
  /// Attention heads and SwiGLU width; 0 for a family without.
  public var headCount: Int
  public var intermediateSize: Int
  public var tiesWordEmbeddings: Bool

  public init(
    family: Family, hiddenSize: Int, layerCount: Int, headCount: Int = 0,
    intermediateSize: Int = 0, tiesWordEmbeddings: Bool = true
  ) {
    self.family = family
    self.hiddenSize = hiddenSize
    self.layerCount = layerCount
    self.headCount = headCount
    self.intermediateSize = intermediateSize
    self.tiesWordEmbeddings = tiesWordEmbeddings
  }

  /// The configuration for a vocabulary and its end-of-text token.
  public func configuration(
    vocabularySize: Int, endOfText: Int32
  ) throws(ModelError) -> ModelConfiguration {
    let special = SpecialTokenIDs(
      beginning: Int(endOfText), end: [Int(endOfText)], padding: Int(endOfText))
    return try ModelConfiguration(
      family,
      ModelSizes(
        vocabularySize: vocabularySize, hiddenSize: hiddenSize,
        intermediateSize: intermediateSize > 0 ? intermediateSize : nil, layerCount: layerCount,
        headCount: headCount > 0 ? headCount : nil, tiesWordEmbeddings: tiesWordEmbeddings,
        specialTokens: special))
  }
}

/// How a model of the project is trained, in numbers that do not depend on the corpus's size.
public struct TrainingPlan: Codable, Sendable, Equatable {
  /// Passes over the corpus; the schedule's length follows from it.
  public var epochs: Double
  public var chunksPerStep: Int
  public var chunksPerMicroBatch: Int
  public var learningRate: Double
  public var minimumLearningRate: Double
  /// Share of the steps that warm up.
  public var warmupShare: Double
  public var beta2: Double
  public var weightDecay: Double
  /// Held-out evaluations over the run, beside the one at the start.
  public var evaluations: Int
  /// Held-out chunks of these evaluations, spread evenly; the comparison at the end takes all.
  public var evaluationChunks: Int
  /// Checkpoints over the run.
  public var checkpoints: Int

  public init(
    epochs: Double, chunksPerStep: Int, chunksPerMicroBatch: Int, learningRate: Double,
    minimumLearningRate: Double, warmupShare: Double = 0.05, beta2: Double = 0.98,
    weightDecay: Double = 0.01, evaluations: Int = 10, evaluationChunks: Int = 120,
    checkpoints: Int = 10
  ) {
    self.epochs = epochs
    self.chunksPerStep = chunksPerStep
    self.chunksPerMicroBatch = chunksPerMicroBatch
    self.learningRate = learningRate
    self.minimumLearningRate = minimumLearningRate
    self.warmupShare = warmupShare
    self.beta2 = beta2
    self.weightDecay = weightDecay
    self.evaluations = evaluations
    self.evaluationChunks = evaluationChunks
    self.checkpoints = checkpoints
  }

  /// The trainer's configuration for a corpus of `chunks` chunks in a project with `settings`, of
  /// which `precision` is what the precision came to.
  public func configuration(
    chunks: Int, endOfText: Int32, in settings: ProjectSettings,
    precision: Precision
  ) -> TrainingConfiguration {
    let steps = max(1, Int(epochs * Double(chunks)) / chunksPerStep)
    return TrainingConfiguration(
      steps: steps, chunksPerMicroBatch: chunksPerMicroBatch, chunksPerStep: chunksPerStep,
      chunkTokens: settings.chunkTokens, endOfSequenceToken: endOfText, learningRate: learningRate,
      minimumLearningRate: minimumLearningRate,
      warmupSteps: max(1, Int(warmupShare * Double(steps))), beta2: beta2,
      weightDecay: weightDecay, seed: settings.seed, order: .shuffled,
      evaluationInterval: max(1, steps / max(1, evaluations)),
      checkpointInterval: max(1, steps / max(1, checkpoints)), checkpointsKept: 2, logInterval: 1,
      precision: precision, checkpointBlocks: settings.checkpointBlocks)
  }
}

/// A model that the project trains itself.
public struct TrainedModel: Codable, Sendable, Equatable {
  public var shape: ModelShape
  public var training: TrainingPlan

  public init(shape: ModelShape, training: TrainingPlan) {
    self.shape = shape
    self.training = training
  }
}

/// Where the teacher or the reference comes from.
public enum ModelOrigin: Codable, Sendable, Equatable {
  /// A Hugging Face folder.
  case folder(String)
  /// Trained on the reserve part.
  case trained(TrainedModel)
  /// Not chosen: the corpus can be looked at, and nothing be scored.
  case unset
}
