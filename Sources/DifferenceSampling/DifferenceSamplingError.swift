import Numerics
public import Store

/// What can go wrong between a corpus, its scores and a refined corpus.
public enum DifferenceSamplingError: ActionableError, Equatable {
  /// One property in which files on disk and the present job differ.
  public struct Mismatch: Sendable, Equatable {
    /// The property, for example `teacher`.
    public let property: String
    /// What the file was made with.
    public let found: String
    /// What the present job would use.
    public let expected: String

    public init(property: String, found: String, expected: String) {
      self.property = property
      self.found = found
      self.expected = expected
    }
  }

  /// Scores on disk were made from another corpus, by other models or with other settings.
  case otherJob(path: String, mismatches: [Mismatch])
  /// What is given beside a table of scores is not what the table was made of.
  case otherInputs(path: String, mismatches: [Mismatch])
  /// A setting is outside its range.
  case invalidSetting(name: String, found: String, expected: String)
  /// A scorer broke its contract.
  case scorerOutput(scorer: String, found: String, expected: String)
  /// Models and a batch need more memory than there is; `fitting` says what would fit.
  case doesNotFit(neededBytes: Int, availableBytes: Int, tokensPerBatch: Int, fitting: String)
  /// A score table does not belong to the corpus it is used with.
  case otherCorpus(found: String, expected: String)
  /// A commit was asked for before every chunk was scored.
  case unscored(scored: Int, total: Int)
  /// Nothing would be written.
  case emptySelection
  /// The disk cannot take what would be written.
  case diskFull(path: String, needed: Int, free: Int)

  public var message: String {
    switch self {
    case .otherJob(let path, let mismatches):
      "\(path) holds scores of another job: "
        + mismatches.map { "\($0.property) is \($0.found) there and \($0.expected) here" }
        .joined(separator: "; ") + "."
    case .otherInputs(let path, let mismatches):
      "\(path) was made otherwise: "
        + mismatches.map { "\($0.property) is \($0.found) there and \($0.expected) here" }
        .joined(separator: "; ") + "."
    case .invalidSetting(let name, let found, let expected):
      "\(name) is \(found), expected \(expected)."
    case .scorerOutput(let scorer, let found, let expected):
      "The scorer \(scorer) gave \(found), expected \(expected)."
    case .doesNotFit(let needed, let available, let tokens, _):
      "Scoring with batches of \(tokens) tokens needs \(Number.bytes(needed)) of memory; "
        + "\(Number.bytes(available)) are available."
    case .otherCorpus(let found, let expected):
      "The scores belong to another corpus: found \(found), expected \(expected)."
    case .unscored(let scored, let total):
      "Only \(scored) of \(total) chunks are scored."
    case .emptySelection:
      "The selection keeps no chunk."
    case .diskFull(let path, let needed, let free):
      "\(path) has \(free) bytes free, the commit needs about \(needed)."
    }
  }

  public var hint: String {
    switch self {
    case .otherJob(_, let mismatches)
    where mismatches.map(\.property) == [ScoringIdentity.arithmeticName]:
      "They were computed otherwise, by an older version or on another kind of processor, and scores "
        + "of two kinds cannot be mixed: go on where they were begun, or remove them, or score into "
        + "another folder. --precision f32 is the same everywhere."
    case .otherJob(_, let mismatches):
      mismatches.map(\.property) == ["precision"]
        ? "Go on in the precision of these scores, or score into another folder: scores of two "
          + "precisions cannot be mixed."
        : "Score into another folder, or remove these scores."
    case .otherInputs: "Give the corpus and the models that the scores were made of."
    case .doesNotFit(_, _, _, let fitting): fitting
    case .invalidSetting: "Change the setting."
    case .scorerOutput: "Check the model files."
    case .otherCorpus: "Use the corpus that was scored, or score this one."
    case .unscored: "Let the scoring finish, or allow a commit of the scored chunks only."
    case .emptySelection: "Raise the ratio, or lower the threshold."
    case .diskFull: "Free some disk space."
    }
  }
}
