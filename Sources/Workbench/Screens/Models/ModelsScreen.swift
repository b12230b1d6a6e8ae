import EngineInterface
import Numerics
import TerminalUI

extension ScreenID {
  public static let models = ScreenID(ModelsScreen.self)
}

extension Pane {
  public static let models = Pane("models")
  public static let checks = Pane("checks")
  public static let modelCurves = Pane("modelCurves")
}

/// Models: the four roles, what was checked, and the training of teacher and reference.
enum ModelsScreen: Screen {
  static let title = "Models"
  static let panes: [Pane] = [.models, .checks, .modelCurves]
  static let stages: [Stage] = [.teacher, .reference]
  static let actions: [Action] = [
    .chooseTeacher, .chooseReference, .precision, .checkpoint, .smoothing, .xAxis,
    .logLoss, .plotCursor, .zoomIn, .zoomOut,
  ]
  static let footer: [FooterEntry] = [
    FooterEntry(.nextPane), FooterEntry(.chooseTeacher), FooterEntry(.chooseReference),
    FooterEntry(.pause), FooterEntry(.stop), FooterEntry(.precision),
    FooterEntry(.runNext), FooterEntry(.checkpoint),
  ]

  static func layout(_ state: ViewState) -> [Pane: Rect] {
    let body = Rect(state.bodySize)
    if state.isWide {
      let rows = body.rows([.fixed(16), .fill()])
      let top = rows[0].columns([.fill(), .fixed(body.width * 40 / 100)])
      return [.models: top[0], .checks: top[1], .modelCurves: rows[1]]
    }
    let rows = body.rows([.fixed(9), .fill()])
    return state.focusedPane == .checks
      ? [.models: rows[0], .checks: rows[1]] : [.models: rows[0], .modelCurves: rows[1]]
  }

  static func plots(of pane: Pane, _ state: ViewState) -> [PlotID] {
    pane == .modelCurves ? [.models] : []
  }

  static func draw(_ pane: Pane, _ state: ViewState, on canvas: inout Canvas) {
    switch pane {
    case .models: drawModels(state, on: &canvas)
    case .checks: drawChecks(state, on: &canvas)
    default: drawCurves(state, on: &canvas)
    }
  }

  static func content(of pane: Pane, _ state: ViewState, size: Size) -> PaneContent? {
    switch pane {
    case .models:
      let count = state.engine.models?.models.count ?? 0
      return .rows(count: count, visible: tableRows(count, inner(size).height) - 1)
    case .checks:
      return .lines(
        count: checkLines(state, width: inner(size).width).count, visible: size.height - 2)
    default: return nil
    }
  }

  static func status(_ state: ViewState) -> [StyledText] {
    guard let checks = state.engine.models?.checks, !checks.isEmpty else { return [] }
    let bad = checks.filter { $0.state == .failed }.count
    let warnings = checks.filter { $0.state == .warning }.count
    let good = checks.filter { $0.state == .ok }.count
    return [
      StyledText(
        "checks: \(good) ok, \(warnings) warnings, \(bad) failed",
        bad > 0 ? .error : warnings > 0 ? .warn : .status)
    ]
  }

  private static func tableRows(_ count: Int, _ height: Int) -> Int {
    max(1, min(count + 1, height))
  }

