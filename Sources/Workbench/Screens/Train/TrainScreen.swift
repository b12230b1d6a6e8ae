import EngineInterface
import TerminalUI

extension ScreenID {
  public static let train = ScreenID(TrainScreen.self)
}

extension Pane {
  public static let curve = Pane("curve")
  public static let figures = Pane("figures")
  public static let events = Pane("events")
}

/// Train: both students live.
enum TrainScreen: Screen {
  static let title = "Train"
  static let short = "Trn"
  static let panes: [Pane] = [.curve, .figures, .events]
  static let stages: [Stage] = [.train]
  static let actions: [Action] = [
    .logLoss, .precision, .checkpoint, .smoothing, .xAxis, .lossKind, .stepBefore, .stepAfter,
    .cursorRun, .cursorSpike, .openBatch, .openEvent, .plotSideways, .runs, .answer,
    .plotCursor, .zoomIn, .zoomOut, .filterRows, .showAllRows,
  ]
  static let footer: [FooterEntry] = [
    FooterEntry(.pause), FooterEntry(.stop), FooterEntry(.checkpoint, label: "ckpt"),
    FooterEntry(.smoothing), FooterEntry(.xAxis), FooterEntry(.logLoss), FooterEntry(.lossKind),
    FooterEntry(.plotCursor), FooterEntry(.cursorSpike), FooterEntry(.runs),
    FooterEntry(.zoomIn, .zoomOut), FooterEntry(.precision, label: "prec"),
    FooterEntry(.go(to: .compare)), FooterEntry(.runNext, label: "run"),
  ]

  static var filteredList: FilteredList? {
    FilteredList(
      .events, RowFields.events, all: { $0.engine.training?.events ?? [] },
      shown: TrainEvents.events)
  }

  static func back(_ state: ViewState) -> Action? {
    state.listFilters.filters[.events] == nil ? nil : .showAllRows
  }

  static func enter(_ state: ViewState) -> Action? {
    switch state.focusedPane {
    case .curve: .openBatch
    case .events: .openEvent
    default: nil
    }
  }

  static func sideways(_ state: ViewState) -> (left: Action, right: Action)? {
    state.focusedPane == .curve ? (.plotSideways, .plotSideways) : nil
  }

  static func plots(of pane: Pane, _ state: ViewState) -> [PlotID] {
    pane == .curve ? [.training] : []
  }

  static func layout(_ state: ViewState) -> [Pane: Rect] {
    let body = Rect(state.bodySize)
    if state.isWide {
      let rows = body.rows([.fill(), .fixed(body.height * 38 / 100)])
      let top = rows[0].columns([.fill(), .fixed(40)])
      let bottom = rows[1].columns([.fill(), .fixed(40)])
      return [
        .curve: Rect(x: 0, y: 0, width: top[0].width, height: body.height),
        .figures: top[1], .events: bottom[1],
      ]
    }
    let columns = body.columns([.fill(), .fixed(32)])
    let side = columns[1].rows([.fixed(14), .fill()])
    return [.curve: columns[0], .figures: side[0], .events: side[1]]
  }

  static func draw(_ pane: Pane, _ state: ViewState, on canvas: inout Canvas) {
    switch pane {
    case .curve:
      // Difference and norms stand beside the events.
      let rows =
        state.isWide
        ? canvas.bounds.rows([.fill(), .fixed(state.paneRect(.events)?.height ?? 0)])
        : [canvas.bounds]
      canvas.inside(rows[0]) { drawCurve(state, on: &$0) }
      if rows.count > 1 { canvas.inside(rows[1]) { TrainDetails.draw(state, on: &$0) } }
    case .figures: drawFigures(state, on: &canvas)
    default: TrainEvents.draw(state, on: &canvas)
    }
  }

  static func content(of pane: Pane, _ state: ViewState, size: Size) -> PaneContent? {
    switch pane {
    case .figures:
      let runs = state.engine.training?.runs ?? []
      return .lines(
        count: runs.isEmpty ? 0 : RunFigures.rows(runs).count, visible: size.height - 3)
    case .events:
      return .rows(
        count: TrainEvents.events(state).count,
        visible: TrainEvents.visibleRows(state, inner(size)))
    default: return nil
    }
  }

  static func status(_ state: ViewState) -> [StyledText] {
    let lacking: [StyledText] =
      state.engine.models?.precision?.obstacles.isEmpty ?? true
      ? [] : [StyledText("not on this processor: see the checks of Models", .error)]
    guard let runs = state.engine.training?.runs, !runs.isEmpty else { return lacking }
    let waits: [StyledText] =
      state.engine.project?.question == nil
      ? [] : [StyledText("waits for an answer: \(state.key(.answer))", .warn)]
    return lacking + waits
      + runs.map { run in
        let checkpoint = run.lastCheckpoint.map { " ckpt \($0)" } ?? ""
        return StyledText("\(run.name) \(run.step)/\(run.steps)\(checkpoint)")
      }
  }

  private static func drawCurve(_ state: ViewState, on canvas: inout Canvas) {
    let training = state.engine.training
    let runs = training?.runs ?? []
    let heldOut = !state.train.showsTrainLoss
    var plot = RunPlot.losses(runs, state, .training, heldOut: heldOut)
    plot.readout =
      RunPlot.readout(runs, state, .training, heldOut: heldOut)
      ?? TrainEvents.place(state).map { PlotReadout(x: $0) }
    let what: StyledText =
      switch (state.train.showsTrainLoss, state.isWide) {
      case (true, true): "train loss, each on its own data   "
      case (true, false): "train loss  "
      case (false, true): "held-out loss, shared set   "
      case (false, false): "held-out loss  "
      }
    let hint = state.isWide ? "\(state.key(.lossKind)): other loss  " : ""
    frame(
      .curve, state, title: what + plot.legend(glyphs: canvas.glyphs),
      footer: cursorText(state) ?? StyledText(hint + RunPlot.footer(state, .training)),
      on: &canvas
    ) { view in
      guard let training, !training.runs.isEmpty else {
        let lacking = (state.engine.models?.precision?.obstacles ?? []).map {
          StyledText("  " + $0, .error)
        }
        view.draw(
          Paragraph(
            lacking.reduce(StageText.waiting(for: .train, what: "Students", state)) { $0 + $1 }),
          in: view.bounds)
        return
      }
      let hasLine = !state.isWide
      let rows = view.bounds.rows([.fill(), .fixed(hasLine ? 1 : 0)])
      view.draw(plot, in: rows[0])
      if hasLine { view.inside(rows[1]) { put([TrainDetails.verdict(training)], on: &$0) } }
    }
  }

  /// "B refined 87: 9.213  Enter: batch".
  private static func cursorText(_ state: ViewState) -> StyledText? {
    guard let run = state.cursorRun, let point = state.cursorPoint else { return nil }
    return StyledText("\(run.name) \(point.step): \(RunFigures.loss(point.loss))", .accent)
      + StyledText("  \(state.key(.open)): batch")
  }

  private static func drawFigures(_ state: ViewState, on canvas: inout Canvas) {
    frame(
      .figures, state, title: "Now", footer: PrecisionOverlay.training(state), on: &canvas
    ) { view in
      guard let runs = state.engine.training?.runs, !runs.isEmpty else { return }
      RunFigures.draw(runs, top: state.list(.figures).top, on: &view)
    }
  }
}
