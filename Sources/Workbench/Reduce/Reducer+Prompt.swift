import TerminalUI

/// Questions answered with a line of text.
extension Reducer {
  mutating func answerPrompt(_ key: Key) {
    guard var prompt = state.prompt else { return }
    switch state.table.fieldAction(for: key) {
    case Action.back?, Action.cancel?:
      state.prompt = nil
      prompt.cancelled?(&self)
    case Action.open? where prompt.choice != nil: edit(&prompt) { $0.complete($1) }
    case Action.open?:
      // An answer may put another question.
      state.prompt = nil
      if let complaint = prompt.answer(prompt.field.text, &self) {
        prompt.complaint = complaint
        state.prompt = prompt
      }
    case Action.up? where prompt.choices != nil: edit(&prompt) { $0.move(-1, $1) }
    case Action.down? where prompt.choices != nil: edit(&prompt) { $0.move(1, $1) }
    case Action.nextPane? where prompt.choices != nil: edit(&prompt) { $0.complete($1) }
    default:
      edit(&prompt) { prompt, _ in
        if prompt.field.handle(key) {
          prompt.complaint = nil
          (prompt.choice, prompt.recalled) = (nil, nil)
        }
      }
    }
  }

  /// Changes the prompt, and shows what its text means then.
  private mutating func edit(_ prompt: inout Prompt, _ change: (inout Prompt, ViewState) -> Void) {
    let before = prompt.field.text
    change(&prompt, state)
    state.prompt = prompt
    guard prompt.field.text != before, let changed = prompt.changed else { return }
    changed(prompt.field.text, &self)
  }
}
