import EngineInterface
import Numerics
import TerminalUI

extension ScreenID {
  public static let score = ScreenID(ScoreScreen.self)
}

extension Pane {
  public static let scoreHistogram = Pane("scoreHistogram")
  public static let latest = Pane("latest")
  public static let spread = Pane("spread")
}

/// Score: the histogram as it grows, speed, the newest chunks, the sources.
enum ScoreScreen: Screen {
  static let title = "Score"
  static let panes: [Pane] = [.scoreHistogram, .latest, .spread]
  static let stages: [Stage] = [.score]
  static let actions: [Action] = [
    .filter, .search, .bins, .logAxis, .plotKind, .ratioDown, .ratioUp, .ratioDownFine,
    .ratioUpFine, .ratioType,
    .read, .plotCursor, .zoomIn, .zoomOut,
  ]
  static let footer: [FooterEntry] = [
    FooterEntry(.pause), FooterEntry(.stop), FooterEntry(.plotCursor), FooterEntry(.bins),
    FooterEntry(.logAxis), FooterEntry(.plotKind), FooterEntry(.zoomIn, .zoomOut),
    FooterEntry(.nextPane),
    FooterEntry(.go(to: .select)),
    FooterEntry(.runNext),
  ]
  static let chunkPane: Pane? = .latest

  static func chunk(at row: Int, _ state: ViewState) -> Int? {
    state.engine.scoring?.latest[safe: row]?.index
  }

  static func enter(_ state: ViewState) -> Action? { .read }

  static func layout(_ state: ViewState) -> [Pane: Rect] {
    let body = Rect(state.bodySize)
    if state.isWide {
      let rows = body.rows([.fill(), .fixed(min(12, body.height / 3 + 1))])
      let top = rows[0].columns([.fill(), .fixed(42)])
      let bottom = rows[1].columns([.fill(), .fixed(body.width / 2)])
      // Speed has no keys of its own: it belongs to the histogram's pane.
      return [
        .scoreHistogram: Rect(
          x: top[0].x, y: top[0].y, width: body.width, height: top[0].height),
        .latest: bottom[0], .spread: bottom[1],
      ]
    }
    let rows = body.rows([.fill(), .fixed(8)])
    return switch state.focusedPane {
    case .spread: [.scoreHistogram: rows[0], .spread: rows[1]]
    case .latest: [.scoreHistogram: rows[0], .latest: rows[1]]
    default: [.scoreHistogram: body]
    }
  }

  static func plots(of pane: Pane, _ state: ViewState) -> [PlotID] {
    pane != .scoreHistogram
      ? [] : state.histogram.kind == .histogram ? [.scores, .speed] : [.speed]
  }

  static func draw(_ pane: Pane, _ state: ViewState, on canvas: inout Canvas) {
    switch pane {
    case .scoreHistogram: drawTop(state, on: &canvas)
    case .latest: drawLatest(state, on: &canvas)
    default: drawSpread(state, on: &canvas)
    }
  }

  static func content(of pane: Pane, _ state: ViewState, size: Size) -> PaneContent? {
    switch pane {
    case .latest:
      .rows(count: state.engine.scoring?.latest.count ?? 0, visible: size.height - 3)
    case .spread:
      .rows(count: state.engine.scoring?.sources.count ?? 0, visible: size.height - 3)
    default: nil
    }
  }

  static func status(_ state: ViewState) -> [StyledText] {
    guard let scoring = state.engine.scoring else { return [] }
    var parts: [StyledText] = [
      StyledText("\(Number.grouped(scoring.done))/\(Number.grouped(scoring.total)) scored")
    ]
    if scoring.done >= scoring.total, scoring.total > 0 {
      parts.append(StyledText("\(state.key(.go(to: .select))) choose the ratio", .ok))
    } else {
      parts.append("block \(scoring.blocksDone)/\(scoring.blocks) on disk")
    }
    return parts
  }

  // MARK: Histogram and speed

  private static func drawTop(_ state: ViewState, on canvas: inout Canvas) {
    let parts =
      state.isWide
      ? canvas.bounds.columns([.fill(), .fixed(42)])
      : state.focusedPane == .scoreHistogram
        ? canvas.bounds.rows([.fill(), .fixed(8)]) : [canvas.bounds]
    canvas.inside(parts[0]) { drawHistogram(state, on: &$0) }
    if parts.count > 1 { canvas.inside(parts[1]) { ScoreSpeed.draw(state, on: &$0) } }
  }

