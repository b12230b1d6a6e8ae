public import Store

/// What can be wrong with a model: its configuration, its files, or the memory that it needs.
public enum ModelError: ActionableError, Equatable {
  /// A key of config.json is missing, of the wrong type or out of range.
  case configuration(key: String, found: String, expected: String)
  /// The model needs something that this engine does not do.
  case unsupported(feature: String, found: String, supported: String)
  /// The tensors of a folder are not those of its configuration: every difference at once.
  case tensors(path: String, problems: [TensorProblem])
  /// A folder holds no model that can be read.
  case folder(path: String, found: String, expected: String)
  /// A configuration names no end-of-text token.
  case noEndOfText(path: String)
  /// The weights are in a format that has to be converted first.
  case needsConversion(path: String, command: String)
  /// A file could not be read or written, or is damaged.
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
  /// A precision that processor or purpose do not allow.
  case precision(found: String, expected: String)

  public var message: String {
    switch self {
    case .configuration(let key, let found, let expected):
      "config.json: `\(key)` is \(found), expected \(expected)."
    case .unsupported(let feature, let found, let supported):
      "config.json: \(feature) \(found) is not supported; supported: \(supported)."
    case .tensors(let path, let problems):
      "\(path): \(problems.count) tensors do not match config.json: "
        + problems.prefix(8).map(\.description).joined(separator: "; ")
        + (problems.count > 8 ? "; and \(problems.count - 8) more." : ".")
    case .folder(let path, let found, let expected):
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
      "Chunk \(chunk): found token \(token), expected 0 ..< \(vocabularySize)."
    case .sampling(let setting, let found, let expected):
      "The \(setting) is \(found), expected \(expected)."
    case .prompt(let found, let expected):
      "A prompt has \(found), expected \(expected)."
    case .logitsNotFinite:
      "The model's logits hold NaN or infinity."
    case .precision(let found, let expected):
      "Found \(found), expected \(expected)."
    }
  }

  public var hint: String {
    switch self {
    case .configuration, .unsupported:
      "Use a model of a family that is known (\(Family.allCases.map(\.name).joined(separator: ", "))), "
        + "or correct its config.json."
    case .tensors:
      "Use the config.json that was saved with these weights, or download the model again."
    case .folder:
      "Give the folder that holds config.json and model.safetensors."
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
    }
  }

  private static func size(_ bytes: Int) -> String {
    let mebibytes = (Double(bytes) / 1_048_576 * 10).rounded() / 10
    return "\(mebibytes) MiB"
  }
}

/// One tensor that differs from what the configuration asks for.
public enum TensorProblem: Sendable, Equatable, CustomStringConvertible {
  /// The configuration asks for it, the files lack it.
  case missing(name: String, expected: [Int])
  /// The files hold it, the configuration knows no such tensor.
  case unexpected(name: String, found: [Int])
  /// The shapes differ.
  case shape(name: String, found: [Int], expected: [Int])
  /// The element type cannot be read as weights.
  case elementType(name: String, found: String)
  /// Some values are NaN or infinite.
  case notFinite(name: String)

  public var description: String {
    switch self {
    case .missing(let name, let expected): "\(name) missing, expected \(expected)"
    case .unexpected(let name, let found): "\(name) \(found) unexpected"
    case .shape(let name, let found, let expected):
      "\(name) found \(found), expected \(expected)"
    case .elementType(let name, let found): "\(name) found \(found), expected F32, F16 or BF16"
    case .notFinite(let name): "\(name) found NaN or infinity, expected finite values"
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
