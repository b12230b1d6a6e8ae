import LanguageModels
import TensorKit

extension Work {
  /// Looks at a model before anything is done with it, and passes on what a person should know of it.
  ///
  /// - Throws: `ModelError` for a model that cannot be loaded, and for a precision that the processor
  ///   or the purpose does not allow.
  func examine(
    _ model: ModelFolder, precision: Precision, for purpose: WorkspacePurpose, compute: Ops
  ) throws(ModelError) {
    try compute.require(precision, for: purpose)
    for warning in try model.examine().warnings { note(warning, .warning) }
  }
}
