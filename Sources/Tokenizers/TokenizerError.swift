public import Store

/// What can go wrong with tokenizers and their files.
public indirect enum TokenizerError: ActionableError, Equatable {
  /// A file cannot be read or written.
  case file(path: String, reason: String)
  /// A file, or a folder, is something else than a tokenizer.
  case noTokenizer(path: String, found: String, advice: String)
  /// A file beside tokenizer.json is something else than its name says.
  case otherFile(path: String, found: String, expected: String, advice: String)
  /// A file is no JSON; `offset` counts bytes.
  case malformedJSON(path: String, offset: Int, reason: String)
  /// A part of tokenizer.json is not what its place promises.
  case malformed(field: String, found: String, expected: String)
  /// A part of tokenizer.json asks for something this tokenizer does not do.
  case unsupported(field: String, found: String, supported: String)
  /// A part of tokenizer.json that has to be changed in a way that can be told.
  case unusable(field: String, found: String, expected: String, advice: String)
  /// A regular expression with something that the engine here does not know.
  case unsupportedPattern(field: String, pattern: String, reason: String)
  /// An error in the file at `path`.
  case inFile(path: String, TokenizerError)
  /// Training was asked for something impossible.
  case training(reason: String)
  /// Training was stopped by its caller.
  case cancelled

  /// The same, said of a file beside tokenizer.json.
  func besideTokenizer(advice: String? = nil) -> TokenizerError {
    guard case .noTokenizer(let path, let found, let own) = self else { return self }
    return .otherFile(
      path: path, found: found, expected: "a JSON object, as transformers writes it",
      advice: advice ?? own)
  }

  /// A GGUF file that cannot be read.
  static func damagedGGUF(path: String, _ error: StoreError) -> TokenizerError {
    guard case .malformed(_, let found, let expected) = error else {
      return .file(path: path, reason: error.message)
    }
    return .otherFile(
      path: path, found: "a GGUF file with \(found)", expected: expected,
      advice: GGUFVocabulary.advice)
  }

  /// The vocabulary lacks the token of what it does not know.
  static func unknownToken(_ name: String, field: String) -> TokenizerError {
    .unusable(
      field: field, found: "\"\(name)\", which model.vocab lacks",
      expected: "a token of model.vocab",
      advice: """
        Add it to model.vocab in the file: without it, text that the vocabulary lacks would be left \
        out.
        """)
  }

  public var message: String { message(in: "tokenizer.json") }

  /// - Parameter file: where fields stand.
  private func message(in file: String) -> String {
    switch self {
    case .file(let path, let reason):
      "\(path): \(reason)."
    case .noTokenizer(let path, let found, _):
      "\(path) is no tokenizer.json: found \(found)."
    case .otherFile(let path, let found, let expected, _):
      "\(path): found \(found), expected \(expected)."
    case .malformedJSON(let path, let offset, let reason):
      "\(path) is no valid JSON at byte \(offset): \(reason)."
    case .malformed(let field, let found, let expected),
      .unusable(let field, let found, let expected, _):
      "\(file), \(Self.short(field)): found \(Self.short(found)), expected \(expected)."
    case .unsupported(let field, let found, let supported):
      "\(file), \(Self.short(field)): \(Self.short(found)) is not supported, only \(supported)."
    case .unsupportedPattern(let field, let pattern, let reason):
      "\(file), \(field): the pattern \(Self.short(pattern)) is not supported: \(reason)."
    case .inFile(let path, let error): error.message(in: path)
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
    case .noTokenizer(_, _, let advice), .otherFile(_, _, _, let advice),
      .unusable(_, _, _, let advice):
      advice
    case .malformedJSON:
      "Fetch the file again: it may be cut short or damaged."
    case .malformed:
      "Correct that in the file, or fetch it again: it may be damaged."
    case .unsupported:
      "Use a tokenizer.json as version 0.23 of Hugging Face's tokenizers writes it."
    case .unsupportedPattern:
      "Write the pattern another way in the file, or use another tokenizer."
    case .inFile(_, let error): error.hint
    case .training:
      "Change the settings or give more text."
    case .cancelled:
      ""
    }
  }

  /// What a file holds may be of any length.
  private static func short(_ text: String) -> String {
    text.count > 160 ? text.prefix(160) + "…" : text
  }
}
