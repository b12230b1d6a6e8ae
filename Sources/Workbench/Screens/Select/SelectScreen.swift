import EngineInterface
import Numerics
import TerminalUI

extension ScreenID {
  public static let select = ScreenID(SelectScreen.self)
}

extension Pane {
  public static let border = Pane("border")
  public static let rates = Pane("rates")
  public static let histogram = Pane("histogram")
  public static let borderPreview = Pane("borderPreview")
}

/// Select: ratio and threshold, and everything that follows from them.
enum SelectScreen: Screen {
  static let title = "Select"
  static let panes: [Pane] = [.border, .rates, .histogram, .borderPreview]
  static let stages: [Stage] = [.select]
  static let actions: [Action] = [
    .filter, .search, .bins, .logAxis, .plotKind, .ratioDown, .ratioUp, .ratioDownFine,
    .ratioUpFine,
    .ratioType, .pinA, .pinB, .pinAgain, .border, .flip, .floor, .cap, .ranking, .read,
    .plotCursor, .zoomIn, .zoomOut,
    .budget, .comparePins, .bestDropped, .note,
    .drivers, .readBlind,
  ]
  static let footer: [FooterEntry] = [
    FooterEntry(.ratioDown, .ratioUp), FooterEntry(.ratioDownFine, .ratioUpFine),
    FooterEntry(.ratioType), FooterEntry(.go(to: .commit)), FooterEntry(.flip),
    FooterEntry(.undo, .redo), FooterEntry(.pinA, .pinB), FooterEntry(.border),
    FooterEntry(.floor), FooterEntry(.plotKind), FooterEntry(.nextPane), FooterEntry(.cap),
    FooterEntry(.budget), FooterEntry(.bestDropped), FooterEntry(.comparePins),
    FooterEntry(.note), FooterEntry(.drivers), FooterEntry(.readBlind), FooterEntry(.ranking),
    FooterEntry(.plotCursor), FooterEntry(.bins),
  ]
  static let chunkPane: Pane? = .border

  static func chunk(at row: Int, _ state: ViewState) -> Int? {
    state.engine.selection?.border[safe: row]?.index
  }

  static func copyText(_ state: ViewState) -> String? { selected(state)?.preview }

  static func enter(_ state: ViewState) -> Action? {
    switch state.focusedPane {
    case .rates: .floor
    case .histogram: .ratioType
    default: .read
    }
  }

  static func sideways(_ state: ViewState) -> (left: Action, right: Action)? {
    state.focusedPane == .histogram ? (.ratioDownFine, .ratioUpFine) : nil
  }

  static func press(_ target: HitTarget, _ reducer: inout Reducer) -> Bool {
    guard target.kind == flipKind else { return false }
    reducer.focus(.border)
    reducer.selectRow(target.index, in: .border)
    reducer.perform(.flip)
    return true
  }

  static func wheel(_ direction: Int, over kind: String, _ reducer: inout Reducer) -> Bool {
    guard kind == flipKind else { return false }
    reducer.scroll(.border, by: direction * Reducer.wheelStep)
    return true
  }

  /// Mouse targets of the letters K and D.
  static let flipKind = "flip"

  static func layout(_ state: ViewState) -> [Pane: Rect] {
    let body = Rect(state.bodySize)
    if state.isWide {
      let rows = body.rows([.fill(), .fixed(body.height * 45 / 100)])
      let top = rows[0].columns([.fill(), .fixed(48)])
      let bottom = rows[1].columns([.fill(), .fixed(body.width * 45 / 100)])
      return [
        .histogram: top[0], .rates: top[1], .border: bottom[0], .borderPreview: bottom[1],
      ]
    }
    let rows = body.rows([.fill(), .fixed(body.height / 2)])
    if state.focusedPane == .borderPreview {
      return [.histogram: rows[0], .borderPreview: rows[1]]
    }
    let bottom = rows[1].columns([.fixed(30), .fill()])
    return [.histogram: rows[0], .rates: bottom[0], .border: bottom[1]]
  }

  static func plots(of pane: Pane, _ state: ViewState) -> [PlotID] {
    pane == .histogram && state.histogram.kind == .histogram ? [.selection] : []
  }

  static func draw(_ pane: Pane, _ state: ViewState, on canvas: inout Canvas) {
    switch pane {
    case .histogram: drawHistogram(state, on: &canvas)
    case .rates: KeepRates.draw(state, on: &canvas)
    case .border: drawBorder(state, on: &canvas)
    default: drawPreview(state, on: &canvas)
    }
  }

  static func content(of pane: Pane, _ state: ViewState, size: Size) -> PaneContent? {
    switch pane {
    case .border:
      return .rows(count: state.engine.selection?.border.count ?? 0, visible: size.height - 2)
    case .rates:
      let count = state.engine.selection?.sources.count ?? 0
      return .rows(count: count, visible: KeepRates.tableRows(state, inner(size).height) - 1)
    case .borderPreview:
      let count = Paragraph(previewText(state)).lineCount(width: max(1, size.width - 4), limit: 500)
      return .lines(count: count, visible: size.height - 3)
    default: return nil
    }
  }

  static func status(_ state: ViewState) -> [StyledText] {
    guard let selection = state.engine.selection else { return [] }
    let ratio = state.ratio ?? selection.ratio
    let isPending = state.select.requestedRatio != nil
    let kept = isPending ? Int(ratio * Double(selection.chunks)) : selection.keptChunks
    let border = state.threshold ?? (isPending ? nil : selection.threshold)
    var words = "ratio \(Number.fixed(ratio, 3)) "
    if let border { words += "\(selection.ranking.border)\(Number.fixed(border, 3)) " }
    words += "kept \(Number.grouped(kept))"
    if !isPending, selection.tokens > 0 {
      let share = Double(selection.keptTokens) / Double(selection.tokens) * 100
      words += ", \(Number.short(Double(selection.keptTokens))) tok (\(Number.fixed(share, 1))%)"
    }
    var parts: [StyledText] = [StyledText(words, .accent)]
    if let note = selection.controlNote { parts.append(StyledText(note, .warn)) }
    if let undo = selection.undo { parts.append(StyledText("undo: \(undo)")) }
    if !selection.complete {
      parts.append(StyledText("not all scored yet", .warn))
    }
    return parts
  }

