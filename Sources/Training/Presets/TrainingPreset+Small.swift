import LanguageModels
import Store

/// Models of our own for a processor: minutes to hours, with the vocabulary of whatever tokenizer is at
/// hand. Losses, schedule and optimiser are the published ones; sizes, rates and lengths are ours.
extension TrainingPreset {
  static let small: [TrainingPreset] = [
    TrainingPreset(
      "qwen-small", "a Qwen2 of 5M parameters beside its embeddings, for a processor",
      model: transformer("qwen2", hidden: 256, intermediate: 704, layers: 6, heads: 4),
      training: small(learningRate: 2e-3), isPublished: false, notes: ours),
    TrainingPreset(
      "qwen3-small", "a Qwen3 of 5M parameters beside its embeddings, for a processor",
      model: transformer("qwen3", hidden: 256, intermediate: 704, layers: 6, heads: 4),
      training: small(learningRate: 2e-3), isPublished: false, notes: ours),
    TrainingPreset(
      "llama-small", "a Llama of 5M parameters beside its embeddings, for a processor",
      model: transformer("llama", hidden: 256, intermediate: 704, layers: 6, heads: 4),
      training: small(learningRate: 2e-3), isPublished: false, notes: ours),
    TrainingPreset(
      "mamba-small", "a Mamba of 3M parameters beside its embeddings, for a processor",
      model: mamba(hidden: 256, layers: 6),
      training: small(learningRate: 2e-3, beta2: 0.95, weightDecay: 0.1), isPublished: false,
      notes: ours),
    TrainingPreset(
      "qwen-tiny", "a Qwen2 of 0.2M parameters beside its embeddings: minutes",
      model: transformer("qwen2", hidden: 64, intermediate: 176, layers: 3, heads: 2),
      training: small(learningRate: 4e-3, steps: 500, inputs: 256), isPublished: false,
      notes: ours),
    TrainingPreset(
      "mamba-tiny", "a Mamba of 0.2M parameters beside its embeddings: minutes",
      model: mamba(hidden: 96, layers: 3),
      training: small(
        learningRate: 4e-3, beta2: 0.95, weightDecay: 0.1, steps: 500, inputs: 256),
      isPublished: false, notes: ours),
  ]

  private static let ours = [
    "nothing of it is published: shape and rates are ours, and not tuned"
  ]

  private static func small(
    learningRate: Double, beta2: Double = 0.98, weightDecay: Double = 0.01, steps: Int = 2000,
    inputs: Int = 512
  ) -> TrainingConfiguration {
    TrainingConfiguration(
      steps: steps, chunksPerMicroBatch: 4, chunksPerStep: 8, chunkTokens: inputs + 1,
      endOfSequenceToken: nil, learningRate: learningRate, minimumLearningRate: learningRate / 10,
      warmupSteps: steps / 20, beta2: beta2, weightDecay: weightDecay, order: .shuffled,
      checkpointInterval: 500, logInterval: 1)
  }

  private static func transformer(
    _ type: String, hidden: Int, intermediate: Int, layers: Int, heads: Int
  ) -> [String: JSONValue] {
    [
      "head_dim": .integer(hidden / heads), "hidden_act": .text("silu"),
      "hidden_size": .integer(hidden), "initializer_range": .number(0.02),
      "intermediate_size": .integer(intermediate), "max_position_embeddings": .integer(2048),
      "model_type": .text(type), "num_attention_heads": .integer(heads),
      "num_hidden_layers": .integer(layers), "num_key_value_heads": .integer(heads),
      "rms_norm_eps": .number(1e-6), "rope_theta": .number(10_000),
      "tie_word_embeddings": .flag(true),
    ]
  }

  private static func mamba(hidden: Int, layers: Int) -> [String: JSONValue] {
    [
      "conv_kernel": .integer(4), "expand": .integer(2), "hidden_act": .text("silu"),
      "hidden_size": .integer(hidden), "initializer_range": .number(0.1),
      "layer_norm_epsilon": .number(1e-5), "model_type": .text("mamba"),
      "num_hidden_layers": .integer(layers), "state_size": .integer(16),
      "tie_word_embeddings": .flag(true), "time_step_rank": .integer((hidden + 15) / 16),
    ]
  }
}
