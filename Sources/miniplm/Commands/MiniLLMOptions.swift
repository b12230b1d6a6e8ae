import ArgumentParser
import Training

/// How a student samples and learns from its samples.
struct MiniLLMOptions: ParsableArguments {
  @Option(
    help: "minillm: tokens that are sampled behind a prompt at most. (default: 256)",
    transform: whole(1...Most.planned))
  var newTokens: Int?
  @Option(
    help: """
      minillm: a, the teacher's share in the mixture (1-a) q + a p that tokens are drawn from. (default: \
      0.2)
      """, transform: real(0...1))
  var teacherShare: Double?
  @Option(
    help: """
      minillm: sequences that are sampled before steps train on them, a multiple of --batch. (default: \
      256, or the next multiple)
      """, transform: whole(1...Most.planned))
  var rollouts: Int?
  @Option(
    help: "minillm: passes over the sequences of a rollout. (default: 4)",
    transform: whole(1...Most.planned))
  var rolloutEpochs: Int?
  @Option(
    help: "minillm: what rewards, log p - log q, are divided by. (default: 0.5)",
    transform: realAboveZero(upTo: 1e6))
  var rewardScaling: Double?
  @Option(
    help: "minillm: largest absolute reward. (default: 100)", transform: realAboveZero(upTo: 1e6))
  var rewardClip: Double?
  @Option(
    help: "minillm: what is left of a reward for every token before it. (default: 0.95)",
    transform: real(0...1))
  var discount: Double?
  @Option(
    help: "minillm: distance from 1 at which ratios of probabilities are clipped. (default: 0.2)",
    transform: realAboveZero(upTo: 1e6))
  var ratioClip: Double?
  @Option(
    help: "minillm: factor of the reverse KL at every sampled position. (default: 1)",
    transform: real(0...1e6))
  var singleStep: Double?
  @Option(
    help: "minillm: factor of the loss on text; 0 trains on samples alone. (default: 1)",
    transform: real(0...1e6))
  var textWeight: Double?
  @Flag(help: "minillm: keep what is sampled in rollouts/ of the run folder.")
  var keepRollouts = false

  /// Names of the options that are given.
  var given: [String] {
    let options: [(name: String, isGiven: Bool)] = [
      ("--new-tokens", newTokens != nil), ("--teacher-share", teacherShare != nil),
      ("--rollouts", rollouts != nil), ("--rollout-epochs", rolloutEpochs != nil),
      ("--reward-scaling", rewardScaling != nil), ("--reward-clip", rewardClip != nil),
      ("--discount", discount != nil), ("--ratio-clip", ratioClip != nil),
      ("--single-step", singleStep != nil), ("--text-weight", textWeight != nil),
      ("--keep-rollouts", keepRollouts),
    ]
    return options.filter(\.isGiven).map(\.name)
  }

  /// The settings in force beside those of a run.
  func settings(of training: TrainingConfiguration) -> MiniLLMSettings {
    var settings = MiniLLMSettings()
    settings.rollouts =
      rollouts ?? MiniLLMSettings.rollouts(chunksPerStep: training.chunksPerStep)
    settings.newTokens = newTokens ?? settings.newTokens
    settings.teacherShare = teacherShare ?? settings.teacherShare
    settings.epochs = rolloutEpochs ?? settings.epochs
    settings.rewardScaling = rewardScaling ?? settings.rewardScaling
    settings.rewardClip = rewardClip ?? settings.rewardClip
    settings.discount = discount ?? settings.discount
    settings.ratioClip = ratioClip ?? settings.ratioClip
    settings.singleStep = singleStep ?? settings.singleStep
    settings.textWeight = textWeight ?? settings.textWeight
    return settings
  }
}
