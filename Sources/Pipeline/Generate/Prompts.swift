import Corpus
import LanguageModels
import Tokenizers

/// The prompts of a run, in order.
public enum Prompts: Sendable, Equatable {
  case texts([String])
  /// JSON lines with the prompt in a field (plain, .gz, .zst), or text files.
  case file(path: String, field: String)

  /// What they are read from, for messages.
  var names: [String] {
    switch self {
    case .texts: ["the prompts"]
    case .file(let path, _): [path]
    }
  }

  private static let work = "generation, which counts its prompts first,"

  /// Refuses what can be read only once, before anything is opened.
  func requireFile() throws(CorpusError) {
    if case .file(let path, _) = self { try CorpusInputs.requireFiles([path], for: Self.work) }
  }

  /// Reads all prompts once, and refuses what cannot be used before work begins.
  func count() throws -> Int {
    var count = 0
    try forEach { _ in
      count += 1
      return true
    }
    if count == 0, case .file(let path, _) = self {
      throw CorpusError.emptyCorpus(inputs: [path], rejects: [])
    }
    return count
  }

  /// Gives `body` one prompt after another until it returns false.
  func forEach(_ body: (String) throws -> Bool) throws {
    switch self {
    case .texts(let texts):
      for text in texts {
        guard try body(text) else { return }
      }
    case .file(let path, let field):
      var options = ReaderOptions()
      options.textField = field
      options.strict = true
      try CorpusInputs.requireFiles([path], for: Self.work)
      let inputs = try CorpusInputs([path])
      // A pattern may stand for a pipe.
      try inputs.requireFiles(for: Self.work)
      var reader = try CorpusReader(inputs, options: options)
      while let document = try PromptsError.naming({ () throws(CorpusError) -> Document? in
        try reader.next()
      }) {
        guard try body(String(decoding: document.text, as: UTF8.self)) else { return }
      }
    }
  }
}

/// Prompts as a model reads them.
struct PromptEncoder {
  let tokenizer: Tokenizer
  let configuration: ModelConfiguration
  /// Only the first so many tokens.
  let limit: Int?

  /// The tokens of `text` with the special tokens that the tokenizer puts before it; for an empty
  /// text the model's beginning-of-text token.
  ///
  /// - Throws: `ModelError.prompt` when there is no token to start from.
  func encode(_ text: String) throws(ModelError) -> [Int32] {
    var tokens = tokenizer.encode(text, addSpecialTokens: true)
    if tokens.isEmpty {
      guard let beginning = configuration.specialTokens.beginning else {
        throw .prompt(
          found: "no text",
          expected: "at least one character: this model has no beginning-of-text token")
      }
      tokens = [Int32(clamping: beginning)]
    }
    if let limit { tokens = Array(tokens.prefix(limit)) }
    // The embedding may be padded beyond the tokenizer, never the other way round.
    let size = configuration.vocabularySize
    if let foreign = tokens.first(where: { $0 < 0 || Int($0) >= size }) {
      throw .prompt(
        found: "token \(foreign) (\(tokenizer.token(of: foreign) ?? "unknown"))",
        expected: "ids below the model's vocabulary of \(size)")
    }
    return tokens
  }
}
