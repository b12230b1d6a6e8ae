/// The token that ends a document, and what says so.
///
/// A corpus is cut and masked by the token that ended documents where the models were pre-trained.
/// Models that chat are stated to end with the token of a turn; where such a token is named, and the
/// vocabulary has one of those that end documents, that one is taken.
public struct DocumentEnd: Sendable, Equatable {
  public var id: Int32
  /// Its string; nil where no tokenizer tells.
  public var token: String?
  /// What names it: "tokenizer_config.json".
  public var source: String
  /// Whether no file names it: it is the best known name among the tokens.
  public var isGuess: Bool

  public init(id: Int32, token: String?, source: String, isGuess: Bool = false) {
    self.id = id
    self.token = token
    self.source = source
    self.isGuess = isGuess
  }

  /// Names to try when no file says which token ends a document.
  static let names = ["<|endoftext|>", "<|end_of_text|>", "</s>", "<|im_end|>", "<eos>"]
  /// Special tokens that end documents where a file names that of a turn.
  static let documentNames = ["<|endoftext|>", "<|end_of_text|>", "<eos>", "</s>"]
  /// Tokens that end a turn of a chat.
  static let turnNames = [
    "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<end_of_turn>", "<|end_of_turn|>",
    "<|eot|>", "<turn|>",
  ]

  /// "151643 (<|endoftext|>), by tokenizer_config.json".
  public var words: String { "\(id)\(token.map { " (\($0))" } ?? ""), by \(source)" }
}

extension Tokenizer {
  /// The end of documents where a file names the token `id`; nil for an id that there is not.
  public func documentEnd(named id: Int32, by source: String) -> DocumentEnd? {
    guard let token = token(of: id) else { return nil }
    let ends = DocumentEnd.documentNames.compactMap { name in
      self.id(of: name).map { (id: $0, name: name) }
    }
    guard DocumentEnd.turnNames.contains(token), let end = ends.first(where: { isSpecial($0.id) })
    else { return DocumentEnd(id: id, token: token, source: source) }
    return DocumentEnd(
      id: end.id, token: end.name,
      source: "its name (\(source) names \(token), which ends a turn of a chat)")
  }

  /// The token that its own files name, or else the best known name among the tokens; `named` is the
  /// string that a file names.
  func documentEnd(named: (token: String, file: String)?) -> DocumentEnd? {
    if let named {
      return id(of: named.token).flatMap { documentEnd(named: $0, by: named.file) }
    }
    return DocumentEnd.names.lazy
      .compactMap { name in
        self.id(of: name).map {
          DocumentEnd(id: $0, token: name, source: "its name, as no file names one", isGuess: true)
        }
      }.first
  }
}
