/// What a student learns from the teacher itself, beside or in place of text that was chosen.
public enum ArmTeaching: Sendable, Hashable {
  /// Vanilla KD: (1 - ratio) LM + ratio T^2 KL(teacher || student), the teacher beside the student.
  case vanillaKD(ratio: Double, temperature: Double)
  /// SeqKD: the teacher writes the rest of every chunk behind its first tokens.
  case seqKD(promptTokens: Int, temperature: Double)
  /// MiniLLM: the student learns along its own samples, the teacher beside it.
  case miniLLM(ArmSampling)

  /// As a recipe names it.
  enum Name: String, CaseIterable {
    case vanillaKD = "vanilla-kd"
    case seqKD = "seqkd"
    case miniLLM = "minillm"

    /// Keys of a recipe's method that are its own.
    var keys: [String] {
      switch self {
      case .vanillaKD: ["kd_ratio", "temperature"]
      case .seqKD: ["prompt_tokens", "temperature"]
      case .miniLLM: ArmSampling.keys
      }
    }
  }

  var name: Name {
    switch self {
    case .vanillaKD: .vanillaKD
    case .seqKD: .seqKD
    case .miniLLM: .miniLLM
    }
  }

  /// Reads the keys that belong to `name`.
  init(_ name: Name, _ method: RecipeObject, chunkTokens: Int) throws(ExperimentError) {
    if name == .miniLLM {
      self = .miniLLM(try ArmSampling(method, chunkTokens: chunkTokens))
      return
    }
    let temperature = try method.number("temperature", "0.01 to 1000", default: 1) {
      (0.01...1000).contains($0)
    }
    switch name {
    case .vanillaKD:
      self = .vanillaKD(
        ratio: try method.number("kd_ratio", "0 to 1", default: Self.usualRatio) {
          (0...1).contains($0)
        }, temperature: temperature)
    case .seqKD, .miniLLM:
      // Published: 768 tokens of 1024.
      self = .seqKD(
        promptTokens: try method.whole(
          "prompt_tokens", 1...(chunkTokens - 1), default: max(1, (chunkTokens - 1) * 3 / 4)),
        temperature: temperature)
    }
  }

  /// What tells it from others of its name; nothing where a value is the usual one.
  var suffix: String {
    func heat(_ temperature: Double) -> String {
      temperature == 1 ? "" : "-t\(ExperimentArm.label(temperature))"
    }
    switch self {
    case .vanillaKD(let ratio, let temperature):
      return (ratio == Self.usualRatio ? "" : "-k\(ExperimentArm.label(ratio))") + heat(temperature)
    case .seqKD(let prompt, let temperature): return "-p\(prompt)" + heat(temperature)
    case .miniLLM(let sampling): return sampling.suffix
    }
  }

  private static let usualRatio = 0.5
}
