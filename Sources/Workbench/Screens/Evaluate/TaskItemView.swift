import EngineInterface
import Numerics
import TerminalUI

/// One item: its text, its choices, and what both models gave them.
enum TaskItemView {
  static func draw(_ state: ViewState, on canvas: inout Canvas) {
    let row = TaskItemList.selected(state)
    let isPair = state.evaluate.items?.a != nil
    var title: StyledText = "Item"
    if let row, let query = state.evaluate.items {
      title =
        StyledText("Item \(row.index)  ") + row.outcome.mark
        + StyledText(
          " \(row.outcome.title(ofPair: isPair))  \(TaskItemList.models(query, state))")
    }
    EvaluateScreen.frame(
      .taskItem, state, title: title,
      footer: StyledText("* right answer   < chosen   nats (per character)"), on: &canvas
    ) { view in
      EvaluateScreen.put(
        lines(state, width: view.size.width), top: state.list(.taskItem).top, on: &view)
    }
  }

  /// Wrapped to a width.
  static func lines(_ state: ViewState, width: Int) -> [StyledText] {
    guard let row = TaskItemList.selected(state) else { return [] }
    let width = max(1, width)
    let isPair = state.evaluate.items?.a != nil
    var lines = TextWrap.lines(StyledText(row.question), width: width, limit: 400)
    lines.append([])
    for (index, choice) in row.choices.enumerated() {
      let role: StyleRole = choice.isGold ? .ok : .text
      let mark = choice.isGold ? "* " : "  "
      let text = TextWrap.lines(
        StyledText("\(index + 1) \(choice.text)", role), width: max(1, width - 2), limit: 50)
      for (line, piece) in text.enumerated() {
        lines.append([Span(line == 0 ? mark : "  ", role, .bold)] + piece)
      }
      var scores: StyledText = []
      if isPair { scores += score("A", choice.a, isChosen: row.chosenA == index) }
      scores += score(isPair ? "B" : "", choice.b, isChosen: row.chosenB == index)
      lines += TextWrap.lines("    " + scores, width: width, limit: 4)
    }
    return lines
  }

  private static func score(
    _ name: String, _ score: TaskItemRow.Score?, isChosen: Bool
  ) -> StyledText {
    guard let score else { return StyledText(" \(name) -  ", .dim) }
    let perCharacter = score.perCharacter.map { " (\(Number.fixed($0, 3)))" } ?? ""
    let text = "\(Number.fixed(score.logProbability, 2))\(perCharacter)"
    let role: StyleRole = isChosen ? .accent : .dim
    return [
      Span(name.isEmpty ? "" : " \(name) ", .dim, .bold),
      Span(text, role, isChosen ? .bold : []),
      Span(isChosen ? " <  " : "    ", .accent, .bold),
    ]
  }

  /// For the clipboard.
  static func plain(_ state: ViewState) -> String? {
    guard TaskItemList.selected(state) != nil else { return nil }
    return lines(state, width: 100_000).map(\.plain).joined(separator: "\n")
  }
}
