import EngineInterface
import Numerics
import TerminalUI

extension Action {
  static let bestDropped = Action(
    "dropped.best", [.character("o")], "what is lost: the best dropped chunks of every source",
    label: "lost", notNow: withoutSelection,
    does: { reducer in
      reducer.state.overlay = .list(ListOverlayID(DroppedOverlay.self), ListState())
      reducer.send(.ask(DroppedOverlay.question))
    })
}

/// The best dropped chunks by source, with what a floor that keeps more of them costs.
enum DroppedOverlay: ListOverlay {
  static let hitKind = "dropped"
  static let toggle = Action.bestDropped
  static let question = DecisionQuestion.dropped(perSource: 5)

  enum Row {
    case source(DroppedSources.Source)
    case chunk(ChunkRow)
  }

  static func rows(_ state: ViewState) -> [Row] {
    guard case .dropped(let dropped)? = state.answer(to: question) else { return [] }
    return dropped.sources.flatMap { [.source($0)] + $0.best.map(Row.chunk) }
  }

  static func count(_ state: ViewState) -> Int { rows(state).count }

  /// Reads a chunk; of a source, asks for the floor.
  static func choose(_ row: Int, _ reducer: inout Reducer) {
    switch rows(reducer.state)[safe: row] {
    case .chunk(let chunk)?: reducer.read(chunk: chunk.index)
    case .source(let source)?:
      reducer.state.overlay = nil
      reducer.askForFloor(of: source.name, proposed: source.floor)
    case nil: break
    }
  }

  static func draw(_ list: ListState, _ state: ViewState, on canvas: inout Canvas) {
    let rows = rows(state)
    let rect = canvas.bounds.centred(
      Size(
        width: min(state.size.width - 2, 150),
        height: min(max(8, rows.count + 4), state.size.height - 2)))
    let area = canvas.box(
      rect, title: "The best of what is dropped, by source",
      footer: StyledText(
        "\(state.key(.open)) reads a chunk, on a source sets a floor   "
          + "\(state.key(.back)) closes"),
      isFocused: true)
    canvas.inside(area) { view in
      guard !rows.isEmpty else {
        let text: StyledText =
          switch state.answer(to: question) {
          case .none(let why)?: StyledText(why, .warn)
          case .dropped?: "Nothing is dropped."
          default: StyledText("Looking through what is dropped.", .dim)
          }
        view.put(text, x: 0, y: 0, width: view.size.width)
        return
      }
      view.draw(
        Table(
          columns: [TableColumn("", width: .fill())], rowCount: rows.count, state: list,
          hasHeader: false, hitKind: hitKind
        ) { [text(rows[$0])] }, in: view.bounds)
    }
  }

  private static func text(_ row: Row) -> StyledText {
    switch row {
    case .source(let source):
      let share = Double(source.droppedChunks) / Double(max(1, source.chunks)) * 100
      let price = source.price.map { price in
        "   floor \(Number.fixed((source.floor ?? 0) * 100, 0))%: \(Number.grouped(price.chunksIn)) more"
          + (price.meanChange.map { ", mean d \(Number.signed($0, 3))" } ?? "")
      }
      return StyledText(source.name, .accent, .bold)
        + StyledText(
          "  \(Number.grouped(source.droppedChunks)) of \(Number.grouped(source.chunks)) chunks "
            + "dropped (\(Number.fixed(share, 0))%), "
            + "\(Number.short(Double(source.droppedTokens))) tokens")
        + StyledText(price ?? "", .dim)
    case .chunk(let chunk):
      func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
      }
      let figures =
        right(chunk.difference.map { Number.signed($0, 3) } ?? "-", 8) + right("\(chunk.index)", 9)
        + right("\(chunk.tokens)", 6) + " tok  "
      return StyledText(figures) + RowText.words(chunk)
    }
  }
}
