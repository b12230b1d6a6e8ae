import EngineInterface
public import TerminalUI

extension Action {
  static let ranking = Action(
    "ranking", [.character("r")], "by what chunks are ranked: the method, or a control",
    label: "rank", notNow: withoutSelection,
    does: { reducer in
      let present = reducer.state.engine.selection?.ranking ?? .difference
      let row = ChunkRanking.allCases.firstIndex(of: present) ?? 0
      reducer.state.overlay = .ranking(ListState(selected: row))
    })
}

extension Overlay {
  public static func ranking(_ list: ListState) -> Overlay {
    .list(ListOverlayID(RankingOverlay.self), list)
  }
}

/// By what chunks are ranked.
enum RankingOverlay: ListOverlay {
  static let hitKind = "ranking"
  static let toggle = Action.ranking

  static func count(_ state: ViewState) -> Int { ChunkRanking.allCases.count }

  static func choose(_ row: Int, _ reducer: inout Reducer) {
    guard let ranking = ChunkRanking.allCases[safe: row] else { return }
    reducer.state.overlay = nil
    reducer.request(nil)
    reducer.send(.setRanking(ranking))
    let undo = reducer.state.key(.undo)
    reducer.say(
      ranking.isMethod
        ? "Ranked by the difference, as the method has it."
        : "Ranked by \(ranking.words): a control, not the method. \(undo) takes it back.",
      isWarning: !ranking.isMethod)
  }

  static func draw(_ list: ListState, _ state: ViewState, on canvas: inout Canvas) {
    let rankings = ChunkRanking.allCases
    let rect = canvas.bounds.centred(
      Size(width: 72, height: min(rankings.count + 6, state.size.height - 2)))
    let area = canvas.box(
      rect, title: "Rank chunks by", footer: state.chooseHint, isFocused: true)
    canvas.inside(area) { view in
      let rows = view.bounds.rows([.fixed(rankings.count), .fixed(1), .fill()])
      view.draw(
        Table(
          columns: [
            TableColumn("", width: .fixed(3)), TableColumn("", width: .fill()),
            TableColumn("", width: .fixed(26)),
          ],
          rowCount: rankings.count, state: list, hasHeader: false, hitKind: hitKind
        ) { row in
          let isInForce = rankings[row] == state.engine.selection?.ranking
          return [
            isInForce ? StyledText("(*)", .accent) : "( )", StyledText(rankings[row].words),
            rankings[row].isMethod
              ? StyledText("the method", .ok) : StyledText("a control, not the method", .warn),
          ]
        }, in: rows[0])
      let why = TextWrap.lines(
        StyledText(
          "Controls keep as much by the same scores: what a student gains over theirs is the "
            + "method's. A commit names them in its folder, manifest and card.", .dim),
        width: rows[2].width, limit: rows[2].height)
      for (index, line) in why.enumerated() {
        view.put(line, x: 0, y: rows[2].y + index, width: rows[2].width)
      }
    }
  }
}

extension SelectionSnapshot {
  /// "NOT the method: ranked by the lowest difference"; nil for the method's ranking.
  var controlNote: String? {
    ranking.isMethod ? nil : "NOT the method: ranked by \(ranking.words)"
  }
}
