/// Which accuracy of a task is read.
public enum TaskReading: String, Sendable, CaseIterable, Codable {
  /// acc_norm where the task has it, else acc: how MiniPLM reads its nine tasks.
  case published
  case acc
  /// acc_norm alone; tasks without it have no figure.
  case accNorm = "acc_norm"
}

/// Zero-shot tasks by models: what was found, what runs, what stands against it.
public struct EvaluationSnapshot: Sendable, Equatable, Codable {
  /// A task, whether or not the project has its file.
  public struct Task: Sendable, Equatable, Codable {
    /// As files and the command line name it: "arc_easy".
    public var name: String
    /// As tables name it: "ARC-easy".
    public var title: String
    /// In at most five letters: "ARC-e".
    public var short: String
    /// The file of its items; nil = none was chosen.
    public var file: String?
    public var hasNormalized: Bool

    public init(
      name: String, title: String, short: String, file: String? = nil, hasNormalized: Bool = true
    ) {
      self.name = name
      self.title = title
      self.short = short
      self.file = file
      self.hasNormalized = hasNormalized
    }
  }

  /// A model of the table.
  public struct Model: Sendable, Equatable, Codable {
    /// What commands name it by.
    public var path: String
    /// Short: "student B".
    public var name: String

    public init(path: String, name: String) {
      self.path = path
      self.name = name
    }
  }

  /// A share of the items, 0...1, with its standard error.
  public struct Measure: Sendable, Equatable, Codable {
    public var value: Double
    /// Nil where it is unknown: a single item, published figures.
    public var error: Double?

    public init(_ value: Double, error: Double? = nil) {
      self.value = value
      self.error = error
    }
  }

  public struct Score: Sendable, Equatable, Codable {
    public var acc: Measure
    /// Nil for tasks without it.
    public var accNorm: Measure?
    public var items: Int

    public init(acc: Measure, accNorm: Measure? = nil, items: Int) {
      self.acc = acc
      self.accNorm = accNorm
      self.items = items
    }

    public func measure(_ reading: TaskReading) -> Measure? {
      switch reading {
      case .published: accNorm ?? acc
      case .acc: acc
      case .accNorm: accNorm
      }
    }
  }

  /// How far a model is with a task.
  public enum Cell: Sendable, Equatable, Codable {
    /// Nobody asked for it, or the task has no file.
    case empty
    /// Its turn comes in this run.
    case queued
    /// Items done of all, seconds to go, and the score of those done.
    case running(done: Int, items: Int, eta: Double?, Score?)
    /// Stopped half-way: what is done stands on disk.
    case stopped(done: Int, items: Int)
    case done(Score)
    /// What went wrong and what to do.
    case failed(String)
  }

  public var tasks: [Task]
  public var models: [Model]
  /// By task, then by model.
  public var cells: [[Cell]]
  /// Two of the models against each other; nil with fewer than two.
  public var comparison: TaskComparison?
  /// Models that can be put into the table or taken out of it.
  public var candidates: [TaskCandidate]
  /// Figures of the paper.
  public var published: [PublishedTasks]
  /// How it is measured, a short line each: version of the harness, precision, limit of items.
  public var notes: [String]
  /// The same as settings; nil while nothing is known of them.
  public var conditions: TaskConditions?

  public init(
    tasks: [Task], models: [Model], cells: [[Cell]], comparison: TaskComparison? = nil,
    candidates: [TaskCandidate] = [], published: [PublishedTasks] = [], notes: [String] = [],
    conditions: TaskConditions? = nil
  ) {
    self.tasks = tasks
    self.models = models
    self.cells = cells
    self.comparison = comparison
    self.candidates = candidates
    self.published = published
    self.notes = notes
    self.conditions = conditions
  }

  /// Nil outside the table.
  public func cell(_ task: Int, _ model: Int) -> Cell? {
    guard cells.indices.contains(task), cells[task].indices.contains(model) else { return nil }
    return cells[task][model]
  }

  /// The score of a task that is done.
  public func score(_ task: Int, _ model: Int) -> Score? {
    if case .done(let score)? = cell(task, model) { score } else { nil }
  }

  /// The plain mean over the tasks that are done, its standard error, and how many these are; nil
  /// without any.
  public func mean(model: Int, _ reading: TaskReading) -> (measure: Measure, tasks: Int)? {
    let found = tasks.indices.compactMap { score($0, model)?.measure(reading) }
    return Measure.mean(found).map { ($0, found.count) }
  }
}

extension EvaluationSnapshot.Measure {
  /// The plain mean of independent figures; nil of none.
  static func mean(_ measures: [Self]) -> Self? {
    guard !measures.isEmpty else { return nil }
    let count = Double(measures.count)
    let errors = measures.compactMap(\.error)
    let variance = errors.reduce(0) { $0 + $1 * $1 }
    return Self(
      measures.reduce(0) { $0 + $1.value } / count,
      error: errors.count == measures.count ? variance.squareRoot() / count : nil)
  }
}

/// A model that may stand in the table.
public struct TaskCandidate: Sendable, Equatable, Codable {
  public var path: String
  public var name: String
  /// Where it is from: "this project", "hub cache".
  public var place: String
  public var isChosen: Bool
  /// Why it cannot be evaluated, in a few words; nil when it can.
  public var obstacle: String?

  public init(
    path: String, name: String, place: String, isChosen: Bool, obstacle: String? = nil
  ) {
    self.path = path
    self.name = name
    self.place = place
    self.isChosen = isChosen
    self.obstacle = obstacle
  }
}

/// A published row of accuracies.
public struct PublishedTasks: Sendable, Equatable, Codable {
  /// "MiniPLM".
  public var method: String
  /// "200M": size of the student.
  public var size: String
  /// 0...1, by name of the task.
  public var values: [String: Double]
  /// The mean as it was published.
  public var mean: Double?

  public init(method: String, size: String, values: [String: Double], mean: Double? = nil) {
    self.method = method
    self.size = size
    self.values = values
    self.mean = mean
  }
}
