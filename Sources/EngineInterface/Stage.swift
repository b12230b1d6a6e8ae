/// The stages of the work. What is to be known about one stands in `facts` and nowhere else.
public enum Stage: String, Sendable, CaseIterable, Codable {
  case corpus, tokenizer, pack, teacher, reference, score, select, commit, train, compare
  /// Beside the order: it is a job like the others, but may be done at any time, with any models.
  case evaluate

  /// The stages that lead one to the next, in order.
  public static let allCases: [Stage] = [
    .corpus, .tokenizer, .pack, .teacher, .reference, .score, .select, .commit, .train, .compare,
  ]

  /// What a stage does, who does it, and what it leaves.
  private struct Facts {
    var title: String
    var needsPerson = false
    var isTraining = false
  }

  private var facts: Facts {
    switch self {
    case .corpus: Facts(title: "gather the corpus")
    case .tokenizer: Facts(title: "train the tokenizer")
    case .pack: Facts(title: "pack chunks")
    case .teacher: Facts(title: "train the teacher", isTraining: true)
    case .reference: Facts(title: "train the reference", isTraining: true)
    case .score: Facts(title: "score every chunk")
    case .select: Facts(title: "choose the ratio", needsPerson: true)
    case .commit: Facts(title: "write the refined corpus", needsPerson: true)
    case .train: Facts(title: "train two students", isTraining: true)
    case .compare: Facts(title: "compare the students")
    case .evaluate: Facts(title: "evaluate tasks")
    }
  }

  /// What the stage does, for status lines.
  public var title: String { facts.title }
  /// Whether a person does it or orders it, so that it never starts by itself.
  public var needsPerson: Bool { facts.needsPerson }
  /// Whether it is a training, which writes checkpoints.
  public var isTraining: Bool { facts.isTraining }
  /// From 0.
  public var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
