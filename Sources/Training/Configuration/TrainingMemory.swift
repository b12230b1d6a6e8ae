public import LanguageModels
public import TensorKit

/// Bytes that a run will hold, known before anything is allocated.
public struct TrainingMemory: Sendable, Equatable {
  /// Weights of all students.
  public let weightBytes: Int
  /// Gradients of all students.
  public let gradientBytes: Int
  /// Both moments of all students.
  public let momentBytes: Int
  /// Activations and scratch of one micro-batch, shared by the students.
  public let activationBytes: Int
  /// A teacher beside them: its weights, its activations, and the logits of one block of tokens.
  public let teacherBytes: Int
  /// Bytes of everything.
  public var totalBytes: Int {
    weightBytes + gradientBytes + momentBytes + activationBytes + teacherBytes
  }

  /// Plans for `students` of one shape that take turns with one workspace.
  public init(
    model: ModelConfiguration, training: TrainingConfiguration, students: Int = 1,
    teacher: PlannedTeacher? = nil, compute: Compute
  ) {
    teacherBytes = teacher?.bytes(training, student: model, compute) ?? 0
    let plan = MemoryPlan(
      configuration: model,
      maximumTokens: training.tokensPerMicroBatch, maximumSequences: training.chunksPerMicroBatch,
      precision: training.precision, purpose: training.purpose, compute: compute)
    weightBytes = plan.weightBytes * students
    gradientBytes = plan.gradientBytes * students
    momentBytes = plan.momentBytes * students
    activationBytes = plan.activationBytes
  }

  /// Plans and refuses what does not fit.
  ///
  /// - Throws: `TrainingError.doesNotFit` with the largest micro-batch that would, as it is and
  ///   with block checkpointing.
  public static func check(
    model: ModelConfiguration, training: TrainingConfiguration, students: Int = 1,
    teacher: PlannedTeacher? = nil, compute: Compute,
    limitBytes: Int = SystemMemory.available()
  ) throws(TrainingError) -> TrainingMemory {
    func plan(_ chunks: Int, checkpointBlocks: Bool) -> TrainingMemory {
      var smaller = training
      smaller.chunksPerMicroBatch = chunks
      smaller.checkpointBlocks = checkpointBlocks
      return TrainingMemory(
        model: model, training: smaller, students: students, teacher: teacher, compute: compute)
    }
    /// Bytes grow with chunks: bisects for the largest micro-batch that fits.
    func fitting(checkpointBlocks: Bool) -> Int? {
      var fitting = 0
      var tooMany = training.chunksPerMicroBatch + 1
      while tooMany - fitting > 1 {
        let middle = (fitting + tooMany) / 2
        let bytes = plan(middle, checkpointBlocks: checkpointBlocks).totalBytes
        if bytes <= limitBytes { fitting = middle } else { tooMany = middle }
      }
      return fitting > 0 ? fitting : nil
    }
    let wanted = plan(training.chunksPerMicroBatch, checkpointBlocks: training.checkpointBlocks)
    if wanted.totalBytes <= limitBytes { return wanted }
    throw .doesNotFit(
      neededBytes: wanted.totalBytes, availableBytes: limitBytes,
      chunks: training.chunksPerMicroBatch,
      fittingChunks: fitting(checkpointBlocks: training.checkpointBlocks),
      checkpointedChunks: training.checkpointBlocks ? nil : fitting(checkpointBlocks: true))
  }
}
