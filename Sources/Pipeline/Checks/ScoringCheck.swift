/// What is looked at before chunks are scored, in the order of the table.
public enum ScoringCheck: String, Codable, Sendable, CaseIterable {
  /// Teacher, reference and shards have one tokenizer.
  case tokenizer
  /// Both models know every id.
  case vocabulary
  /// Chunks are no longer than what the models were made for.
  case length
  /// What the reference was trained on is not among what is scored.
  case reserve
  /// Both models fit into the memory that is free.
  case memory
  /// Every log-probability is a number.
  case finite
  /// The teacher knows the text better than the reference.
  case teacher
  /// How fast both models are, and how long the corpus takes.
  case speed

  /// What is at fault where it fails.
  public enum Kind: Sendable { case input, setting }

  public var kind: Kind {
    switch self {
    case .tokenizer, .vocabulary, .reserve, .finite, .teacher: .input
    case .length, .memory, .speed: .setting
    }
  }
}

/// A check that may fail without ending the work.
public struct CheckWaiver: Codable, Sendable, Hashable {
  public var check: ScoringCheck
  /// Why, in the words of whoever waived it.
  public var reason: String?

  public init(_ check: ScoringCheck, reason: String? = nil) {
    self.check = check
    self.reason = reason
  }

  /// As it stands in records: "reserve (a rehearsal)".
  public var words: String { check.rawValue + (reason.map { " (\($0))" } ?? "") }
}

/// What a check found.
public struct CheckRow: Codable, Sendable, Equatable {
  public enum State: String, Codable, Sendable {
    case ok, warning, failed
    /// There is nothing to tell it by.
    case unknown
  }

  public var check: ScoringCheck
  public var state: State
  /// What was found.
  public var text: String
  /// What to do; nil where nothing has to be done.
  public var advice: String?
  /// Whether it failed and was waived.
  public var isWaived = false
  /// Why it was waived, where somebody said it.
  public var reason: String?

  init(_ check: ScoringCheck, _ state: State, _ text: String, advice: String? = nil) {
    self.check = check
    self.state = state
    self.text = text
    self.advice = advice
  }

  /// Whether it keeps the work from beginning.
  public var isGate: Bool { state == .failed && !isWaived }

  /// "ok", "warning", "failed", "waived", "unknown".
  public var word: String { isWaived ? "waived" : state.rawValue }
}