  // MARK: Histogram and ratio

  private static func drawHistogram(_ state: ViewState, on canvas: inout Canvas) {
    let title: StyledText =
      state.engine.selection?.controlNote.map { "Scores   " + StyledText($0, .warn) }
      ?? [Span("Scores   "), Span("kept", .keep), Span(" | "), Span("dropped", .drop)]
    frame(
      .histogram, state, title: title, footer: state.histogramFooter(.selection), on: &canvas
    ) { view in
      guard let plot = state.histogramPlot(.selection, threshold: state.threshold),
        let ratio = state.ratio
      else {
        view.draw(Paragraph(StageText.waiting(for: .score, what: "Scores", state)), in: view.bounds)
        return
      }
      let rows = view.bounds.rows([.fill(), .fixed(view.size.height >= 12 ? 2 : 1)])
      var isOther = false
      let source = state.engine.selection?.sources[safe: state.list(.rates).selected]?.name
      view.inside(rows[0]) {
        isOther = ScorePlots.draw(state, selectedSource: source, on: &$0)
      }
      if !isOther { view.draw(plot, in: rows[0]) }
      let columns = rows[1].columns([.fixed(13), .fill()])
      view.put(
        StyledText("ratio \(Number.fixed(ratio, 3))", .accent, .bold), x: 0, y: columns[0].y,
        width: 12)
      view.draw(RatioBar(ratio, pins: pins(state)), in: columns[1])
    }
  }

  private static func pins(_ state: ViewState) -> [RatioBar.Pin] {
    (state.engine.selection?.pins ?? []).map { pin in
      RatioBar.Pin(pin.ratio, label: "\(pin.name) \(Number.fixed(pin.ratio, 2))")
    } + [RatioBar.Pin(0.5, label: "paper .50")]
      + (BudgetOverlay.plan(state).map {
        [RatioBar.Pin($0.ratio, label: "budget \(Number.fixed($0.ratio, 2))")]
      } ?? [])
  }

  // MARK: Border

  private static func drawBorder(_ state: ViewState, on canvas: inout Canvas) {
    let rows = state.engine.selection?.border ?? []
    let reads = "\(state.key(.open)) reads"
    let keys = state.isWide ? "\(reads), \(state.key(.flip)) flips" : reads
    let legend = RowText.legend(rows)
    let footer: StyledText = [Span(legend.isEmpty ? "" : legend + "   ", .dim), Span(keys)]
    frame(
      .border, state, title: "Chunks at the border", footer: footer, on: &canvas
    ) { view in
      guard !rows.isEmpty else {
        view.draw(Paragraph(StageText.waiting(for: .score, what: "Border", state)), in: view.bounds)
        return
      }
      let table = Table(
        columns: [
          TableColumn("", width: .fixed(1)), .number("#", width: 6),
          TableColumn("source", width: .fixed(state.isWide ? 13 : 9)), .number("tok", width: 4),
          .number("d", width: 6), TableColumn("first words", width: .fill()),
        ],
        rowCount: rows.count, state: state.list(.border), hasHeader: false,
        isFocused: state.focusedPane == .border, hitKind: Pane.border.rawValue
      ) { index in
        let row = rows[index]
        return [
          RowText.side(row), StyledText("\(row.index)"), StyledText(row.source),
          StyledText("\(row.tokens)"),
          row.difference.map { StyledText(Number.signed($0, 3)) } ?? "-",
          RowText.words(row),
        ]
      }
      view.draw(table, in: view.bounds)
      let top = state.list(.border).firstRow(count: rows.count, height: view.size.height)
      for line in 0..<max(0, min(view.size.height, rows.count - top)) {
        view.mark(Rect(x: 2, y: line, width: 1, height: 1), as: HitTarget(flipKind, top + line))
      }
    }
  }

  private static func selected(_ state: ViewState) -> ChunkRow? {
    state.engine.selection?.border[safe: state.list(.border).selected]
  }

  private static func previewText(_ state: ViewState) -> StyledText {
    StyledText(selected(state)?.preview ?? "")
  }

  private static func drawPreview(_ state: ViewState, on canvas: inout Canvas) {
    let row = selected(state)
    let title = row.map { "Preview  chunk \($0.index)  \($0.source)" } ?? "Preview"
    frame(.borderPreview, state, title: StyledText(title), on: &canvas) { view in
      guard let row else { return }
      let rows = view.bounds.rows([.fill(), .fixed(1)])
      view.draw(
        Paragraph(previewText(state), top: state.list(.borderPreview).top), in: rows[0])
      let side: StyledText =
        row.kept == true ? StyledText("KEPT", .keep, .bold) : StyledText("DROPPED", .drop, .bold)
      let cap =
        row.isCapped && row.kept != true
        ? " by the cap" : row.isFloored && row.kept == true ? " by its floor" : ""
      let facts = "  \(row.tokens) tok\(row.manual ? "  by hand" : "")"
      let label = row.label.isEmpty ? "" : "  planted: \(row.label)"
      view.put(
        side + StyledText(cap, row.kept == true ? .keep : .drop) + "  d "
          + RowText.difference(row.difference)
          + StyledText(facts)
          + StyledText(label, .warn), x: 0, y: rows[1].y, width: view.size.width)
    }
  }
}
