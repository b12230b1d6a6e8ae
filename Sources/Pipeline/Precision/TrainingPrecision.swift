import LanguageModels
public import TensorKit
import Training

/// What `auto` comes to where models are trained.
public enum TrainingPrecision {
  /// Smaller models are trained in seconds or minutes; they stay in the reference.
  static let leastParameters = 16_000_000

  /// The precision of the runs that are there; else bf16 where the processor trains in it and the
  /// largest of the models is not too small to gain by it; else f32.
  ///
  /// - Parameters:
  ///   - runs: folders of runs, also such as have not begun.
  ///   - parameters: of the largest model.
  public static func resolve(
    _ setting: PrecisionSetting, runs: [String], parameters: Int, capability: ProductCapability
  ) -> Precision {
    if let exact = setting.exact { return exact }
    for run in runs {
      if let found = CheckpointStore.recordedPrecision(runFolder: run) { return found }
    }
    return parameters >= leastParameters && capability.has(.bf16, for: .training) ? .bf16 : .f32
  }
}
