/// One setting of how tasks are evaluated.
public enum TaskCondition: Sendable, Hashable, Codable {
  /// The first so many items of each task; nil for all.
  case limit(Int?)
  /// The release of lm-evaluation-harness that is reproduced.
  case release(String)
  /// nil: as teacher and reference score.
  case precision(NumberFormat?)
}

/// How a project evaluates its tasks, and how it could instead.
public struct TaskConditions: Sendable, Equatable, Codable {
  public struct Option: Sendable, Equatable, Codable {
    public var choice: TaskCondition
    public var isInForce: Bool
    /// Why it cannot be chosen now, and what to do; nil when it can.
    public var obstacle: String?

    public init(choice: TaskCondition, isInForce: Bool, obstacle: String? = nil) {
      self.choice = choice
      self.isInForce = isInForce
      self.obstacle = obstacle
    }
  }

  /// The first so many items of each task; nil for all.
  public var limit: Int?
  public var release: String
  /// That in force, never `auto`.
  public var precision: NumberFormat
  /// That of teacher and reference, never `auto`.
  public var scoring: NumberFormat
  /// The limit as it is, every release, every precision.
  public var options: [Option]

  public init(
    limit: Int?, release: String, precision: NumberFormat, scoring: NumberFormat,
    options: [Option]
  ) {
    self.limit = limit
    self.release = release
    self.precision = precision
    self.scoring = scoring
    self.options = options
  }
}
