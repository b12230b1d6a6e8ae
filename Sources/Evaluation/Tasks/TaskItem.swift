/// What a model is asked: how probable is `continuation` after `context`.
///
/// Both are exactly the arguments of a request of lm-evaluation-harness, before any tokenizer.
/// Equality is that of the bytes, not Swift's, for which some different texts are equal.
public struct TaskRequest: Sendable, Equatable {
  public var context: String
  public var continuation: String

  public init(context: String, continuation: String) {
    self.context = context
    self.continuation = continuation
  }

  public static func == (left: TaskRequest, right: TaskRequest) -> Bool {
    left.context.utf8.elementsEqual(right.context.utf8)
      && left.continuation.utf8.elementsEqual(right.continuation.utf8)
  }
}

/// One question of a task.
public struct TaskItem: Sendable, Equatable {
  /// The data set's own name for it, or its number in the file where there is none.
  public var id: String
  /// Number in the file from 0, the harness' doc_id.
  public var index: Int
  /// One a choice, in their order; LAMBADA has one.
  public var requests: [TaskRequest]
  /// The bare choices, without what stands between them and the context: acc_norm divides by their
  /// length. Of WinoGrande the two options.
  public var choices: [String]
  /// Index of the right choice.
  public var gold: Int
  /// What is asked, for people.
  public var question: String

  public init(
    id: String, index: Int, requests: [TaskRequest], choices: [String], gold: Int, question: String
  ) {
    self.id = id
    self.index = index
    self.requests = requests
    self.choices = choices
    self.gold = gold
    self.question = question
  }

  /// Characters of each bare choice as Python's `len` counts them: Unicode code points.
  public var choiceLengths: [Int] { choices.map(\.unicodeScalars.count) }
}
