/// Two models on the same items, B against A.
public struct TaskComparison: Sendable, Equatable, Codable {
  /// One accuracy, paired by item.
  public struct Paired: Sendable, Equatable, Codable {
    /// B - A, as a share of the items, -1...1.
    public var difference: Double
    /// Standard error of the difference, paired by item.
    public var error: Double?
    /// Whether it is more than chance gives once in twenty times.
    public var isBeyondChance: Bool
    /// Items that B alone, and that A alone, has right.
    public var wins: Int
    public var losses: Int
    public var bothRight: Int
    public var bothWrong: Int
    /// The smallest difference that so many items would show four times in five; nil = unknown.
    public var smallestEffect: Double?

    public init(
      difference: Double, error: Double?, isBeyondChance: Bool, wins: Int, losses: Int,
      bothRight: Int = 0, bothWrong: Int = 0, smallestEffect: Double? = nil
    ) {
      self.difference = difference
      self.error = error
      self.isBeyondChance = isBeyondChance
      self.wins = wins
      self.losses = losses
      self.bothRight = bothRight
      self.bothWrong = bothWrong
      self.smallestEffect = smallestEffect
    }
  }

  /// A task that both models have done.
  public struct Row: Sendable, Equatable, Codable {
    public var acc: Paired
    public var accNorm: Paired?

    public init(acc: Paired, accNorm: Paired? = nil) {
      self.acc = acc
      self.accNorm = accNorm
    }

    public func paired(_ reading: TaskReading) -> Paired? {
      switch reading {
      case .published: accNorm ?? acc
      case .acc: acc
      case .accNorm: accNorm
      }
    }
  }

  /// Paths of the two.
  public var a: String
  public var b: String
  /// By name of the task.
  public var rows: [String: Row]

  public init(a: String, b: String, rows: [String: Row]) {
    self.a = a
    self.b = b
    self.rows = rows
  }

  /// The plain mean of the tasks' differences, its standard error, and how many tasks these are.
  public func mean(
    _ reading: TaskReading
  ) -> (measure: EvaluationSnapshot.Measure, tasks: Int, isBeyondChance: Bool)? {
    let found = rows.sorted { $0.key < $1.key }.compactMap { $0.value.paired(reading) }
    let measures = found.map { EvaluationSnapshot.Measure($0.difference, error: $0.error) }
    guard let mean = EvaluationSnapshot.Measure.mean(measures) else { return nil }
    let isBeyond = mean.error.map { abs(mean.value) > 1.959_964 * $0 } ?? false
    return (mean, found.count, isBeyond)
  }
}
