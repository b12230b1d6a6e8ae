public import Store

/// What can go wrong in looking at a corpus.
public enum CorpusStudyError: ActionableError, Equatable {
  /// A pattern is no regular expression, or is empty.
  case pattern(text: String, reason: String)
  /// A source that the corpus does not have.
  case noSuchSource(name: String, sources: [String])
  /// The caller asked to stop.
  case cancelled

  public var message: String {
    switch self {
    case .pattern(let text, let reason): "The pattern \"\(text)\" cannot be used: \(reason)."
    case .noSuchSource(let name, let sources):
      "No source is called \"\(name)\"; there are \(sources.prefix(20).joined(separator: ", "))."
    case .cancelled: "Stopped."
    }
  }

  public var hint: String {
    switch self {
    case .pattern: "Look for plain text instead, or mend the regular expression (RE2 syntax)."
    case .noSuchSource: "Use one of these names."
    case .cancelled: "Run the same command again."
    }
  }
}
