public import Evaluation
public import Store

/// Items of a task that a tokenizer leaves nothing of to be scored: lm-evaluation-harness ends there
/// with an assertion.
public struct TaskRequestError: ActionableError, Equatable {
  public let task: ZeroShotTask
  public let model: String
  /// The first of them.
  public let id: String
  public let choice: Int
  public let found: String
  public let expected: String
  /// How many requests there are.
  public let count: Int

  public var message: String {
    "\(task.title), item \(id), choice \(choice): the tokenizer of \(model) makes \(found); "
      + "\(count == 1 ? "no other request is" : "\(count) requests in all are") like that. "
      + "Expected \(expected)."
  }

  public var hint: String {
    "lm-evaluation-harness ends at such an item, too: take it out of the file, or use the tokenizer that "
      + "the model was trained with."
  }
}
