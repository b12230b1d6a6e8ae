import EngineInterface
import TerminalUI

/// What `y` puts on the clipboard.
enum CopyText {
  /// Text of the opened document, else of the selected row; nil when there is none.
  static func of(_ state: ViewState) -> String? {
    switch state.screen {
    case .document:
      state.engine.chunk?.tokens.map(\.text).joined()
    case .corpus:
      state.engine.rows?.row(state.list(.documents).selected)?.preview
    case .select:
      state.engine.selection?.border[safe: state.list(.border).selected]?.preview
    case .commit:
      state.engine.commit?.card.joined(separator: "\n")
    case .compare:
      state.engine.comparison.map { comparison in
        let rows = comparison.rows + [comparison.macro, comparison.total]
        return rows.map { "\($0.name)\t\($0.a)\t\($0.b)\t\($0.difference)\t\($0.interval)" }
          .joined(separator: "\n")
      }
    case .models, .score, .train:
      state.engine.notices.last?.text
    }
  }
}
