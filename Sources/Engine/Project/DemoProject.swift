import Corpus

/// The demo's settings: small enough for two cores and ten minutes, real in every part.
public enum DemoProject {
  /// Seed of the shipped demo.
  public static let seed: UInt64 = 42

  /// Settings for about `bytes` of text.
  public static func settings(bytes: Int = 12_000_000, seed: UInt64 = seed) -> ProjectSettings {
    var corpus = CorpusSettings()
    // 256 inputs a chunk instead of 1,024: the documents are short and the models small.
    corpus.packing.maximumLength = 257
    return ProjectSettings(
      name: "demo", seed: seed, text: .demo(bytes: bytes),
      tokenizer: .trained(vocabularySize: 4096), corpus: corpus,
      teacher: .trained(
        TrainedModel(
          shape: ModelShape(
            family: .qwen2, hiddenSize: 256, layerCount: 4, headCount: 4, intermediateSize: 704),
          training: TrainingPlan(
            epochs: 1, chunksPerStep: 16, chunksPerMicroBatch: 16, learningRate: 2e-3,
            minimumLearningRate: 2e-4))),
      reference: .trained(
        TrainedModel(
          shape: ModelShape(
            family: .qwen2, hiddenSize: 64, layerCount: 2, headCount: 2, intermediateSize: 176),
          training: TrainingPlan(
            epochs: 1, chunksPerStep: 16, chunksPerMicroBatch: 16, learningRate: 4e-3,
            minimumLearningRate: 4e-4))),
      ratio: 0.5,
      student: TrainedModel(
        shape: ModelShape(family: .mamba, hiddenSize: 128, layerCount: 4),
        training: TrainingPlan(
          epochs: 2, chunksPerStep: 8, chunksPerMicroBatch: 8, learningRate: 4e-3,
          minimumLearningRate: 4e-4, beta2: 0.95, weightDecay: 0.1)))
  }
}
