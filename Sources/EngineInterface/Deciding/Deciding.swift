/// What a person asks about a selection before deciding; changes nothing.
public enum DecisionQuestion: Sendable, Equatable, Codable {
  /// What is pinned, beside what holds.
  case pins
  /// The selection that a student takes so much to learn.
  case budget(TrainingAmount)
  /// The best dropped chunks of every source, so many of each.
  case dropped(perSource: Int)
}

/// The answer to a `DecisionQuestion`.
public struct DecisionAnswer: Sendable, Equatable, Codable {
  public enum Content: Sendable, Equatable, Codable {
    case pins(PinComparison)
    case budget(BudgetPlan)
    case dropped(DroppedSources)
    /// Why there is none, as a sentence.
    case none(String)
  }

  public var question: DecisionQuestion
  public var content: Content

  public init(_ question: DecisionQuestion, _ content: Content) {
    self.question = question
    self.content = content
  }
}
