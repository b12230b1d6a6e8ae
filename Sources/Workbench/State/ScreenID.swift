public import EngineInterface

/// The eight screens, in the order of the work; the raw value is the digit that opens one.
public enum ScreenID: Int, CaseIterable, Hashable, Sendable {
  case corpus = 1
  case models, score, select, document, commit, train, compare

  public var title: String {
    switch self {
    case .corpus: "Corpus"
    case .models: "Models"
    case .score: "Score"
    case .select: "Select"
    case .document: "Document"
    case .commit: "Commit"
    case .train: "Train"
    case .compare: "Compare"
    }
  }

  /// Three letters for narrow terminals.
  public var short: String {
    switch self {
    case .document: "Doc"
    case .train: "Trn"
    case .compare: "Cmp"
    default: String(title.prefix(3))
    }
  }

  /// The screen on which a stage of the work is watched.
  public init(stage: Stage) {
    self =
      switch stage {
      case .corpus, .tokenizer, .pack: .corpus
      case .teacher, .reference: .models
      case .score: .score
      case .select: .select
      case .commit: .commit
      case .train: .train
      case .compare: .compare
      }
  }

  /// The stage that makes what the screen shows; its state explains an empty screen.
  public var stage: Stage {
    switch self {
    case .corpus: .corpus
    case .models: .teacher
    case .score: .score
    case .select, .document: .score
    case .commit: .select
    case .train: .train
    case .compare: .compare
    }
  }

  /// A screen by its name or digit.
  public init?(name: String) {
    let wanted = name.lowercased()
    let match = Self.allCases.first {
      $0.title.lowercased() == wanted || String($0.rawValue) == wanted
    }
    guard let match else { return nil }
    self = match
  }
}
