/// Which items of a task a list shows.
public struct TaskItemQuery: Sendable, Equatable, Codable {
  public enum Order: String, Sendable, CaseIterable, Codable {
    /// By what speaks for B against A, most first.
    case margin
    /// The same, least first.
    case against
    /// As in the file.
    case file
  }

  /// The task's name.
  public var task: String
  /// Paths of the models; without A the items of B alone.
  public var a: String?
  public var b: String
  public var reading: TaskReading
  /// Only these; nil = all.
  public var outcome: TaskOutcome?
  public var order: Order
  /// First row wanted, and how many.
  public var offset: Int
  public var count: Int

  public init(
    task: String, a: String? = nil, b: String, reading: TaskReading = .published,
    outcome: TaskOutcome? = nil, order: Order = .margin, offset: Int = 0, count: Int = 50
  ) {
    self.task = task
    self.a = a
    self.b = b
    self.reading = reading
    self.outcome = outcome
    self.order = order
    self.offset = offset
    self.count = count
  }
}

/// How an item came out. Of one model alone, right and wrong are `bothRight` and `bothWrong`.
public enum TaskOutcome: String, Sendable, CaseIterable, Codable {
  /// B right, A wrong.
  case win
  /// A right, B wrong.
  case loss
  case bothWrong
  case bothRight
}

/// One item of a task with what both models made of it.
public struct TaskItemRow: Sendable, Equatable, Codable {
  /// What a model gives to a choice.
  public struct Score: Sendable, Equatable, Codable {
    /// Of the whole choice, nats.
    public var logProbability: Double
    /// The same over the characters of the choice.
    public var perCharacter: Double?
    public var tokens: Int

    public init(logProbability: Double, perCharacter: Double?, tokens: Int) {
      self.logProbability = logProbability
      self.perCharacter = perCharacter
      self.tokens = tokens
    }
  }

  public struct Choice: Sendable, Equatable, Codable {
    public var text: String
    public var isGold: Bool
    /// Nil without a model A.
    public var a: Score?
    public var b: Score?

    public init(text: String, isGold: Bool, a: Score? = nil, b: Score? = nil) {
      self.text = text
      self.isGold = isGold
      self.a = a
      self.b = b
    }
  }

  /// Place in the file, from 0.
  public var index: Int
  public var outcome: TaskOutcome
  /// By how much the gold choice leads the best other one with B, less the same with A; nats, or
  /// nats per character where the reading is acc_norm.
  public var margin: Double
  public var question: String
  public var choices: [Choice]
  /// What each chose; nil where a task has one choice and the model did not produce it.
  public var chosenA: Int?
  public var chosenB: Int?

  public init(
    index: Int, outcome: TaskOutcome, margin: Double, question: String, choices: [Choice],
    chosenA: Int? = nil, chosenB: Int? = nil
  ) {
    self.index = index
    self.outcome = outcome
    self.margin = margin
    self.question = question
    self.choices = choices
    self.chosenA = chosenA
    self.chosenB = chosenB
  }
}

/// The answer to `EngineCommand.listTaskItems`.
public struct TaskItemRows: Sendable, Equatable, Codable {
  public var query: TaskItemQuery
  public var rows: [TaskItemRow]
  /// Items that match the query.
  public var total: Int
  /// Items of every outcome, whatever the query shows.
  public var counts: [TaskOutcome: Int]

  public init(
    query: TaskItemQuery, rows: [TaskItemRow], total: Int, counts: [TaskOutcome: Int] = [:]
  ) {
    self.query = query
    self.rows = rows
    self.total = total
    self.counts = counts
  }
}