  private static func drawHistogram(_ state: ViewState, on canvas: inout Canvas) {
    let live = state.engine.job?.stage == .score && state.engine.isBusy ? " (live)" : ""
    let isWide = canvas.size.width >= 60
    frame(
      .scoreHistogram, state,
      title: StyledText(
        isWide
          ? "d = log p_teacher - log p_reference, nats/token\(live)" : "d, nats/token\(live)"),
      footer: state.histogramFooter(.scores), on: &canvas
    ) { view in
      guard let scoring = state.engine.scoring,
        let plot = state.histogramPlot(.scores, threshold: nil)
      else {
        view.draw(Paragraph(StageText.waiting(for: .score, what: "Scores", state)), in: view.bounds)
        return
      }
      let remarks = scoring.remarks.prefix(view.size.height >= 14 ? 2 : 1)
        .flatMap { TextWrap.lines(StyledText($0, .warn), width: view.size.width, limit: 2) }
      let rows = view.bounds.rows([.fill(), .fixed(2 + remarks.count)])
      let source = scoring.sources[safe: state.list(.spread).selected]?.name
      var isOther = false
      view.inside(rows[0]) {
        isOther = ScorePlots.draw(state, selectedSource: source, on: &$0)
      }
      if !isOther { view.draw(plot, in: rows[0]) }
      view.inside(rows[1]) { put(figures(scoring, state) + remarks, on: &$0) }
    }
  }

  private static func figures(_ scoring: ScoringSnapshot, _ state: ViewState) -> [StyledText] {
    let fixed = { (value: Double) in Number.fixed(value, 2) }
    let ratio = state.ratio ?? scoring.ratio
    let rule =
      state.ranking.isMethod
      ? "-> d >= \(Number.fixed(state.threshold ?? scoring.threshold, 3))"
      : "by \(state.ranking.words): NOT the method"
    let band =
      !state.ranking.isMethod
      ? ""
      : scoring.thresholdBand.map { " +- \(Number.fixed($0, 3)) (95%, DKW)" } ?? " (all scored)"
    return [
      StyledText(
        "median \(fixed(scoring.median))  mean \(fixed(scoring.mean))  sd \(fixed(scoring.deviation))"
          + "  min \(fixed(scoring.minimum))  max \(fixed(scoring.maximum))"
          + "  below 0: \(Number.fixed(scoring.negativeShare * 100, 0))%", .dim),
      [
        Span("ratio \(Number.fixed(ratio, 2)) \(rule)", .accent),
        Span(band),
        Span(
          scoring.nonFinite > 0 ? "  not a number: \(scoring.nonFinite)" : "", .error),
      ],
    ]
  }

  // MARK: Lists

  private static func drawLatest(_ state: ViewState, on canvas: inout Canvas) {
    let rows = state.engine.scoring?.latest ?? []
    let glyphs = canvas.glyphs
    let footer = StyledText("\(state.key(.open)) opens")
    frame(.latest, state, title: "Just scored", footer: footer, on: &canvas) { view in
      let table = Table(
        columns: [
          .number("#", width: 6), TableColumn("source", width: .fixed(12)),
          .number("tok", width: 5), .number("log p", width: 6), .number("log q", width: 6),
          .number("d", width: 6), TableColumn("", width: .fill()),
        ],
        rowCount: rows.count, state: state.list(.latest),
        isFocused: state.focusedPane == .latest, hitKind: Pane.latest.rawValue
      ) { index in
        let row = rows[index]
        return [
          StyledText("\(row.index)"), StyledText(row.source), StyledText("\(row.tokens)"),
          StyledText(Number.fixed(row.teacherLogProbability, 2)),
          StyledText(Number.fixed(row.referenceLogProbability, 2)),
          StyledText(Number.signed(row.difference, 2)),
          StyledText(
            HorizontalBar.text(max(0, row.difference) * 8, glyphs: glyphs), .plot1),
        ]
      }
      view.draw(table, in: view.bounds)
    }
  }

  private static func drawSpread(_ state: ViewState, on canvas: inout Canvas) {
    let sources = state.engine.scoring?.sources ?? []
    let low = sources.map(\.lower).filter(\.isFinite).min() ?? 0
    let high = sources.map(\.upper).filter(\.isFinite).max() ?? 1
    frame(.spread, state, title: "By source so far", on: &canvas) { view in
      let room = max(0, view.size.width - 36)
      let table = Table(
        columns: [
          TableColumn("source", width: .fixed(15)), .number("n", width: 6),
          .number("median d", width: 8), TableColumn("quartiles", width: .fill()),
        ],
        rowCount: sources.count, state: state.list(.spread),
        isFocused: state.focusedPane == .spread, hitKind: Pane.spread.rawValue
      ) { index in
        let source = sources[index]
        return [
          StyledText(source.name), StyledText(Number.grouped(source.count)),
          StyledText(Number.signed(source.median, 2)),
          StyledText(
            QuartileBar.text(
              source.lower, source.median, source.upper, in: low...max(low, high),
              width: room), .plot1),
        ]
      }
      view.draw(table, in: view.bounds)
    }
  }
}

/// The range of a histogram as the plot wants it.
enum ScoreRange {
  static func of(_ histogram: HistogramSnapshot) -> ClosedRange<Double> {
    guard histogram.lower.isFinite, histogram.upper.isFinite, histogram.lower < histogram.upper
    else { return 0...1 }
    return histogram.lower...histogram.upper
  }
}
