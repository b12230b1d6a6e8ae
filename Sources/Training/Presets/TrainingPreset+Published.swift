import LanguageModels
import Store

/// The models of the paper: shapes as on the hub, training as in its scripts.
///
/// Sources: config.json of MiniLLM/Pretrain-Qwen-500M and MiniLLM/MiniPLM-Mamba-130M, the table of
/// models of arXiv 2410.17215, and thu-coai/MiniPLM, scripts/miniplm/pretraining and arguments.py.
/// Keys that only tell how a file was written (`_name_or_path`, `transformers_version`) are left out.
extension TrainingPreset {
  static let published: [TrainingPreset] = [
    TrainingPreset(
      "qwen-200m", "the student Qwen 200M of the paper",
      model: qwen(hidden: 768, intermediate: 2112, layers: 12, heads: 12),
      training: published(learningRate: 6e-4, minimum: 6e-5), isPublished: true, notes: [sizes]),
    TrainingPreset(
      "qwen-500m", "the student Qwen 500M of the paper",
      model: qwen(hidden: 1024, intermediate: 2816, layers: 24, heads: 16),
      training: published(learningRate: 3e-4, minimum: 3e-5), isPublished: true, notes: [sizes]),
    TrainingPreset(
      "qwen-1.2b", "the student Qwen 1.2B of the paper",
      model: qwen(hidden: 1536, intermediate: 4224, layers: 24, heads: 16, isTied: false),
      training: published(learningRate: 2.5e-4, minimum: 2.5e-5), isPublished: true,
      notes: [sizes]),
    TrainingPreset(
      "mamba-130m", "the student Mamba 130M of the paper (140M with its embeddings)",
      model: mamba,
      training: published(
        learningRate: 2e-3, minimum: 1e-5, warmup: 10_000, beta2: 0.95, weightDecay: 0.1),
      isPublished: true,
      notes: [
        "vocab_size (65,024, of Falcon's tokenizer) is inferred from the size of the weights on the "
          + "hub: the end of the published config.json was not to be read",
        "how its linear maps started differs between versions of transformers; new-model has both "
          + "customs (--mamba-init), and which one was used is not published",
        "the precision of its runs is not published: the script says fp16, with fp32 commented out",
      ]),
    TrainingPreset(
      "llama3.1-212m", "the student Llama 3.1 212M of the paper",
      model: llama,
      training: published(learningRate: 6e-4, minimum: 6e-5), isPublished: true,
      notes: [
        "its shape is not published: width, MLP, layers, heads and ties are the simplest that give "
          + "the 847 MB of the weights on the hub; others do as well",
        "rope_scaling, rope_theta and rms_norm_eps are taken to be Llama 3.1's: the config.json on "
          + "the hub has 982 bytes, too many for one without rope_scaling",
      ]),
    TrainingPreset(
      "qwen-104m-ref", "the reference model Qwen 104M of the paper",
      model: qwen(hidden: 512, intermediate: 1408, layers: 8, heads: 8),
      training: published(learningRate: 6e-4, minimum: 6e-5, steps: 9537), isPublished: true,
      notes: [
        "only its learning rate (0.0006) and its 5B tokens are published: steps follow from them at "
          + "512 chunks a step, and all else is as for qwen-200m",
        "whether embeddings are tied is inferred from its 104M parameters, and its other keys are "
          + "those of the larger ones: its config.json was not to be read",
      ]),
  ]

  private static let sizes =
    "the published config.json of 500M gives the keys; sizes and ties are those of the paper's table "
    + "and of the files on the hub"

