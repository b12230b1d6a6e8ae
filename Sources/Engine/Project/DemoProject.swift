import Corpus
import LanguageModels
import Pipeline

/// The demo's settings: small enough for two cores and eight minutes, real in every part.
public enum DemoProject {
  /// Seed of the shipped demo.
  public static let seed: UInt64 = 42
  /// Bytes of text of the shipped demo, on a machine that is fast enough.
  public static let bytes = 6_000_000

  /// Settings for about `bytes` of text; nil for as much as suits the machine (`DemoSize`).
  public static func settings(bytes: Int? = nil, seed: UInt64 = seed) -> ProjectSettings {
    var corpus = CorpusSettings()
    // 256 inputs a chunk instead of 1,024: the documents are short and the models small.
    corpus.packing.maximumLength = 257
    return ProjectSettings(
      name: "demo", seed: seed, text: bytes.map(TextOrigin.demo) ?? .demoForThisMachine,
      tokenizer: .trained(vocabularySize: 2048), corpus: corpus,
      teacher: .trained(
        TrainedModel(
          shape: ModelShape(
            family: .qwen2, hiddenSize: 192, layerCount: 4, headCount: 4, intermediateSize: 512),
          training: TrainingPlan(
            epochs: 1, chunksPerStep: 6, chunksPerMicroBatch: 6, learningRate: 2e-3,
            minimumLearningRate: 2e-4, evaluations: 6))),
      reference: .trained(
        TrainedModel(
          shape: ModelShape(
            family: .qwen2, hiddenSize: 64, layerCount: 2, headCount: 2, intermediateSize: 176),
          training: TrainingPlan(
            epochs: 1, chunksPerStep: 6, chunksPerMicroBatch: 6, learningRate: 4e-3,
            minimumLearningRate: 4e-4, evaluations: 6))),
      ratio: 0.5,
      student: TrainedModel(
        shape: ModelShape(family: .mamba, hiddenSize: 96, layerCount: 3),
        training: TrainingPlan(
          epochs: 2, chunksPerStep: 4, chunksPerMicroBatch: 4, learningRate: 4e-3,
          minimumLearningRate: 4e-4, beta2: 0.95, weightDecay: 0.1, evaluations: 12)),
      scoringPrecision: .auto, trainingPrecision: .auto)
  }
}
