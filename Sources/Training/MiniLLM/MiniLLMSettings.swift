import LanguageModels
import TensorKit

/// MiniLLM: a student that learns from a teacher along its own samples (Gu et al., arXiv 2306.08543), beside
/// the loss on text that `DistillationSettings` describes.
///
/// The loss of a step is the mean over its sampled tokens of a clipped policy loss and of `singleStep`
/// KL(student || teacher), and `textWeight` times the loss on the step's chunks. Defaults are those of
/// the published scripts, prompts and samples those of the baseline in MiniPLM's paper.
public struct MiniLLMSettings: Codable, Sendable, Equatable {
  /// Tokens that are taken from a chunk; all of a shorter one.
  public var promptTokens = 768
  /// Tokens that are sampled behind them at most.
  public var newTokens = 256
  /// Share of the teacher in the mixture that tokens are drawn from, a.
  public var teacherShare = 0.2
  /// Sequences that are sampled before they are trained on.
  public var rollouts = 256
  /// Passes over the sequences of a rollout.
  public var epochs = 4
  /// What log p - log q is divided by.
  public var rewardScaling = 0.5
  /// Largest absolute reward.
  public var rewardClip = 100.0
  /// What a reward loses for every token that lies between, gamma.
  public var discount = 0.95
  /// Distance from 1 at which ratios of probabilities are clipped.
  public var ratioClip = 0.2
  /// Factor of the reverse KL divergence at every position.
  public var singleStep = 1.0
  /// Factor of the loss on text.
  public var textWeight = 1.0
  /// Divides the logits of both in sampling, rewards and divergence.
  public var temperature = 1.0
  /// Sequences that are sampled together.
  public var decodeBatch = 16
  /// Floating-point operations of the teacher's head for a position, which the account of operations
  /// needs: at positions of prompts no logits are formed.
  public var teacherHeadOperations = 0.0

  public init() {}

  /// The published number of sequences, or the next whole number of steps above it.
  public static func rollouts(chunksPerStep: Int) -> Int {
    let usual = MiniLLMSettings().rollouts
    let size = max(1, chunksPerStep)
    return (usual + size - 1) / size * size
  }

  /// Positions of the longest sequence, prompt and new tokens together.
  var capacity: Int { promptTokens + newTokens }

  /// Checks every number beside those of the run.
  ///
  /// - Throws: `TrainingError.invalidSetting`.
  func validate(_ training: TrainingConfiguration) throws(TrainingError) {
    func require(
      _ holds: Bool, _ field: String, _ found: some CustomStringConvertible, _ expected: String
    ) throws(TrainingError) {
      if !holds {
        throw .invalidSetting(field: field, found: "\(found)", expected: expected)
      }
    }
    let most = 1 << 24
    try require(
      (1..<training.chunkTokens).contains(promptTokens), "promptTokens", promptTokens,
      "1 to \(training.chunkTokens - 1), fewer than the \(training.chunkTokens) tokens of a chunk")
    try require(
      newTokens > 0 && newTokens <= training.chunkTokens - promptTokens, "newTokens", newTokens,
      "1 to \(training.chunkTokens - promptTokens), as many as a chunk of \(training.chunkTokens) "
        + "tokens has behind a prompt of \(promptTokens)")
    try require((0...1).contains(teacherShare), "teacherShare", teacherShare, "0 to 1")
    try require(
      rollouts > 0 && rollouts <= most && rollouts % training.chunksPerStep == 0, "rollouts",
      rollouts, "a multiple of the \(training.chunksPerStep) chunks of a step, up to \(most)")
    try require((1...most).contains(epochs), "rolloutEpochs", epochs, "1 to \(most)")
    let factor = "above 0, up to 1000000.0"
    try require(rewardScaling > 0 && rewardScaling <= 1e6, "rewardScaling", rewardScaling, factor)
    try require(rewardClip > 0 && rewardClip <= 1e6, "rewardClip", rewardClip, factor)
    try require((0...1).contains(discount), "discount", discount, "0 to 1")
    try require(
      Float(ratioClip) > 0 && ratioClip <= 1e6, "ratioClip", ratioClip,
      "above 0 (in single precision), up to 1000000.0")
    try require((0...1e6).contains(singleStep), "singleStep", singleStep, "0 to 1000000.0")
    try require((0...1e6).contains(textWeight), "textWeight", textWeight, "0 to 1000000.0")
    try require(
      temperature >= 0.01 && temperature <= 1000, "temperature", temperature, "0.01 to 1000")
    // What is larger cannot even be planned with.
    let together = max(1, most / capacity)
    try require(
      decodeBatch > 0 && min(decodeBatch, rollouts) <= together, "decodeBatch", decodeBatch,
      "1 to \(together), of sequences of \(capacity) tokens")
  }

  /// How sequences are decoded under a model.
  func decodingPlan(
    _ model: ModelConfiguration, precision: Precision, compute: Compute
  ) -> DecodingPlan {
    DecodingPlan(
      configuration: model, sequences: min(decodeBatch, rollouts), capacity: capacity,
      precision: precision, compute: compute)
  }
}

// What a resumed run is compared with, and what is told of a run.
extension MiniLLMSettings: CustomStringConvertible {
  public var description: String {
    "prompts of \(promptTokens) tokens, up to \(newTokens) new ones, teacher's share "
      + "\(teacherShare), \(rollouts) sequences a rollout, \(epochs) epochs of each, temperature "
      + "\(temperature), rewards divided by \(rewardScaling) and clipped at \(rewardClip), discount "
      + "\(discount), ratios clipped at \(ratioClip), single-step divergence times \(singleStep), "
      + "text times \(textWeight), \(decodeBatch) decoded together"
  }
}
