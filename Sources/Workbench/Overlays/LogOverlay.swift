import EngineInterface
public import TerminalUI

extension Overlay {
  public static func log(_ list: ListState) -> Overlay {
    .list(ListOverlayID(LogOverlay.self), list)
  }
}

/// The job, the stages, and every message so far.
enum LogOverlay: ListOverlay {
  static let hitKind = "log"
  static let toggle = Action.log
  /// What lies under an overlay does not answer to the mouse.
  static let coverKind = "cover"

  private static func rect(_ state: ViewState) -> Rect {
    Rect(state.size).centred(
      Size(width: min(100, state.size.width - 4), height: state.size.height - 4))
  }

  /// Lines above the messages: the job and the stages.
  private static func stageLines(_ state: ViewState) -> Int {
    min(Stage.allCases.count + 2, max(0, rect(state).height - 7))
  }

  static func visibleRows(_ state: ViewState) -> Int {
    max(1, rect(state).height - 2 - stageLines(state))
  }

  static func count(_ state: ViewState) -> Int { state.engine.notices.count }

  static func draw(_ list: ListState, _ state: ViewState, on canvas: inout Canvas) {
    let rect = rect(state)
    let notices = state.engine.notices
    let footer = Table.position(
      top: list.firstRow(count: notices.count, height: visibleRows(state)),
      visible: visibleRows(state), count: notices.count)
    let area = canvas.box(
      rect, title: "Job and log",
      footer: StyledText("\(footer)   \(state.key(.log)) or \(state.key(.back)) closes"),
      isFocused: true)
    canvas.inside(area) { view in
      let split = view.bounds.rows([.fixed(stageLines(state)), .fill()])
      view.inside(split[0]) { drawStages(state, on: &$0) }
      let table = Table(
        columns: [
          TableColumn("", width: .fixed(8)), TableColumn("", width: .fixed(4)),
          TableColumn("", width: .fill()),
        ],
        rowCount: notices.count, state: list, hasHeader: false
      ) { NoticeText.cells(notices[$0]) }
      view.draw(table, in: split[1])
    }
  }

  private static func drawStages(_ state: ViewState, on canvas: inout Canvas) {
    guard let stages = state.engine.project?.stages else {
      canvas.put("No project yet.", x: 0, y: 0, role: .dim)
      return
    }
    for (row, status) in stages.enumerated() {
      canvas.put(
        [
          Span(StageText.mark(status.state), StageText.role(status.state)),
          Span(" \(row + 1) \(status.stage.title)  "), Span(status.detail, .dim),
        ], x: 0, y: row, width: canvas.size.width)
    }
    guard let job = state.engine.job else { return }
    canvas.put(
      StyledText(StageText.job(job, state), .accent), x: 0, y: stages.count,
      width: canvas.size.width)
  }
}

/// A notice as the log and the events panes write it.
enum NoticeText {
  static func cells(_ notice: Notice) -> [StyledText] {
    [StyledText(notice.time, .dim), word(notice.level), StyledText(notice.text)]
  }

  static func word(_ level: Notice.Level) -> StyledText {
    switch level {
    case .info: StyledText("info", .dim)
    case .warning: StyledText("warn", .warn)
    case .error: StyledText("fail", .error, .bold)
    }
  }
}
