import Training

/// How the student of a MiniLLM arm samples and learns from its samples: what a recipe may state, the
/// rest as `MiniLLMSettings` has it.
public struct ArmSampling: Sendable, Hashable {
  /// Share of the forward divergence in the loss on text, k.
  public var ratio: Double
  public var temperature: Double
  public var promptTokens: Int
  public var newTokens: Int
  public var teacherShare: Double
  /// Sequences of a rollout at least; it is made a multiple of a step.
  public var rollouts: Int
  public var epochs: Int
  public var textWeight: Double

  /// Keys of a recipe's method that are its own.
  static let keys = [
    "kd_ratio", "temperature", "prompt_tokens", "new_tokens", "teacher_share", "rollouts",
    "rollout_epochs", "text_weight",
  ]

  private static let usual = MiniLLMSettings()
  private static let usualRatio = 0.5

  init(_ method: RecipeObject, chunkTokens: Int) throws(ExperimentError) {
    let usual = Self.usual
    ratio = try method.number("kd_ratio", "0 to 1", default: Self.usualRatio) {
      (0...1).contains($0)
    }
    temperature = try method.number("temperature", "0.01 to 1000", default: 1) {
      (0.01...1000).contains($0)
    }
    promptTokens = try method.whole(
      "prompt_tokens", 1...(chunkTokens - 2), default: max(1, (chunkTokens - 1) * 3 / 4))
    newTokens = try method.whole(
      "new_tokens", 1...(chunkTokens - promptTokens), default: chunkTokens - 1 - promptTokens)
    teacherShare = try method.number("teacher_share", "0 to 1", default: usual.teacherShare) {
      (0...1).contains($0)
    }
    rollouts = try method.whole("rollouts", 1...(1 << 24), default: usual.rollouts)
    epochs = try method.whole("rollout_epochs", 1...(1 << 24), default: usual.epochs)
    textWeight = try method.number("text_weight", "0 to 1000000", default: usual.textWeight) {
      (0...1e6).contains($0)
    }
  }

  /// For a student of so many chunks a step.
  func settings(chunksPerStep: Int) -> MiniLLMSettings {
    var settings = Self.usual
    settings.temperature = temperature
    settings.promptTokens = promptTokens
    settings.newTokens = newTokens
    settings.teacherShare = teacherShare
    settings.rollouts = (rollouts + chunksPerStep - 1) / chunksPerStep * chunksPerStep
    settings.epochs = epochs
    settings.textWeight = textWeight
    return settings
  }

  /// What tells it from others; nothing where a value is the usual one.
  var suffix: String {
    let parts: [(String, Bool)] = [
      ("-k\(ExperimentArm.label(ratio))", ratio != Self.usualRatio),
      ("-p\(promptTokens)", true), ("-n\(newTokens)", true),
      ("-a\(ExperimentArm.label(teacherShare))", teacherShare != Self.usual.teacherShare),
      ("-b\(rollouts)", rollouts != Self.usual.rollouts),
      ("-e\(epochs)", epochs != Self.usual.epochs),
      ("-w\(ExperimentArm.label(textWeight))", textWeight != Self.usual.textWeight),
      ("-t\(ExperimentArm.label(temperature))", temperature != 1),
    ]
    return parts.filter(\.1).map(\.0).joined()
  }
}
