import EngineInterface
import Numerics
import TerminalUI

extension ScreenID {
  public static let compare = ScreenID(CompareScreen.self)
}

extension Pane {
  public static let table = Pane("table")
  public static let runs = Pane("runs")
  public static let summary = Pane("summary")
}

/// Compare: held-out loss of both students by source.
enum CompareScreen: Screen {
  static let title = "Compare"
  static let short = "Cmp"
  static let panes: [Pane] = [.table, .runs, .summary]
  static let stages: [Stage] = [.compare]
  static let actions: [Action] = [
    .metric, .relative, .sortRows, .report, .floorOfRow, .xAxis, .logLoss,
    .plotCursor, .zoomIn, .zoomOut, .filterRows, .showAllRows,
  ]
  static let footer: [FooterEntry] = [
    FooterEntry(.report), FooterEntry(.metric), FooterEntry(.relative), FooterEntry(.sortRows),
    FooterEntry(.xAxis), FooterEntry(.plotCursor), FooterEntry(.nextPane),
    FooterEntry(.runNext, label: "run"),
  ]

  static func copyText(_ state: ViewState) -> String? {
    state.engine.comparison.map { comparison in
      let rows =
        comparison.rows + CompareTable.measures(comparison, CompareOptions()).map(\.row)
      return rows.map { "\($0.name)\t\($0.a)\t\($0.b)\t\($0.difference)\t\($0.interval)" }
        .joined(separator: "\n")
    }
  }

  static var filteredList: FilteredList? {
    FilteredList(
      .table, RowFields.sources, all: { $0.engine.comparison?.rows ?? [] }, shown: { rows($0) })
  }

  static func back(_ state: ViewState) -> Action? {
    state.listFilters.filters[.table] == nil ? nil : .showAllRows
  }

  static func enter(_ state: ViewState) -> Action? {
    state.focusedPane == .table ? .floorOfRow : nil
  }

  static func layout(_ state: ViewState) -> [Pane: Rect] {
    let body = Rect(state.bodySize)
    if state.isWide {
      let rows = body.rows([.fill(), .fixed(body.height * 38 / 100)])
      let top = rows[0].columns([.fill(), .fixed(body.width * 40 / 100)])
      let bottom = rows[1].columns([.fill(), .fixed(body.width * 40 / 100)])
      return [
        .table: top[0],
        .summary: Rect(x: top[1].x, y: 0, width: top[1].width, height: body.height),
        .runs: bottom[0],
      ]
    }
    // Whoever looks at what was found sees the curves beside it.
    let rows = body.rows([.fill(), .fixed(state.focusedPane == .summary ? 11 : 7)])
    return state.focusedPane == .runs
      ? [.table: rows[0], .runs: rows[1]] : [.table: rows[0], .summary: rows[1]]
  }

  /// Curves and text of the summary's pane; without room for both the text alone.
  private static func parts(_ state: ViewState, _ bounds: Rect) -> (curves: Rect?, text: Rect) {
    guard state.isWide || state.focusedPane == .summary else { return (nil, bounds) }
    let parts =
      state.isWide
      ? bounds.rows([.fill(), .fraction(0.5)]) : bounds.columns([.fill(), .fraction(0.5)])
    return (parts[0], parts[1])
  }

  static func plots(of pane: Pane, _ state: ViewState) -> [PlotID] {
    pane == .summary ? [.compare] : []
  }

  static func draw(_ pane: Pane, _ state: ViewState, on canvas: inout Canvas) {
    switch pane {
    case .table: CompareTable.draw(state, on: &canvas)
    case .runs: drawRuns(state, on: &canvas)
    default:
      let parts = parts(state, canvas.bounds)
      if let curves = parts.curves { canvas.inside(curves) { drawCurves(state, on: &$0) } }
      canvas.inside(parts.text) { drawSummary(state, on: &$0) }
    }
  }

