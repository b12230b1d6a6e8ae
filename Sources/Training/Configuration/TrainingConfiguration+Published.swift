/// The models whose training settings MiniPLM published.
public enum PublishedModel: String, Codable, Sendable, CaseIterable {
  case qwen104M
  case qwen200M
  case qwen300M
  case qwen500M
  case qwen1200M
  case mamba130M
  case llama212M
}

extension TrainingConfiguration {
  /// The published settings of `model`: 100 000 steps of 512 chunks of 1025 tokens, read in order.
  ///
  /// The micro-batch is that of one of the eight devices of the original. Source: MiniPLM's
  /// `scripts/pretrain` and `scripts/miniplm`, and the paper's table of models; of the 104M and
  /// 300M models only the learning rate is published, the rest follows the 200M model.
  public static func published(
    _ model: PublishedModel, endOfSequenceToken: Int32?
  ) -> TrainingConfiguration {
    var configuration = TrainingConfiguration(
      steps: 100_000, chunksPerMicroBatch: 8, chunksPerStep: 512,
      endOfSequenceToken: endOfSequenceToken, learningRate: 6e-4, minimumLearningRate: 6e-5,
      warmupSteps: 2000)
    switch model {
    case .qwen104M, .qwen200M, .qwen300M, .llama212M:
      break
    case .qwen500M:
      configuration.learningRate = 3e-4
      configuration.minimumLearningRate = 3e-5
      configuration.chunksPerMicroBatch = 4
    case .qwen1200M:
      configuration.learningRate = 2.5e-4
      configuration.minimumLearningRate = 2.5e-5
      configuration.chunksPerMicroBatch = 4
    case .mamba130M:
      configuration.learningRate = 2e-3
      configuration.minimumLearningRate = 1e-5
      configuration.chunksPerMicroBatch = 16
      configuration.warmupSteps = 10_000
      configuration.weightDecay = 0.1
      configuration.beta2 = 0.95
    }
    return configuration
  }
}
