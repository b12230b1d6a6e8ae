import TerminalUI

/// Questions answered with a line of text.
extension Reducer {
  mutating func answerPrompt(_ key: Key) {
    guard var prompt = state.prompt else { return }
    switch state.table.fieldAction(for: key) {
    case Action.back?, Action.cancel?: state.prompt = nil
    case Action.open?:
      // An answer may put another question.
      state.prompt = nil
      if let complaint = prompt.answer(prompt.field.text, &self) {
        prompt.complaint = complaint
        state.prompt = prompt
      }
    default:
      if prompt.field.handle(key) { prompt.complaint = nil }
      state.prompt = prompt
    }
  }
}
