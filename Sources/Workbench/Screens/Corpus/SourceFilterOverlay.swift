import EngineInterface
import Numerics
public import TerminalUI

extension Overlay {
  public static func sourceFilter(_ list: ListState) -> Overlay {
    .list(ListOverlayID(SourceFilterOverlay.self), list)
  }
}

/// Which source the list of chunks shows.
enum SourceFilterOverlay: ListOverlay {
  static let hitKind = "source-filter"
  static let toggle = Action.filterSource

  static func count(_ state: ViewState) -> Int { (state.engine.corpus?.sources.count ?? 0) + 1 }

  static func choose(_ row: Int, _ reducer: inout Reducer) {
    reducer.state.overlay = nil
    let name = reducer.state.engine.corpus?.sources[safe: row - 1]?.name
    reducer.showChunks { $0.source = name }
  }

  static func draw(_ list: ListState, _ state: ViewState, on canvas: inout Canvas) {
    let sources = state.engine.corpus?.sources ?? []
    let rect = canvas.bounds.centred(
      Size(width: 48, height: min(sources.count + 3, state.size.height - 4)))
    let area = canvas.box(
      rect, title: "Show chunks of", footer: state.chooseHint, isFocused: true)
    canvas.inside(area) { view in
      view.draw(
        Table(
          columns: [TableColumn("", width: .fill()), .number("", width: 10)],
          rowCount: sources.count + 1, state: list, hasHeader: false, hitKind: hitKind
        ) { row in
          guard let source = sources[safe: row - 1] else {
            return [
              "all sources", StyledText(Number.grouped(state.engine.corpus?.chunks ?? 0), .dim),
            ]
          }
          return [StyledText(source.name), StyledText(Number.grouped(source.chunks), .dim)]
        }, in: view.bounds)
    }
  }
}