  static func content(of pane: Pane, _ state: ViewState, size: Size) -> PaneContent? {
    switch pane {
    case .table:
      return .rows(
        count: rows(state).count, visible: CompareTable.tableRows(inner(size).height, state) - 1)
    case .runs:
      return .rows(count: state.engine.comparison?.runs.count ?? 0, visible: size.height - 3)
    default:
      let size = parts(state, Rect(size)).text.size
      return .lines(
        count: CompareFindings.lines(state, width: size.width - 4).count, visible: size.height - 2)
    }
  }

  static func status(_ state: ViewState) -> [StyledText] {
    guard let comparison = state.engine.comparison else { return [] }
    let report: StyledText =
      comparison.report.map { StyledText("report: \($0)", .ok) }
      ?? StyledText("\(state.key(.report)) writes the report")
    return [
      StyledText(
        "B - A \(Number.signed(comparison.chunkMean.difference, 3)) nats (chunk mean)", .accent),
      report,
    ]
  }

  /// The rows in the chosen order.
  static func rows(_ state: ViewState) -> [ComparisonSnapshot.Row] {
    let rows = (state.engine.comparison?.rows ?? [])
      .shown(by: state.listFilters.filters[.table], RowFields.sources)
    return switch state.compare.order {
    case .table: rows
    case .difference: rows.sorted { $0.difference < $1.difference }
    case .name: rows.sorted { $0.name < $1.name }
    }
  }

  private static func drawRuns(_ state: ViewState, on canvas: inout Canvas) {
    let runs = state.engine.comparison?.runs ?? []
    let footer: StyledText =
      runs.isEmpty ? "" : StyledText("last: \(curveMeasure(state))")
    frame(.runs, state, title: "Runs", footer: footer, on: &canvas) { view in
      let table = Table(
        columns: [
          TableColumn("run", width: .fixed(12)), TableColumn("corpus", width: .fill()),
          .number("steps", width: 6), .number("tok", width: 6), .number("last", width: 6),
        ],
        rowCount: runs.count, state: state.list(.runs), isFocused: state.focusedPane == .runs,
        hitKind: Pane.runs.rawValue
      ) { index in
        let run = runs[index]
        return [
          StyledText(run.name, .plot(index)), StyledText(run.corpus), StyledText("\(run.step)"),
          StyledText(Number.short(Double(run.tokens))),
          StyledText(run.heldOutLoss.map(RunFigures.loss) ?? "-"),
        ]
      }
      view.draw(table, in: view.bounds)
    }
  }

  /// What the curves' losses are means of: not always what the table's are.
  private static func curveMeasure(_ state: ViewState) -> String {
    guard let count = state.engine.comparison?.curveChunks else {
      return "the curve's last point, all held-out chunks"
    }
    return "the curve's last point, \(Number.grouped(count)) held-out chunks"
  }

  private static func drawCurves(_ state: ViewState, on canvas: inout Canvas) {
    canvas.mark(canvas.bounds, as: HitTarget("pane.\(Pane.summary.rawValue)"))
    let runs = state.comparedRuns
    var plot = RunPlot.losses(runs, state, .compare, heldOut: true)
    plot.readout = RunPlot.readout(runs, state, .compare, heldOut: true)
    let area = canvas.box(
      canvas.bounds, title: StyledText("Held-out loss  ") + plot.legend(glyphs: canvas.glyphs),
      footer: StyledText(
        RunPlot.footer(state, .compare, smooths: false)
          + (state.engine.comparison?.curveChunks.map { "  of \(Number.grouped($0)) chunks" } ?? "")
      ))
    canvas.inside(area) { $0.draw(plot, in: $0.bounds) }
  }

  private static func drawSummary(_ state: ViewState, on canvas: inout Canvas) {
    frame(.summary, state, title: "What was found", on: &canvas) { view in
      guard state.engine.comparison != nil else {
        view.draw(
          Paragraph(StageText.waiting(for: .compare, what: "Findings", state)), in: view.bounds)
        return
      }
      put(
        CompareFindings.lines(state, width: view.size.width), top: state.list(.summary).top,
        on: &view)
    }
  }
}
