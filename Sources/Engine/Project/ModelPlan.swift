public import LanguageModels
public import Store
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
  /// Further keys of config.json, which the sizes above overrule; a `vocab_size` among them is used
  /// where the tokenizer has no more ids.
  public var keys: [String: JSONValue]?

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
    if let keys {
      return try ModelConfiguration(
        keys: Self.sized(
          keys, self, TokenizerSizes(vocabularySize: vocabularySize, endOfText: Int(endOfText))))
    }
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

extension ModelShape {
  /// The shape of a preset.
  ///
  /// - Throws: `ModelError.configuration`.
  init(_ preset: TrainingPreset) throws(ModelError) {
    // Which tokenizer there is does not decide sizes.
    let model = try preset.configuration(
      tokenizer: TokenizerSizes(vocabularySize: 512, endOfText: 0))
    self.init(
      family: model.family, hiddenSize: model.hiddenSize, layerCount: model.layerCount,
      headCount: preset.size("num_attention_heads") ?? 0,
      // That of a Mamba follows from its width.
      intermediateSize: preset.size("expand") == nil ? preset.size("intermediate_size") ?? 0 : 0,
      tiesWordEmbeddings: model.tiesWordEmbeddings)
    keys = preset.model
  }

  /// Keys with the sizes of a shape, which people edit, and the ids of the tokenizer.
  private static func sized(
    _ keys: [String: JSONValue], _ shape: ModelShape, _ tokenizer: TokenizerSizes
  ) -> [String: JSONValue] {
    var sizes: [String: JSONValue] = [
      "model_type": .text(shape.family.rawValue), "hidden_size": .integer(shape.hiddenSize),
      "num_hidden_layers": .integer(shape.layerCount),
      "tie_word_embeddings": .flag(shape.tiesWordEmbeddings),
    ]
    if shape.headCount > 0 { sizes["num_attention_heads"] = .integer(shape.headCount) }
    if shape.intermediateSize > 0 { sizes["intermediate_size"] = .integer(shape.intermediateSize) }
    var keys = TrainingPreset.applying(sizes, to: keys)
    tokenizer.fit(&keys)
    return keys
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
  /// What else a preset sets; nil for what every project has: passes decide the steps, a share of them
  /// warms up, the published beta1, epsilon and clipping, and a new order of chunks in every pass.
  public var steps: Int?
  public var warmupSteps: Int?
  public var beta1: Double?
  public var epsilon: Double?
  public var gradientClip: Double?
  public var order: ChunkOrder?

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
    let steps = self.steps ?? max(1, Int(epochs * Double(chunks)) / chunksPerStep)
    let warmup = warmupSteps.map { TrainingPreset.warmup($0, steps: steps) }
    return TrainingConfiguration(
      steps: steps, chunksPerMicroBatch: chunksPerMicroBatch, chunksPerStep: chunksPerStep,
      chunkTokens: settings.chunkTokens, endOfSequenceToken: endOfText, learningRate: learningRate,
      minimumLearningRate: minimumLearningRate,
      warmupSteps: warmup ?? max(1, Int(warmupShare * Double(steps))), beta1: beta1 ?? 0.9,
      beta2: beta2, epsilon: epsilon ?? 1e-6, weightDecay: weightDecay,
      gradientClip: gradientClip ?? 1, seed: settings.seed, order: order ?? .shuffled,
      evaluationInterval: max(1, steps / max(1, evaluations)),
      checkpointInterval: max(1, steps / max(1, checkpoints)),
      checkpointsKept: 2, logInterval: 1,
      precision: precision, checkpointBlocks: settings.checkpointBlocks,
      faults: settings.faultPolicy)
  }
}

extension TrainingPlan {
  /// The training of a preset. Its steps stay where they are published; one of ours takes as many as
  /// `epochs` passes over the project's corpus are.
  init(_ preset: TrainingPreset, epochs: Double) {
    let training = preset.training
    self.init(
      epochs: epochs, chunksPerStep: training.chunksPerStep,
      chunksPerMicroBatch: training.chunksPerMicroBatch, learningRate: training.learningRate,
      minimumLearningRate: training.minimumLearningRate,
      warmupShare: Double(training.warmupSteps) / Double(training.steps), beta2: training.beta2,
      weightDecay: training.weightDecay)
    beta1 = training.beta1
    epsilon = training.epsilon
    gradientClip = training.gradientClip
    order = training.order
    if preset.isPublished {
      steps = training.steps
      warmupSteps = training.warmupSteps
    }
  }
}

/// A model that the project trains itself.
public struct TrainedModel: Codable, Sendable, Equatable {
  public var shape: ModelShape
  public var training: TrainingPlan
  /// The preset that both began as; nil for none.
  public var preset: String?
  /// What its training keeps and writes; nil for what every project has.
  public var records: TrainingRecords?
  /// Of the students: what they learn from the project's teacher itself; nil: nothing.
  public var teaching: StudentTeaching?

  public init(shape: ModelShape, training: TrainingPlan) {
    self.shape = shape
    self.training = training
  }
}

extension TrainedModel {
  /// A model by a preset.
  ///
  /// - Parameter epochs: passes over the corpus where the preset does not say the steps.
  /// - Throws: `ModelError.configuration`.
  public init(_ preset: TrainingPreset, epochs: Double) throws(ModelError) {
    self.init(shape: try ModelShape(preset), training: TrainingPlan(preset, epochs: epochs))
    self.preset = preset.name
  }

  /// The preset, where there is one of that name.
  var recipe: TrainingPreset? { preset.flatMap { try? TrainingPreset(named: $0) } }
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
