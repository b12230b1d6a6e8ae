import LanguageModels
import TensorKit
import Tokenizers

extension Work {
  /// Looks at a model before anything is done with it, and passes on what a person should know of it.
  ///
  /// - Returns: the shape of the model as it is loaded.
  /// - Throws: `ModelError` for a model that cannot be loaded, and for a precision that the processor
  ///   or the purpose does not allow.
  @discardableResult func examine(
    _ model: ModelFolder, precision: Precision, for purpose: WorkspacePurpose, compute: Ops
  ) throws(ModelError) -> ModelConfiguration {
    try compute.require(precision, for: purpose)
    let examined = try model.examine()
    for warning in examined.warnings { note(warning, .warning) }
    return examined.configuration
  }

  /// Passes on what becomes of a written model's tokenizer where transformers loads it.
  ///
  /// - Parameter loaded: the model's tokenizer, where it was read already.
  func noteTokenizer(of model: ModelFolder, loaded: Tokenizer? = nil) {
    if let warning = model.tokenizerWarning(loaded: loaded) { note(warning, .warning) }
  }
}
