import Foundation
public import LanguageModels
import Store
public import Training

/// A model that an experiment trains from fresh weights: its sizes, and how it is trained. The
/// vocabulary comes from the experiment's tokenizer.
public struct RecipeModel: Sendable, Equatable {
  /// What results call it; part of names of folders.
  public var name: String
  public var family: Family
  public var hiddenSize: Int
  public var layerCount: Int
  /// Attention heads and width of the MLP; nil for a family without, or as the preset has them.
  public var headCount: Int?
  public var intermediateSize: Int?
  public var chunksPerStep: Int
  public var learningRate: Double
  public var minimumLearningRate: Double
  /// Share of the steps that warm up.
  public var warmupShare: Double
  public var beta2: Double
  public var weightDecay: Double
  /// Where what is not stated comes from; nil for a model whose keys are all there.
  public var preset: TrainingPreset?

  static let keys = [
    "preset", "family", "hidden", "layers", "heads", "intermediate", "chunks_per_step",
    "learning_rate", "minimum_learning_rate", "warmup_share", "beta2", "weight_decay",
  ]

  /// Reads the keys above.
  init(_ object: RecipeObject, name: String) throws(ExperimentError) {
    self.name = name
    let preset = try Self.preset(object)
    self.preset = preset
    let training = preset?.training
    if let preset, !object.has("family") {
      family = try Self.shape(preset, object).family
    } else {
      let family = try object.text("family")
      guard let known = Family(rawValue: family) else {
        throw object.fault("family", found: "\"\(family)\"", expected: "one of \(Family.list)")
      }
      self.family = known
    }
    hiddenSize = try object.whole("hidden", 1...(1 << 20), default: preset?.size("hidden_size"))
    layerCount = try object.whole(
      "layers", 1...4096, default: preset?.size("num_hidden_layers"))
    headCount = object.has("heads") ? try object.whole("heads", 1...(1 << 16)) : nil
    intermediateSize =
      object.has("intermediate") ? try object.whole("intermediate", 1...(1 << 24)) : nil
    chunksPerStep = try object.whole(
      "chunks_per_step", 1...(1 << 16), default: training?.chunksPerStep)
    let rate = try object.number(
      "learning_rate", "above 0, up to 1", default: training?.learningRate
    ) { $0 > 0 && $0 <= 1 }
    learningRate = rate
    minimumLearningRate = try object.number(
      "minimum_learning_rate", "0 to learning_rate (\(rate))",
      default: training.map { min(rate, $0.minimumLearningRate) } ?? rate / 10
    ) { $0 >= 0 && $0 <= rate }
    warmupShare = try object.number(
      "warmup_share", "0 to 1",
      default: training.map { Double($0.warmupSteps) / Double($0.steps) } ?? 0.05
    ) {
      (0...1).contains($0)
    }
    beta2 = try object.number("beta2", "0 or more and below 1", default: training?.beta2 ?? 0.98) {
      $0 >= 0 && Float($0) < 1
    }
    weightDecay = try object.number(
      "weight_decay", "0 to 1", default: training?.weightDecay ?? 0.01
    ) {
      (0...1).contains($0)
    }
    // Sizes that do not go together are found now, not after the corpus has been packed.
    do throws(ModelError) {
      _ = try configuration(vocabularySize: 512, endOfText: 0)
    } catch {
      throw .recipe(
        path: object.path, key: object.place,
        found:
          "a model that cannot be (\(error.message.trimmingCharacters(in: .punctuationCharacters)))",
        expected: "sizes that go together")
    }
  }

  /// The configuration for a vocabulary and its end-of-text token.
  public func configuration(
    vocabularySize: Int, endOfText: Int32
  ) throws(ModelError) -> ModelConfiguration {
    let end = Int(endOfText)
    if let preset {
      return try preset.configuration(
        tokenizer: TokenizerSizes(vocabularySize: vocabularySize, endOfText: end),
        changes: changes)
    }
    return try ModelConfiguration(
      family,
      ModelSizes(
        vocabularySize: vocabularySize, hiddenSize: hiddenSize, intermediateSize: intermediateSize,
        layerCount: layerCount, headCount: headCount, tiesWordEmbeddings: true,
        specialTokens: SpecialTokenIDs(beginning: end, end: [end], padding: end)))
  }

  /// The sizes as keys of config.json.
  private var changes: [String: JSONValue] {
    var keys: [String: JSONValue] = [
      "model_type": .text(family.rawValue), "hidden_size": .integer(hiddenSize),
      "num_hidden_layers": .integer(layerCount),
    ]
    keys["num_attention_heads"] = headCount.map { .integer($0) }
    keys["intermediate_size"] = intermediateSize.map { .integer($0) }
    return keys
  }

  private static func preset(
    _ object: RecipeObject
  ) throws(ExperimentError) -> TrainingPreset? {
    guard object.has("preset") else { return nil }
    let name = try object.text("preset")
    do {
      return try TrainingPreset(named: name)
    } catch {
      throw object.fault(
        "preset", found: "\"\(name)\"", expected: "one of \(TrainingPreset.list)")
    }
  }

  private static func shape(
    _ preset: TrainingPreset, _ object: RecipeObject
  ) throws(ExperimentError) -> ModelConfiguration {
    do {
      return try preset.configuration(
        tokenizer: TokenizerSizes(vocabularySize: 512, endOfText: 0))
    } catch {
      throw object.fault("preset", found: preset.name, expected: error.message)
    }
  }

  /// How it is trained for so many steps.
  public func training(
    steps: Int, chunkTokens: Int, endOfText: Int32, seed: UInt64, evaluations: Int
  ) -> TrainingConfiguration {
    TrainingConfiguration(
      steps: steps,
      chunksPerMicroBatch: min(
        chunksPerStep, preset?.training.chunksPerMicroBatch ?? chunksPerStep),
      chunksPerStep: chunksPerStep,
      chunkTokens: chunkTokens, endOfSequenceToken: endOfText, learningRate: learningRate,
      minimumLearningRate: minimumLearningRate,
      warmupSteps: min(steps, max(1, Int(warmupShare * Double(steps)))),
      beta1: preset?.training.beta1 ?? 0.9, beta2: beta2,
      epsilon: preset?.training.epsilon ?? 1e-6, weightDecay: weightDecay,
      gradientClip: preset?.training.gradientClip ?? 1, seed: seed, order: .shuffled,
      evaluationInterval: evaluations > 0 ? max(1, steps / evaluations) : nil,
      checkpointInterval: max(1, (steps + 3) / 4), checkpointsKept: 1, logInterval: 1)
  }
}

/// Where the teacher or the reference comes from.
public enum RecipeScorer: Sendable, Equatable {
  /// A model folder.
  case folder(String)
  /// Trained on the reserve part: so many passes over it, by a seed.
  case trained(RecipeModel, epochs: Double, seed: UInt64)

  init(_ recipe: RecipeObject, _ role: String) throws(ExperimentError) {
    let object = try recipe.object(role, keys: ["folder", "epochs", "seed"] + RecipeModel.keys)
    if object.has("folder") {
      let only = try recipe.object(role, keys: ["folder"])
      self = .folder(try only.text("folder"))
      return
    }
    self = .trained(
      try RecipeModel(object, name: role),
      epochs: try object.number("epochs", "above 0, up to 1000", default: 1) {
        $0 > 0 && $0 <= 1000
      },
      seed: try object.seed("seed", default: 42))
  }
}
