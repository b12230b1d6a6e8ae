public import TerminalUI

/// A question that is answered with a line of text at the bottom of the screen.
public struct Prompt: Sendable {
  /// What stands before the text.
  public let label: String
  public var field: TextFieldState
  /// What was wrong with the last answer.
  public var complaint: String?
  /// Does what the answer says; a few words when it cannot be read.
  let answer: @Sendable (String, inout Reducer) -> String?

  init(
    _ label: String, text: String = "",
    answer: @escaping @Sendable (String, inout Reducer) -> String?
  ) {
    self.label = label
    field = TextFieldState(text)
    self.answer = answer
  }
}

extension String {
  /// Without spaces, as numbers are read.
  var compact: String { filter { !$0.isWhitespace } }

  /// Without blanks at both ends.
  var trimmed: String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
