import EngineInterface
import Numerics
import TerminalUI

/// The tokens of a chunk with both log probabilities.
enum TokenTable {
  static func draw(_ state: ViewState, on canvas: inout Canvas) {
    let tokens = ChunkScreen.picture(state)?.tokens ?? []
    let order = ChunkScreen.tokenOrder(state)
    let isWide = state.isWide
    let table = Table(
      columns: [.number("pos", width: 4), TableColumn("token", width: .fill())]
        + (isWide ? [.number("log p", width: 6), .number("log q", width: 6)] : [])
        + [.number("d", width: 6)],
      rowCount: order.count, state: state.list(.tokens),
      isFocused: state.focusedPane == .tokens, hitKind: Pane.tokens.rawValue
    ) { row in
      let position = order[row]
      let token = tokens[position]
      let difference = token.difference ?? .nan
      let scored = ScoredToken(token.text, difference: difference)
      let middle: [StyledText] =
        isWide
        ? [
          StyledText(Number.fixed(token.teacherLogProbability, 2)),
          StyledText(Number.fixed(token.referenceLogProbability, 2)),
        ] : []
      return [StyledText("\(position)"), StyledText(RowText.flat(token.text))] + middle
        + [StyledText(Number.signed(difference, 2), scored.role)]
    }
    let title: StyledText = state.chunk.sortsTokens ? "Tokens by |d|" : "Tokens in order"
    ChunkScreen.frame(
      .tokens, state, title: title,
      footer: StyledText(table.position(height: canvas.size.height - 2)), on: &canvas
    ) { view in
      guard !order.isEmpty else {
        let words =
          tokens.isEmpty
          ? ""
          : ChunkScreen.picture(state)?.remark
            ?? (state.engine.selection == nil ? "not scored yet" : "being scored")
        view.draw(Paragraph(StyledText(words, .dim)), in: view.bounds)
        return
      }
      view.draw(table, in: view.bounds)
    }
  }
}
