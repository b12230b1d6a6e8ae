public import Store

/// What can go wrong with tokenizers and their files.
public enum TokenizerError: ActionableError, Equatable {
  /// A file cannot be read or written.
  case file(path: String, reason: String)
  /// A file is no JSON; `offset` counts bytes.
  case malformedJSON(path: String, offset: Int, reason: String)
  /// A part of tokenizer.json is not what its place promises.
  case malformed(field: String, found: String, expected: String)
  /// A part of tokenizer.json asks for something this tokenizer does not do.
  case unsupported(field: String, found: String, supported: String)
  /// A regular expression with something that the engine here does not know.
  case unsupportedPattern(field: String, pattern: String)
  /// Training was asked for something impossible.
  case training(reason: String)
  /// Training was stopped by its caller.
  case cancelled

  public var message: String {
    switch self {
    case .file(let path, let reason):
      "\(path): \(reason)."
    case .malformedJSON(let path, let offset, let reason):
      "\(path) is no valid JSON at byte \(offset): \(reason)."
    case .malformed(let field, let found, let expected):
      "tokenizer.json, \(field): found \(found), expected \(expected)."
    case .unsupported(let field, let found, let supported):
      "tokenizer.json, \(field): \(found) is not supported, only \(supported)."
    case .unsupportedPattern(let field, let pattern):
      "tokenizer.json, \(field): the pattern \(pattern) is not supported."
    case .training(let reason):
      "Cannot train a tokenizer: \(reason)."
    case .cancelled:
      "Training of the tokenizer was stopped."
    }
  }

  public var hint: String {
    switch self {
    case .file:
      "Give a tokenizer.json, or a folder that holds one."
    case .malformedJSON, .malformed:
      "Fetch the file again: it may be cut short or damaged."
    case .unsupported:
      "Use a tokenizer.json as version 0.23 of Hugging Face's tokenizers writes it."
    case .unsupportedPattern:
      "Use a tokenizer with the pattern of GPT-2, Qwen2, Llama 3 or Falcon."
    case .training:
      "Change the settings or give more text."
    case .cancelled:
      ""
    }
  }
}
