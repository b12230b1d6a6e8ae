public import DifferenceSampling
public import LanguageModels
import Numerics
public import TensorKit
public import Training

/// What a job will hold in memory, as a line for people.
public enum MemoryText {
  /// What a training run will hold, for example "f32, 2.1 GB of memory: weights 416.0 MB, ...".
  public static func plan(
    of memory: TrainingMemory, _ training: TrainingConfiguration
  ) -> String {
    "\(training.precision.rawValue), \(Number.bytes(memory.totalBytes)) of memory: weights "
      + "\(Number.bytes(memory.weightBytes)), gradients \(Number.bytes(memory.gradientBytes)), moments "
      + "\(Number.bytes(memory.momentBytes)), activations \(Number.bytes(memory.activationBytes)) for "
      + "\(Number.grouped(training.tokensPerMicroBatch)) tokens"
      + (training.checkpointBlocks ? " with block checkpointing" : "")
      + (memory.teacherBytes > 0 ? ", teacher \(Number.bytes(memory.teacherBytes))" : "")
  }

  /// What a model that only reads will hold, and what choices of items take beside it.
  public static func plan(
    of memory: MemoryPlan, _ precision: Precision, branches: Int = 0
  ) -> String {
    "\(precision.rawValue), \(Number.bytes(memory.totalBytes + branches)) of memory: weights "
      + "\(Number.bytes(memory.weightBytes)), activations \(Number.bytes(memory.activationBytes)) "
      + (branches > 0 ? "and \(Number.bytes(branches)) for choices " : "")
      + "for batches of \(Number.grouped(memory.maximumTokens)) tokens"
  }

  /// What a scoring job will hold.
  public static func plan(of memory: ScoringMemory) -> String {
    let settings = memory.settings
    let models = [memory.teacher, memory.reference]
    return "\(settings.precision.rawValue), \(Number.bytes(memory.totalBytes)) of memory: weights "
      + models.map { Number.bytes($0.weightBytes) }.joined(separator: " and ") + ", activations "
      + models.map { Number.bytes($0.activationBytes) }.joined(separator: " and ")
      + " for batches of \(Number.grouped(settings.tokensPerBatch)) tokens"
      + (settings.passes == .onePassEach ? ", one model at a time" : "")
  }
}
