public import DifferenceSampling
import LanguageModels
import TensorKit
public import Training

extension Text {
  /// What a training run will hold, for example "f32, 2.1 GB of memory: weights 416.0 MB, ...".
  public static func plan(
    of memory: TrainingMemory, _ training: TrainingConfiguration
  ) -> String {
    "\(training.precision.rawValue), \(bytes(memory.totalBytes)) of memory: weights "
      + "\(bytes(memory.weightBytes)), gradients \(bytes(memory.gradientBytes)), moments "
      + "\(bytes(memory.momentBytes)), activations \(bytes(memory.activationBytes)) for "
      + "\(grouped(training.tokensPerMicroBatch)) tokens"
      + (training.checkpointBlocks ? " with block checkpointing" : "")
  }

  /// What a scoring job will hold.
  public static func plan(of memory: ScoringMemory) -> String {
    let settings = memory.settings
    let models = [memory.teacher, memory.reference]
    return "\(settings.precision.rawValue), \(bytes(memory.totalBytes)) of memory: weights "
      + models.map { bytes($0.weightBytes) }.joined(separator: " and ") + ", activations "
      + models.map { bytes($0.activationBytes) }.joined(separator: " and ")
      + " for batches of \(grouped(settings.tokensPerBatch)) tokens"
      + (settings.passes == .onePassEach ? ", one model at a time" : "")
  }
}
