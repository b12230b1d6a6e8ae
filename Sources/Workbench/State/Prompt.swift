import EngineInterface
public import TerminalUI

/// A question that is answered with a line of text at the bottom of the screen.
public struct Prompt: Sendable {
  /// What stands before the text.
  public let label: String
  public var field: TextFieldState
  /// What was wrong with the last answer.
  public var complaint: String?
  /// What of a text cannot be read, and where: shown under it.
  var fault: (@Sendable (String) -> FilterError?)?
  /// What may stand at the cursor.
  var choices: (@Sendable (TextFieldState, ViewState) -> FilterCompletion)?
  /// The one of them that is selected; nil = none.
  public var choice: Int?
  /// Shows what the answer would mean so far.
  var changed: (@Sendable (String, inout Reducer) -> Void)?
  /// Takes back what was shown.
  var cancelled: (@Sendable (inout Reducer) -> Void)?
  /// What stands behind the text while nothing is wrong with it.
  var note: (@Sendable (ViewState) -> String)?
  /// Earlier answers, the newest last, and the one that is shown.
  var history: [String] = []
  var recalled: Int?
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

extension Prompt {
  func completion(_ state: ViewState) -> FilterCompletion? { choices?(field, state) }

  /// Puts the selected choice, or the first one, in the place of what is typed.
  mutating func complete(_ state: ViewState) {
    guard let found = completion(state),
      let taken = found.choices[safe: choice ?? 0]
    else { return }
    field.replace(found.range, with: taken.text)
    choice = nil
  }

  /// Moves through the choices, or, where there are none or nothing is typed, through earlier answers.
  mutating func move(_ step: Int, _ state: ViewState) {
    let count = completion(state)?.choices.count ?? 0
    if recalled != nil || step < 0 && choice == nil && !history.isEmpty {
      let place = (recalled ?? history.count) + step
      recalled = history.indices.contains(place) ? place : nil
      field = TextFieldState(history[safe: place] ?? "")
      return
    }
    guard count > 0 else { return }
    let next = (choice ?? -1) + step
    choice = next < 0 ? nil : min(count - 1, next)
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
