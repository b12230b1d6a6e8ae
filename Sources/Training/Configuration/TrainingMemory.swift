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
  /// Bytes of everything.
  public var totalBytes: Int { weightBytes + gradientBytes + momentBytes + activationBytes }

  /// Plans for `students` of one shape that take turns with one workspace.
  public init(
    model: ModelConfiguration, training: TrainingConfiguration, students: Int = 1,
    compute: Compute
  ) {
    let plan = MemoryPlan(
      configuration: model,
      maximumTokens: training.chunksPerMicroBatch * (training.chunkTokens - 1),
      maximumSequences: training.chunksPerMicroBatch, purpose: .training, compute: compute)
    weightBytes = plan.weightBytes * students
    gradientBytes = plan.gradientBytes * students
    momentBytes = plan.momentBytes * students
    activationBytes = plan.activationBytes
  }

  /// Plans and refuses what does not fit.
  ///
  /// - Throws: `TrainingError.doesNotFit` with the largest micro-batch that would.
  public static func check(
    model: ModelConfiguration, training: TrainingConfiguration, students: Int = 1,
    compute: Compute, limitBytes: Int = SystemMemory.available()
  ) throws(TrainingError) -> TrainingMemory {
    func plan(_ chunks: Int) -> TrainingMemory {
      var smaller = training
      smaller.chunksPerMicroBatch = chunks
      return TrainingMemory(model: model, training: smaller, students: students, compute: compute)
    }
    let wanted = plan(training.chunksPerMicroBatch)
    if wanted.totalBytes <= limitBytes { return wanted }
    // Bytes grow with chunks: bisect for the largest micro-batch that fits.
    var fitting = 0
    var tooMany = training.chunksPerMicroBatch
    while tooMany - fitting > 1 {
      let middle = (fitting + tooMany) / 2
      if plan(middle).totalBytes <= limitBytes { fitting = middle } else { tooMany = middle }
    }
    throw .doesNotFit(
      neededBytes: wanted.totalBytes, availableBytes: limitBytes,
      fittingChunks: fitting > 0 ? fitting : nil, chunks: training.chunksPerMicroBatch)
  }
}
