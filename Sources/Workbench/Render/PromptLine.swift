import EngineInterface
import TerminalUI

/// The line that is typed into, and under it where it cannot be read.
enum PromptLine {
  static func draw(_ prompt: Prompt, _ state: ViewState, on canvas: inout Canvas) {
    let note = note(prompt, state)
    let parts = columns(note, canvas)
    canvas.draw(field(prompt), in: parts[1])
    canvas.inside(parts[2]) {
      $0.put(note, x: 0, y: 0, role: prompt.fault == nil && prompt.complaint != nil ? .error : .dim)
    }
  }

  /// Points at what is wrong. What is still being typed is no mistake yet.
  static func drawFault(
    _ fault: FilterError, _ prompt: Prompt, _ state: ViewState, on canvas: inout Canvas
  ) {
    let parts = columns(note(prompt, state), canvas)
    let place = parts[1].x + field(prompt).column(of: fault.column, width: parts[1].width)
    let isTyping = fault.column >= prompt.field.text.count && prompt.complaint == nil
    let role: StyleRole = isTyping ? .dim : .error
    let column = min(max(0, place), canvas.size.width - 1)
    let words = fault.reason
    let width = VisibleText.width(words)
    canvas.put("^", x: column, y: 0, role: role)
    if column + 2 + width <= canvas.size.width || column - 1 < width {
      canvas.put(words, x: column + 2, y: 0, role: role)
    } else {
      canvas.put(words, x: column - 1 - width, y: 0, role: role)
    }
  }

  private static func field(_ prompt: Prompt) -> TextField {
    TextField(prompt: prompt.label, state: prompt.field)
  }

  /// What is wrong, unless that stands under the line; else what the text means.
  private static func note(_ prompt: Prompt, _ state: ViewState) -> String {
    let words = prompt.fault == nil ? prompt.complaint ?? prompt.note?(state) : prompt.note?(state)
    return words.map { " \($0) " } ?? ""
  }

  private static func columns(_ note: String, _ canvas: Canvas) -> [Rect] {
    canvas.bounds.columns([.fixed(1), .fill(), .fixed(VisibleText.width(note))])
  }
}
