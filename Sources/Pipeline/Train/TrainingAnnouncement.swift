import Corpus
import LanguageModels
import Numerics
import Training

/// What a training will be, told before its first step: recipe, size, computation, epochs.
struct TrainingAnnouncement {
  let model: ModelConfiguration
  let training: TrainingConfiguration
  /// The recipe by whose name it was asked for.
  let preset: TrainingPreset?
  /// Chunks that one student is trained on.
  let chunkCount: Int
  /// Mean input positions of a chunk, and their number in all steps.
  let inputsPerChunk: Double
  let tokens: Double
  /// Students of this kind that are trained in turn.
  let students: Int

  init(
    _ model: ModelConfiguration, _ training: TrainingConfiguration, preset: TrainingPreset?,
    chunks: any ChunkSource, students: Int = 1
  ) {
    self.model = model
    self.training = training
    self.preset = preset
    self.students = students
    chunkCount = chunks.count
    inputsPerChunk = chunks.meanInputs(chunkTokens: training.chunkTokens)
    let all = inputsPerChunk * Double(training.chunksPerStep) * Double(training.steps)
    tokens = training.tokenBudget.map { min(all, Double($0)) } ?? all
  }

  /// What one student's training computes.
  var account: ComputeAccount {
    var account = ComputeAccount()
    account.add(
      training, of: ModelOperations(model), steps: steps, textTokens: tokens, length: inputs)
    return account
  }

  /// Steps that are made: fewer where a budget of tokens ends the run before.
  private var steps: Int {
    let perStep = inputsPerChunk * Double(training.chunksPerStep)
    guard training.tokenBudget != nil, perStep > 0 else { return training.steps }
    return min(training.steps, Int((tokens / perStep).rounded(.up)))
  }

  private var inputs: Int { max(1, Int(inputsPerChunk.rounded())) }

  /// Line by line.
  var lines: [String] { presetLines + [recipeLine, sizeLine, epochLine] + samplingLines }

  /// What a student that learns from its samples computes, step by step.
  private var samplingLines: [String] {
    guard let settings = training.minillm else { return [] }
    let perRollout = settings.steps(ofRollout: training)
    func share(_ tasks: Set<ComputeAccount.Task>) -> String {
      Number.significant(account.operations(of: tasks) / Double(max(1, steps)), 3)
    }
    let rollouts = (steps + perRollout - 1) / perRollout
    return [
      "\(Number.grouped(rollouts)) rollout\(rollouts == 1 ? "" : "s") of "
        + "\(Number.grouped(settings.rollouts)) sequences, each for \(Number.grouped(perRollout)) "
        + "steps",
      "FLOPs of a step, of a rollout its part, where no sequence ends early: "
        + "\(share([.studentTraining])) student forward and backward, "
        + "\(share([.studentSampling])) student sampling and scoring, "
        + "\(share([.teacherSampling])) teacher on samples, "
        + "\(share([.teacherDistillation])) teacher on text",
    ]
  }

  private var presetLines: [String] {
    guard let preset else { return [] }
    let changes = training.changes(from: preset.training)
    let given =
      changes.isEmpty
      ? "all settings as it has them" : "but \(changes.map(\.words).joined(separator: ", "))"
    return ["preset \(preset.name) (\(preset.summary)), \(given)"]
      + preset.notes.map { "preset \(preset.name): \($0)" }
  }

  var recipeLine: String {
    let t = training
    func number(_ value: Double) -> String { Number.significant(value, 6) }
    let rate =
      t.schedule == .constant
      ? "learning rate \(number(t.learningRate))"
      : "learning rate \(number(t.learningRate)) to \(number(t.minimumLearningRate)) by a cosine, "
        + "warm-up \(Number.grouped(t.warmupSteps)) of \(Number.grouped(t.steps)) steps"
    return "\(rate); \(Number.grouped(t.chunksPerStep)) chunks of up to "
      + "\(Number.grouped(t.chunkTokens)) tokens a step; AdamW \(number(t.beta1)), "
      + "\(number(t.beta2)), \(number(t.epsilon)), weight decay \(number(t.weightDecay)) of "
      + (t.decayPolicy == .all ? "every parameter" : "matrices only") + ", "
      + (t.gradientClip.map { "clipping at \(number($0))" } ?? "no clipping")
  }

  private var sizeLine: String {
    let each = students > 1 ? " each" : ""
    return "\(Number.grouped(model.parameterCount)) parameters, "
      + "\(Number.short(tokens)) tokens, \(Number.significant(account.total, 3)) FLOPs\(each) (6 N D: "
      + "\(Number.significant(account.approximateTotal, 3)))"
  }

  var epochLine: String {
    let perEpoch = max(1, chunkCount / training.chunksPerStep)
    let epochs = Double(training.steps) / Double(perEpoch)
    let leftOut = chunkCount - perEpoch * training.chunksPerStep
    let passes =
      epochs > 1
      ? "\(Number.significant(epochs, 3)) epochs of \(Number.grouped(perEpoch)) steps over "
        + "\(Number.grouped(chunkCount)) chunks, "
        + (training.order == .shuffled
          ? "in a new order each" : "in the order of the corpus each time")
      : "\(Number.significant(epochs * 100, 3)) % of one epoch of \(Number.grouped(perEpoch)) steps, "
        + (training.order == .shuffled ? "shuffled" : "in the order of the corpus")
    return passes
      + (leftOut > 0 && epochs >= 1
        ? "; \(Number.grouped(leftOut)) chunks that fill no step are left out of each" : "")
  }
}

extension TrainingAnnouncement {
  /// The time that all steps will take, from a pass or two over random tokens, a teacher's passes in
  /// proportion to their operations: what is shown before a new run starts.
  ///
  /// Gradients are cleared before every step, and nothing else is touched.
  ///
  /// - Throws: `WorkStopped`, `ModelError`.
  func timeLine(
    _ model: any CausalLanguageModel, _ workspace: Workspace, _ work: Work
  ) throws -> String {
    work.report(WorkProgress(nil, detail: "measuring this machine"))
    let inputs = max(1, Int(inputsPerChunk.rounded()))
    let batch = try MeasuredPace.batch(
      chunks: training.chunksPerMicroBatch, inputs: inputs,
      vocabularySize: model.configuration.vocabularySize)
    let alone = try MeasuredPace.tokensPerSecond(
      tokens: batch.tokenCount, seconds: Self.measuredSeconds, most: 5, work
    ) { _ = try model.lossAndGradients(batch, workspace: workspace) }
    let pace = alone / teacherFactor
    let seconds = tokens * Double(students) / pace
    let time =
      seconds < Self.year
      ? Number.duration(seconds) : "\(Number.short(seconds / Self.year)) years"
    return "about \(time) at \(Number.grouped(Int(pace.rounded()))) tokens/s on this machine, by "
      + "first passes"
  }

  /// What a step takes with a teacher beside the student, of what it takes alone. A cache was computed
  /// before.
  private var teacherFactor: Double {
    guard let teacher = training.distillation?.teacher, teacher.cache == nil,
      tokens > 0
    else { return 1 }
    let own = ModelOperations(model).training(length: inputs) * tokens / Double(inputs)
    return account.total / own
  }

  private static let year = 31_557_600.0

  private static let measuredSeconds = 0.3
}
