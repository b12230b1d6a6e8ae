import EngineInterface
import TerminalUI

/// What may be put into a line that is being typed, above it.
enum PromptChoices {
  private static let most = 8

  static func draw(_ prompt: Prompt, _ state: ViewState, on canvas: inout Canvas) {
    guard let completion = prompt.completion(state), !completion.choices.isEmpty else { return }
    let choices = completion.choices
    let selected = prompt.choice.map { min($0, choices.count - 1) }
    let shown = min(Self.most, choices.count, max(0, canvas.size.height - 2))
    guard shown > 0 else { return }
    let top = max(0, min((selected ?? 0) - shown / 2, choices.count - shown))
    let hint =
      "\(state.fieldKey(.nextPane)) takes, \(state.fieldKey(.up)) \(state.fieldKey(.down)) choose"
    let wanted = choices.map { VisibleText.width($0.text) + VisibleText.width($0.help) + 2 }.max()
    let width = max(wanted ?? 0, VisibleText.width(hint) + 2) + 4
    let rect = Rect(
      x: 1, y: canvas.size.height - shown - 2, width: min(canvas.size.width - 2, width),
      height: shown + 2)
    let area = canvas.box(rect, footer: StyledText(hint, .dim), isFocused: true)
    canvas.inside(area) { view in
      let room = (choices.map { VisibleText.width($0.text) }.max() ?? 0) + 2
      for (row, choice) in choices.dropFirst(top).prefix(shown).enumerated() {
        let isSelected = top + row == selected
        view.put(
          StyledText(choice.text, isSelected ? .accent : .text, isSelected ? .bold : []), x: 0,
          y: row, width: room)
        view.put(
          StyledText(choice.help, .dim), x: room, y: row, width: max(0, view.size.width - room))
      }
    }
  }
}
