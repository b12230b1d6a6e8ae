public import LanguageModels
import Store
public import TensorKit

/// What `auto` comes to where a model is evaluated or continues text.
///
/// There is no second model whose differences would show what a narrower precision spoils, so that
/// accuracy goes first: f32 where it fits into the memory, else the widest that does.
public enum ReadingPrecision {
  /// For losses of `models`, all in one precision.
  ///
  /// - Throws: `ModelError` for a folder that cannot be looked at.
  public static func resolve(
    _ setting: PrecisionSetting, models: [ModelFolder], tokens: Int, compute: Ops,
    limitBytes: Int = SystemMemory.available()
  ) throws -> Precision {
    try resolve(setting, models, limitBytes: limitBytes) { model, precision in
      MemoryPlan(
        configuration: model, maximumTokens: tokens, precision: precision, purpose: .scoring,
        compute: compute
      ).totalBytes
    }
  }

  /// For text of a model; lines that are there keep theirs.
  ///
  /// - Parameter output: file of the lines, if they go into one.
  /// - Throws: as above.
  public static func resolve(
    _ setting: PrecisionSetting, model: ModelFolder, newTokens: Int, output: String?,
    compute: Ops, limitBytes: Int = SystemMemory.available()
  ) throws -> Precision {
    if setting == .auto, let output, let found = GenerationFile.recordedPrecision(output) {
      return found
    }
    return try resolve(setting, [model], limitBytes: limitBytes) { model, precision in
      MemoryPlan(
        configuration: model, maximumTokens: newTokens, precision: precision, purpose: .scoring,
        compute: compute
      ).totalBytes
    }
  }

  private static func resolve(
    _ setting: PrecisionSetting, _ models: [ModelFolder], limitBytes: Int,
    bytes: (ModelConfiguration, Precision) -> Int
  ) throws -> Precision {
    if let exact = setting.exact { return exact }
    let shapes = try models.map { try $0.configuration() }
    let fitting = [Precision.f32, .bf16, .int8].first { precision in
      shapes.allSatisfy { bytes($0, precision) <= limitBytes }
    }
    // Where none fits, the narrowest says what it lacks.
    return fitting ?? .int8
  }
}
