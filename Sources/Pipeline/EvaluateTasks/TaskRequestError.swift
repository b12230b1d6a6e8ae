public import Evaluation
public import Store

/// Items of a task of which a tokenizer leaves nothing to be scored, where lm-evaluation-harness ends
/// with an assertion; or of which it makes tokens that the model has not.
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
  /// Whether the tokenizer is that of another model.
  public let isForeign: Bool

  init(
    task: ZeroShotTask, model: String, id: String, choice: Int, found: String, expected: String,
    count: Int, isForeign: Bool = false
  ) {
    self.task = task
    self.model = model
    self.id = id
    self.choice = choice
    self.found = found
    self.expected = expected
    self.count = count
    self.isForeign = isForeign
  }

  public var message: String {
    "\(task.title), item \(id), choice \(choice): the tokenizer "
      + (isForeign ? "that is used for" : "of") + " \(model) makes \(found); "
      + "\(count == 1 ? "no other request is" : "\(count) requests in all are") like that. "
      + "Expected \(expected)."
  }

  public var hint: String {
    isForeign
      ? "It is another model's: give --tokenizer the one that the model was trained with, or leave it out."
      : "lm-evaluation-harness ends at such an item, too: take it out of the file, or use the tokenizer that "
        + "the model was trained with."
  }
}
