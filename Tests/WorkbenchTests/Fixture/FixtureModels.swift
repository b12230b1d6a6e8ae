import EngineInterface

/// Models as they lie on somebody's machine.
enum FixtureModels {
  static let list = ModelListSnapshot(
    rows: [
      .init(
        name: "Qwen/Qwen2.5-1.5B",
        path: "/home/ann/.cache/huggingface/hub/models--Qwen--Qwen2.5-1.5B/snapshots/8faed761",
        place: "hub cache", family: "qwen2", parameters: 1_543_714_304, bytes: 3_087_467_144,
        weights: "BF16", vocabulary: 151_936, memory: 6_900_000_000,
        sameTokenizerAs: ["Qwen/Qwen2.5-0.5B"]),
      .init(
        name: "Qwen/Qwen2.5-0.5B",
        path: "/home/ann/.cache/huggingface/hub/models--Qwen--Qwen2.5-0.5B/snapshots/060db643",
        place: "hub cache", family: "qwen2", parameters: 494_032_768, bytes: 988_097_824,
        weights: "BF16", vocabulary: 151_936, memory: 2_300_000_000,
        sameTokenizerAs: ["Qwen/Qwen2.5-1.5B"], roles: [.reference]),
      .init(
        name: "bartowski/Llama-3.1-70B-GGUF",
        path: "/home/ann/.lmstudio/models/bartowski/Llama-3.1-70B-GGUF/x.gguf",
        place: "LM Studio", family: "llama", parameters: 70_553_706_496, bytes: 42_520_393_152,
        weights: "Q4_K/Q6_K/F32", vocabulary: 128_256, memory: 284_000_000_000, fits: false),
      .init(
        name: "gemma3:270m", path: "/home/ann/.ollama/models/blobs/sha256-735af2139dc6",
        place: "Ollama", family: "gemma3", parameters: 268_098_176, bytes: 291_545_120,
        weights: "Q8_0/F32", vocabulary: 262_144,
        obstacle: "model_type \"gemma3\" is not supported"),
    ],
    places: ["/home/ann/.cache/huggingface/hub (hub cache)", "/home/ann/.ollama/models (Ollama)"])

  /// The same with a model in a role.
  static func list(choosing path: String, as role: ModelRole) -> ModelListSnapshot {
    var list = list
    for index in list.rows.indices {
      list.rows[index].roles.removeAll { $0 == role }
      if list.rows[index].path == path { list.rows[index].roles.append(role) }
    }
    return list
  }
}
