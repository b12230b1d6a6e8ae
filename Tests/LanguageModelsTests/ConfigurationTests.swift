import Foundation
import LanguageModels
import Testing

/// config.json in old and new spellings, and everything that must be refused.
@Suite struct ConfigurationTests {
  /// Keys and their values as JSON text.
  typealias Keys = [String: String]

  static let qwen2: Keys = [
    "model_type": "\"qwen2\"", "vocab_size": "100", "hidden_size": "32",
    "intermediate_size": "64", "num_hidden_layers": "2", "num_attention_heads": "4",
    "rope_theta": "1000000.0", "tie_word_embeddings": "true",
  ]
  static let llama: Keys = [
    "model_type": "\"llama\"", "vocab_size": "100", "hidden_size": "32",
    "intermediate_size": "64", "num_hidden_layers": "2", "num_attention_heads": "4",
    "num_key_value_heads": "2",
  ]
  static let mamba: Keys = [
    "model_type": "\"mamba\"", "vocab_size": "100", "hidden_size": "40",
    "num_hidden_layers": "2",
  ]

  private func read(_ keys: Keys) throws -> ModelConfiguration {
    let folder = try TemporaryFolder()
    let lines = keys.map { "\"\($0)\": \($1)" }
    try folder.write("{\(lines.joined(separator: ", "))}", to: "config.json")
    return try ModelConfiguration(file: folder.path + "/config.json")
  }