  /// The settings that all published runs share (arguments.py and the scripts): 512 chunks of 1,024
  /// inputs a step, AdamW on every parameter, clipping at 1, a cosine from the first update on,
  /// chunks in the order of the corpus, seed 10, a checkpoint every 5,000 steps.
  private static func published(
    learningRate: Double, minimum: Double, steps: Int = 100_000, warmup: Int = 2000,
    beta2: Double = 0.98, weightDecay: Double = 0.01
  ) -> TrainingConfiguration {
    TrainingConfiguration(
      // Published are 4 to 16 chunks on each of 8 GPUs: one is what every machine can hold.
      steps: steps, chunksPerMicroBatch: 1, chunksPerStep: 512, chunkTokens: 1025,
      endOfSequenceToken: nil, learningRate: learningRate, minimumLearningRate: minimum,
      warmupSteps: warmup, beta1: 0.9, beta2: beta2, epsilon: 1e-6, weightDecay: weightDecay,
      decayPolicy: .all, gradientClip: 1, seed: 10, order: .sequential, lossMean: .perChunk,
      checkpointInterval: 5000, logInterval: 10)
  }

  private static func qwen(
    hidden: Int, intermediate: Int, layers: Int, heads: Int, isTied: Bool = true
  ) -> [String: JSONValue] {
    [
      "architectures": .list([.text("Qwen2ForCausalLM")]), "attention_dropout": .number(0),
      "bos_token_id": .integer(151_643), "eos_token_id": .integer(151_643),
      "hidden_act": .text("silu"), "hidden_size": .integer(hidden),
      "initializer_range": .number(0.02), "intermediate_size": .integer(intermediate),
      "max_position_embeddings": .integer(32768), "max_window_layers": .integer(21),
      "model_type": .text("qwen2"), "num_attention_heads": .integer(heads),
      "num_hidden_layers": .integer(layers), "num_key_value_heads": .integer(heads),
      "rms_norm_eps": .number(1e-6), "rope_scaling": .null, "rope_theta": .number(1e6),
      "sliding_window": .null, "tie_word_embeddings": .flag(isTied),
      "torch_dtype": .text("float32"), "use_cache": .flag(true),
      "use_sliding_window": .flag(false), "vocab_size": .integer(151_936),
    ]
  }

  private static let mamba: [String: JSONValue] = [
    "architectures": .list([.text("MambaForCausalLM")]), "bos_token_id": .integer(0),
    "conv_kernel": .integer(4), "eos_token_id": .integer(11), "expand": .integer(2),
    "hidden_act": .text("silu"), "hidden_size": .integer(768), "initializer_range": .number(0.1),
    "intermediate_size": .integer(1536), "layer_norm_epsilon": .number(1e-5),
    "model_type": .text("mamba"), "num_hidden_layers": .integer(24), "pad_token_id": .integer(11),
    "rescale_prenorm_residual": .flag(false), "residual_in_fp32": .flag(true),
    "state_size": .integer(16), "tie_word_embeddings": .flag(true),
    "time_step_floor": .number(1e-4), "time_step_init_scheme": .text("random"),
    "time_step_max": .number(0.1), "time_step_min": .number(1e-3), "time_step_rank": .integer(48),
    "time_step_scale": .number(1), "torch_dtype": .text("float32"), "use_bias": .flag(false),
    "use_cache": .flag(true), "use_conv_bias": .flag(true), "vocab_size": .integer(65024),
  ]

  private static let llama: [String: JSONValue] = [
    "architectures": .list([.text("LlamaForCausalLM")]), "attention_bias": .flag(false),
    "attention_dropout": .number(0), "bos_token_id": .integer(128_000),
    "eos_token_id": .integer(128_001), "head_dim": .integer(64), "hidden_act": .text("silu"),
    "hidden_size": .integer(768), "initializer_range": .number(0.02),
    "intermediate_size": .integer(3072), "max_position_embeddings": .integer(131_072),
    "mlp_bias": .flag(false), "model_type": .text("llama"), "num_attention_heads": .integer(12),
    "num_hidden_layers": .integer(12), "num_key_value_heads": .integer(12),
    "rms_norm_eps": .number(1e-5),
    "rope_scaling": .object([
      "factor": .number(8), "high_freq_factor": .number(4), "low_freq_factor": .number(1),
      "original_max_position_embeddings": .integer(8192), "rope_type": .text("llama3"),
    ]),
    "rope_theta": .number(500_000), "tie_word_embeddings": .flag(true),
    "torch_dtype": .text("float32"), "use_cache": .flag(true), "vocab_size": .integer(128_256),
  ]
}