  private static func drawModels(_ state: ViewState, on canvas: inout Canvas) {
    frame(
      .models, state, title: "Roles", footer: PrecisionOverlay.summary(state), on: &canvas
    ) { view in
      guard let models = state.engine.models?.models, !models.isEmpty else {
        view.draw(
          Paragraph(StageText.waiting(for: .teacher, what: "Models", state)), in: view.bounds)
        return
      }
      let rows = tableRows(models.count, view.size.height)
      let table = Table(
        columns: [
          TableColumn("role", width: .fixed(10)), TableColumn("model", width: .fill()),
          TableColumn("arch", width: .fixed(7)), .number("params", width: 7),
          .number("memory", width: 8), TableColumn("state", width: .fixed(8)),
        ],
        rowCount: models.count, state: state.list(.models),
        isFocused: state.focusedPane == .models, hitKind: Pane.models.rawValue
      ) { index in
        let model = models[index]
        return [
          StyledText(model.role, .accent), StyledText(model.name), StyledText(model.architecture),
          StyledText(Number.short(Double(model.parameters))),
          StyledText(RowText.bytes(model.bytes)), stateText(model.state),
        ]
      }
      view.draw(table, in: Rect(x: 0, y: 0, width: view.size.width, height: rows))
      let selected = models[safe: state.list(.models).selected]
      let rest = Rect(
        x: 0, y: rows + 1, width: view.size.width, height: view.size.height - rows - 1)
      view.inside(rest) { put(facts(selected), on: &$0) }
    }
  }

  private static func stateText(_ text: String) -> StyledText {
    StyledText(text, text == "ready" ? .ok : text == "training" ? .accent : .dim)
  }

  private static func facts(_ model: ModelsSnapshot.Model?) -> [StyledText] {
    guard let model else { return [] }
    return [StyledText("\(model.role): \(model.name)", .title)]
      + model.facts.map { StyledText("  " + $0) }
  }

  private static func checkLines(_ state: ViewState, width: Int) -> [StyledText] {
    var lines: [StyledText] = []
    for check in state.engine.models?.checks ?? [] {
      let (word, role): (String, StyleRole) =
        switch check.state {
        case .ok: ("[ok]   ", .ok)
        case .warning: ("[warn] ", .warn)
        case .failed: ("[fail] ", .error)
        case .waiting: ("[wait] ", .dim)
        case .unknown: ("[?]    ", .dim)
        }
      let wrapped = TextWrap.lines(StyledText(check.text), width: max(1, width - 7))
      for (index, line) in wrapped.enumerated() {
        lines.append(StyledText(index == 0 ? word : "       ", role) + line)
      }
    }
    if lines.isEmpty {
      lines = [StyledText("Nothing to check yet: the models come first.", .dim)]
    }
    let score = "score d(x) = mean over tokens of log p - log q; p teacher, q reference"
    return lines + [[]] + TextWrap.lines(StyledText(score, .dim), width: max(1, width))
  }

  private static func drawChecks(_ state: ViewState, on canvas: inout Canvas) {
    frame(.checks, state, title: "Checks before scoring", on: &canvas) { view in
      put(checkLines(state, width: view.size.width), top: state.list(.checks).top, on: &view)
    }
  }

  private static func drawCurves(_ state: ViewState, on canvas: inout Canvas) {
    let runs = state.engine.models?.runs ?? []
    var plot = RunPlot.losses(runs, state, .models, heldOut: false)
    plot.readout = RunPlot.readout(runs, state, .models, heldOut: false)
    let title: StyledText =
      StyledText("Training loss  ") + plot.legend(glyphs: canvas.glyphs)
    frame(
      .modelCurves, state, title: title, footer: StyledText(RunPlot.footer(state, .models)),
      on: &canvas
    ) { view in
      guard !runs.isEmpty else {
        let line: StyledText =
          state.engine.isDone(.reference)
          ? StyledText(
            "Nothing to show: teacher and reference are there already.", .dim)
          : StageText.waiting(for: .teacher, what: "Curves", state)
        view.draw(Paragraph(line), in: view.bounds)
        return
      }
      let isSideBySide = view.size.width >= 90
      let parts =
        isSideBySide
        ? view.bounds.columns([.fill(), .fixed(38)], gap: 1)
        : view.bounds.rows([.fill(), .fixed(runs.count)])
      view.draw(plot, in: parts[0])
      view.inside(parts[1]) { side in
        if isSideBySide {
          RunFigures.draw(runs, on: &side)
        } else {
          put(runs.map(RunFigures.line), on: &side)
        }
      }
    }
  }
}