  /// The keys that a configuration is written with, as JSON text.
  private func written(_ configuration: ModelConfiguration) throws -> Keys {
    let keys = try JSONSerialization.jsonObject(with: JSONEncoder().encode(configuration))
    return try #require(keys as? [String: Any]).mapValues {
      String(
        decoding: try JSONSerialization.data(
          withJSONObject: $0, options: [.fragmentsAllowed, .sortedKeys]), as: UTF8.self)
    }
  }

  @Test func readsThePublishedKeys() throws {
    // As MiniPLM's own students are published: with keys that no library reads.
    let keys = Self.qwen2.merging([
      "_name_or_path": "\"x\"", "is_model_parallel": "false",
      "use_memory_efficient_attention": "true", "rope_scaling": "null",
      "sliding_window": "null", "use_sliding_window": "false", "max_window_layers": "21",
      "torch_dtype": "\"float32\"", "eos_token_id": "99", "bos_token_id": "99",
    ]) { $1 }
    let configuration = try read(keys)
    let written = try written(configuration)
    #expect(written["num_key_value_heads"] == "4")
    #expect(written["head_dim"] == "8")
    #expect(written["rope_parameters"] == "{\"rope_theta\":1000000,\"rope_type\":\"default\"}")
    #expect(written["architectures"] == "[\"Qwen2ForCausalLM\"]")
    let table = ParameterTable(configuration)
    #expect(table.entry(named: "model.layers.1.self_attn.k_proj.bias") != nil)
    #expect(table.entry(named: "model.layers.1.self_attn.o_proj.bias") == nil)
    #expect(configuration.specialTokens == SpecialTokenIDs(beginning: 99, end: [99]))
    #expect(configuration.family == .qwen2 && configuration.family.name == "Qwen2")
    #expect(configuration.facts == ["heads 4/4, intermediate size 64"])
  }

  @Test func readsBothSpellingsOfRotaryParameters() throws {
    let scaling =
      "\"factor\": 8.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0, "
      + "\"original_max_position_embeddings\": 8192"
    let older = try read(
      Self.llama.merging([
        "rope_theta": "500000.0", "rope_scaling": "{\"type\": \"llama3\", \(scaling)}",
      ]) { $1 })
    let newer = try read(
      Self.llama.merging([
        "rope_parameters":
          "{\"rope_type\": \"llama3\", \"rope_theta\": 500000.0, \(scaling)}"
      ]) { $1 })
    #expect(older == newer)
    #expect(
      try written(older)["rope_parameters"]
        == "{\"factor\":8,\"high_freq_factor\":4,\"low_freq_factor\":1,"
        + "\"original_max_position_embeddings\":8192,\"rope_theta\":500000,"
        + "\"rope_type\":\"llama3\"}")
    #expect(try written(read(Self.llama))["rope_theta"] == "10000")
  }

  @Test func scaledRotationsAreWrittenAsTheyAreRead() throws {
    let factors = "\"short_factor\": [1, 1.5, 2, 3], \"long_factor\": [2, 4, 6.5, 8]"
    let scalings = [
      "{\"type\": \"yarn\", \"factor\": 4, \"truncate\": null, \"beta_fast\": 16}":
        "yarn, factor 4",
      "{\"type\": \"yarn\", \"factor\": null, \"mscale\": 0.7, \"mscale_all_dim\": 1}":
        "yarn, factor 64",
      "{\"type\": \"dynamic\", \"factor\": 2.5}": "dynamic, factor 2.5 beyond 2048",
      "{\"type\": \"longrope\", \(factors)}": "longrope, other factors beyond 32",
      "{\"type\": \"longrope\", \(factors), \"factor\": 2, \"attention_factor\": 1}": "longrope",
    ]
    for (scaling, words) in scalings {
      let keys = Self.llama.merging([
        "rope_scaling": scaling, "original_max_position_embeddings": "32",
      ]) { $1 }
      let configuration = try read(keys)
      #expect(try read(written(configuration)) == configuration, "\(scaling)")
      #expect(configuration.facts.contains { $0.contains(words) }, "\(configuration.facts)")
    }
  }

  static let qwen3: Keys = qwen2.merging(
    ["model_type": "\"qwen3\"", "head_dim": "24", "num_key_value_heads": "2"]
  ) { $1 }

  @Test func headsOfQwen3HaveTheirOwnSize() throws {
    let configuration = try read(Self.qwen3)
    #expect(configuration.facts == ["heads 4/2, head size 24, intermediate size 64"])
    let table = ParameterTable(configuration)
    let attention = "model.layers.0.self_attn."
    #expect(table.entry(named: attention + "q_proj.weight")?.shape == [96, 32])
    #expect(table.entry(named: attention + "o_proj.weight")?.shape == [32, 96])
    #expect(table.entry(named: attention + "q_norm.weight")?.shape == [24])
    #expect(table.entry(named: attention + "k_norm.weight")?.shape == [24])
    #expect(table.entry(named: attention + "q_proj.bias") == nil)
    let biased = try read(Self.qwen3.merging(["attention_bias": "true"]) { $1 })
    #expect(biased != configuration)
    #expect(ParameterTable(biased).entry(named: attention + "o_proj.bias")?.shape == [32])
    // As transformers: 128 whatever the hidden size, and a theta of 10,000.
    let bare = try written(
      read(Self.qwen3.filter { !["head_dim", "rope_theta"].contains($0.key) }))
    #expect(bare["head_dim"] == "128")
    #expect(bare["rope_theta"] == "10000")
    // A model that is chosen by its sizes shares the hidden size among its heads.
    let chosen = try ModelConfiguration(
      .qwen3,
      ModelSizes(
        vocabularySize: 50, hiddenSize: 48, intermediateSize: 64, layerCount: 1, headCount: 4))
    #expect(try written(chosen)["head_dim"] == "12")
  }

  @Test func computesMambaDefaults() throws {
    let configuration = try read(Self.mamba)
    let written = try written(configuration)
    #expect(written["time_step_rank"] == "3")
    #expect(written["intermediate_size"] == "80")
    #expect(written["state_size"] == "16")
    #expect(configuration.tiesWordEmbeddings)
    #expect(configuration.facts == ["inner size 80, state size 16"])
  }

  @Test func anUnknownFamilyIsToldWhichThereAre() throws {
    let keys = Self.qwen2.merging(["model_type": "\"qwen9\""]) { $1 }
    let error = try #require(throws: ModelError.self) { try read(keys) }
    for family in Family.allCases {
      #expect(error.message.contains(family.rawValue))
      #expect(error.hint.contains(family.name))
    }
    #expect(error.message.contains("qwen9"))
    #expect(throws: ModelError.self) {
      try JSONDecoder().decode([Family].self, from: Data("[\"qwen2\", \"qwen9\"]".utf8))
    }
    #expect(try JSONDecoder().decode([Family].self, from: Data("[\"mamba\"]".utf8)) == [.mamba])
  }

  @Test func equalSizesOfTwoFamiliesAreNotEqual() throws {
    let sizes = ModelSizes(
      vocabularySize: 100, hiddenSize: 32, intermediateSize: 64, layerCount: 2, headCount: 4)
    let configurations = try Family.allCases.map { try ModelConfiguration($0, sizes) }
    for (index, configuration) in configurations.enumerated() {
      #expect(configuration.family == Family.allCases[index])
      #expect(configurations.count { $0 == configuration } == 1)
      #expect(try read(written(configuration)) == configuration)
    }
  }

  @Test(arguments: Fixture.all)
  func codesAsConfigJSON(_ fixture: Fixture) throws {
    let configuration = try ModelConfiguration(file: fixture.folder + "/config.json")
    let data = try JSONEncoder().encode(configuration)
    #expect(try JSONDecoder().decode(ModelConfiguration.self, from: data) == configuration)
  }

  static let refused: [(family: String, key: String, value: String)] = [
    ("qwen2", "vocab_size", "0"),
    ("qwen2", "vocab_size", "-5"),
    ("qwen2", "hidden_size", "1099511627776"),
    ("qwen2", "hidden_size", "33"),
    ("qwen2", "hidden_size", "\"32\""),
    ("qwen2", "hidden_size", "32.5"),
    ("qwen2", "num_hidden_layers", "0"),
    ("qwen2", "num_hidden_layers", "1000000000"),
    ("qwen2", "num_attention_heads", "0"),
    ("qwen2", "num_attention_heads", "5"),
    ("qwen2", "num_attention_heads", "32"),
    ("qwen2", "num_key_value_heads", "3"),
    ("qwen2", "num_key_value_heads", "0"),
    ("qwen2", "num_key_value_heads", "8"),
    ("qwen2", "rms_norm_eps", "-1"),
    ("qwen2", "rms_norm_eps", "1e300"),
    ("qwen2", "rope_theta", "null"),
    ("qwen2", "eos_token_id", "1099511627776"),
    ("qwen2", "eos_token_id", "-2"),
    ("qwen2", "eos_token_id", "[3, 1e400]"),
    ("qwen2", "pad_token_id", "100"),
    ("qwen2", "is_causal", "false"),
    ("qwen2", "text_config", "{\"num_hidden_layers\": 1}"),
    ("qwen2", "layer_types", "[\"full_attention\"]"),
    ("qwen2", "num_hidden_layers", "1e400"),
    ("qwen2", "num_hidden_layers", "-9223372036854775808"),
    ("qwen2", "hidden_size", "NaN"),
    ("qwen2", "rms_norm_eps", "Infinity"),
    ("qwen2", "rms_norm_eps", "true"),
    ("qwen2", "vocab_size", "[100]"),
    ("qwen2", "rope_theta", "0"),
    ("qwen2", "head_dim", "7"),
    ("qwen2", "head_dim", "100000"),
    ("qwen2", "hidden_act", "\"gelu\""),
    ("qwen2", "model_type", "\"qwen2_moe\""),
    ("qwen2", "model_type", "7"),
    ("qwen2", "layer_types", "[\"full_attention\", \"sliding_attention\"]"),
    ("qwen2", "quantization_config", "{\"bits\": 4}"),
    ("qwen2", "num_experts", "8"),
    ("qwen2", "tie_word_embeddings", "\"yes\""),
    ("qwen2", "eos_token_id", "\"x\""),
    ("llama", "rope_scaling", "{\"rope_type\": \"yarn\"}"),
    ("llama", "rope_scaling", "{\"rope_type\": \"yarn\", \"factor\": 4, \"beta_fast\": -1}"),
    ("llama", "rope_scaling", "{\"rope_type\": \"dynamic\", \"factor\": null}"),
    ("llama", "rope_scaling", "{\"rope_type\": \"longrope\", \"short_factor\": [1, 1, 1, 1]}"),
    ("llama", "rope_scaling", "{\"type\": \"su\", \"factor\": 4}"),
    ("llama", "rope_scaling", "{\"rope_type\": \"llama3\", \"factor\": 4}"),
    ("llama", "rope_scaling", "{\"rope_type\": \"linear\"}"),
    ("llama", "rope_scaling", "{\"rope_type\": \"linear\", \"factor\": 0}"),
    ("llama", "partial_rotary_factor", "0.5"),
    ("llama", "rope_parameters", "3"),
    ("qwen2", "layer_types", "[\"full_attention\", \"chunked_attention\"]"),
    ("qwen3", "head_dim", "7"),
    ("qwen3", "num_key_value_heads", "3"),
    ("qwen3", "attention_bias", "1"),
    ("qwen3", "layer_types", "[\"sliding_attention\", \"full_attention\"]"),
    ("mamba", "state_size", "0"),
    ("mamba", "state_size", "100000"),
    ("mamba", "conv_kernel", "0"),
    ("mamba", "conv_kernel", "99"),
    ("mamba", "expand", "0"),
    ("mamba", "time_step_rank", "0"),
    ("mamba", "time_step_rank", "\"other\""),
    ("mamba", "hidden_size", "-1"),
    ("mamba", "time_step_min", "0"),
    ("mamba", "time_step_max", "1e-6"),
  ]

  @Test(arguments: refused.indices)
  func refuses(_ index: Int) throws {
    let (family, key, value) = Self.refused[index]
    let base = ["qwen2": Self.qwen2, "qwen3": Self.qwen3, "llama": Self.llama, "mamba": Self.mamba]
    let keys = try #require(base[family]).merging([key: value]) { $1 }
    let error = try #require(throws: ModelError.self) { try read(keys) }
    let named = key == "rope_parameters" || key == "rope_scaling" ? "rope" : key
    let alsoNamed = ["num_attention_heads", "head_dim"]
    #expect(
      error.message.contains(named) || alsoNamed.contains { error.message.contains($0) },
      "\(error)")
  }

  @Test func windowsAreWrittenAsTheyAreRead() throws {
    let used: Keys = ["use_sliding_window": "true", "sliding_window": "64"]
    let sliding = "\"sliding_attention\"", full = "\"full_attention\""
    let mistral = Self.llama.merging(["model_type": "\"mistral\""]) { $1 }
    let cases: [(keys: Keys, fact: String?)] = [
      (Self.qwen2, nil),
      (Self.qwen2.merging(["sliding_window": "64", "max_window_layers": "0"]) { $1 }, nil),
      // Switched on, but beginning above the last layer.
      (Self.qwen2.merging(used) { $1 }, nil),
      (
        Self.qwen2.merging(used.merging(["max_window_layers": "1"]) { $1 }) { $1 },
        "sliding window of 64 tokens in 1 of 2 layers"
      ),
      (
        Self.qwen3.merging(used.merging(["max_window_layers": "0"]) { $1 }) { $1 },
        "sliding window of 64 tokens in every layer"
      ),
      (
        Self.qwen3.merging(used.merging(["layer_types": "[\(sliding), \(full)]"]) { $1 }) { $1 },
        "sliding window of 64 tokens in 1 of 2 layers"
      ),
      (mistral, "sliding window of 4096 tokens in every layer"),
      (mistral.merging(["sliding_window": "null"]) { $1 }, nil),
      (
        mistral.merging(["layer_types": "[\(full), \(sliding)]", "sliding_window": "8"]) { $1 },
        "sliding window of 8 tokens in 1 of 2 layers"
      ),
    ]
    for (keys, fact) in cases {
      let configuration = try read(keys)
      #expect(configuration.facts.first { $0.contains("window") } == fact)
      #expect(try read(written(configuration)) == configuration)
    }
    // Overruled by layer_types, and written all the same, as transformers does.
    let overruled = used.merging([
      "layer_types": "[\(sliding), \(full)]", "max_window_layers": "28",
    ]) { $1 }
    let saved = try written(read(Self.qwen3.merging(overruled) { $1 }))
    #expect(saved["max_window_layers"] == "28")
    let error = try #require(throws: ModelError.self) {
      try read(Self.llama.merging(used.merging(["max_window_layers": "0"]) { $1 }) { $1 })
    }
    #expect(error.message.contains("use_sliding_window"))
  }

  @Test(arguments: [
    "", "[]", "{", "null", "{\"model_type\": NaN}", "{\"a\": NaN1}", "{\"a\":[[[[[[",
  ])
  func refusesWhatIsNoObject(_ text: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "config.json")
    #expect(throws: ModelError.self) {
      try ModelConfiguration(file: folder.path + "/config.json")
    }
    #expect(throws: ModelError.self) { try ModelConfiguration(file: folder.path + "/none.json") }
  }
}
