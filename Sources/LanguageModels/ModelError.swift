public import Store
public import TensorKit

/// What can be wrong with a model: its configuration, its files, or the memory that it needs.
public enum ModelError: ActionableError, Equatable {
  /// A key of a configuration is missing, of the wrong type or out of range; `path` is its file.
  case configuration(key: String, found: String, expected: String, path: String? = nil)
  /// The model needs something that this engine does not do; `path` is the file that says so.
  case unsupported(feature: String, found: String, supported: String, path: String? = nil)
  /// The tensors of a folder are not those of its configuration: every difference at once. `advice`
  /// is what helps where the differences have one cause.
  case tensors(path: String, problems: [TensorProblem], advice: String? = nil)
  /// A folder holds no model that can be read.
  case folder(path: String, found: String, expected: String)
  /// A file of a model is not what its name promises.
  case unusable(path: String, found: String, expected: String, advice: String)
  /// A configuration names no end-of-text token.
  case noEndOfText(path: String)
  /// The weights are in a format that has to be converted first.
  case needsConversion(path: String, command: String)
  /// A file could not be read or written.
  case file(StoreError)
  /// A model or its activations do not fit.
  case memory(neededBytes: Int, limitBytes: Int, fitting: String)
  /// A batch is not valid for the model or the workspace.
  case batch(found: String, expected: String)
  /// A chunk holds a token that is not in the model's vocabulary.
  case tokenOutOfRange(chunk: Int, token: Int, vocabularySize: Int)
  /// A setting of the sampler is out of range.
  case sampling(setting: String, found: String, expected: String)
  /// A prompt that cannot be continued.
  case prompt(found: String, expected: String)
  /// The model's logits hold NaN or infinity.
  case logitsNotFinite
  /// A precision that the purpose does not allow.
  case precision(found: String, expected: String)
  /// A precision that the processor has no products for.
  case processor(Precision, has: String, precisions: [Precision])

  public var message: String {
    switch self {
    case .configuration(let key, let found, let expected, let path):
      "\(path ?? "The model's configuration"): `\(key)` is \(found), expected \(expected)."
    case .unsupported(let feature, let found, let supported, let path):
      "\(path ?? "The model's configuration"): \(feature) \(found) is not supported; "
        + "supported: \(supported)."
    case .tensors(let path, let problems, _):
      "\(path): \(problems.count) \(problems.count == 1 ? "tensor does" : "tensors do") not match "
        + "the configuration: " + problems.prefix(8).map(\.description).joined(separator: "; ")
        + (problems.count > 8 ? "; and \(problems.count - 8) more." : ".")
    case .folder(let path, let found, let expected):
      "\(path): found \(found), expected \(expected)."
    case .unusable(let path, let found, let expected, _):
      "\(path): found \(found), expected \(expected)."
    case .noEndOfText(let path):
      "\(path) names no eos_token_id, expected the token that ends a text."
    case .needsConversion(let path, _):
      "\(path) holds pickled weights, which can run code when they are read."
    case .file(let error): error.message
    case .memory(let needed, let limit, _):
      "This needs \(Self.size(needed)) of memory; the limit is \(Self.size(limit))."
    case .batch(let found, let expected):
      "A batch has \(found), expected \(expected)."
    case .tokenOutOfRange(let chunk, let token, let vocabularySize):
      "Chunk \(chunk): found token \(token), expected 0 ..< \(vocabularySize), the model's "
        + "vocabulary."
    case .sampling(let setting, let found, let expected):
      "The \(setting) is \(found), expected \(expected)."
    case .prompt(let found, let expected):
      "A prompt has \(found), expected \(expected)."
    case .logitsNotFinite:
      "The model's logits hold NaN or infinity."
    case .precision(let found, let expected):
      "Found \(found), expected \(expected)."
    case .processor(let precision, let has, _):
      "Training in \(precision.rawValue) needs \(precision.instructions); this processor has "
        + "\(has)."
    }
  }

  public var hint: String {
    switch self {
    case .configuration:
      "Correct the key, or take the config.json that belongs to these weights."
    case .unsupported(let feature, _, _, _) where feature == Family.key:
      "Use a model of a family that is known: "
        + Family.allCases.map(\.name).joined(separator: ", ") + "."
    case .unsupported:
      "Use a model without it: it changes what the model computes, so that it cannot be left out."
    case .tensors(_, let problems, _) where problems.allSatisfy(\.isNotFinite):
      "Download the model again; if the values stay, its training diverged or they were stored in too "
        + "small a range (F16): take another file of it."
    case .tensors(_, _, let advice):
      advice
        ?? "Use the config.json that was saved with these weights, or download the model again."
    case .folder:
      "Give the folder that holds config.json and model.safetensors."
    case .unusable(_, _, _, let advice): advice
    case .noEndOfText:
      "Write it into the file, or give --eos."
    case .needsConversion(_, let command):
      "Convert once with: \(command)"
    case .file(let error): error.hint
    case .memory(_, _, let fitting): fitting
    case .batch, .tokenOutOfRange:
      "Check that the corpus was tokenized with this model's tokenizer."
    case .sampling: "Change the setting."
    case .prompt: "Change the prompt, or use the tokenizer of the model's own folder."
    case .logitsNotFinite: "Check the weights: the training of this model may have diverged."
    case .precision:
      "Choose --precision f32, which runs everywhere and is the reference."
    case .processor(_, _, let precisions):
      "Train with --precision \(precisions.map(\.rawValue).joined(separator: " or ")) (in a project: "
        + "trainingPrecision of project.json), or use a machine that has it."
    }
  }

  private static func size(_ bytes: Int) -> String {
    let mebibytes = (Double(bytes) / 1_048_576 * 10).rounded() / 10
    return "\(mebibytes) MiB"
  }

  /// The same error of the configuration in the file at `path`.
  func located(at path: String) -> ModelError {
    switch self {
    case .configuration(let key, let found, let expected, nil):
      .configuration(key: key, found: found, expected: expected, path: path)
    case .unsupported(let feature, let found, let supported, nil):
      .unsupported(feature: feature, found: found, supported: supported, path: path)
    default: self
    }
  }
}

extension ModelError {
  static var needsTrainingWorkspace: ModelError {
    .batch(found: "a workspace for scoring", expected: "one for training")
  }

  static var foreignWorkspace: ModelError {
    .batch(
      found: "a workspace of another model or precision", expected: "one of this configuration")
  }
}
