import EngineInterface
import Numerics
import TerminalUI

extension ScreenID {
  public static let corpus = ScreenID(CorpusScreen.self)
}

extension Pane {
  public static let sources = Pane("sources")
  public static let chunks = Pane("chunks")
  public static let preview = Pane("preview")
}

/// Corpus: sources, chunks, the text of the selected one.
enum CorpusScreen: Screen {
  static let title = "Corpus"
  static let panes: [Pane] = [.chunks, .preview, .sources]
  static let stages: [Stage] = [.corpus, .tokenizer, .pack]
  static let actions: [Action] = [
    .filter, .search, .searchNext, .searchPrevious, .sortChunks, .study, .filterSelected,
    .showAll, .beginWork, .read, .note,
  ]
  static let footer: [FooterEntry] = [
    FooterEntry(.filter), FooterEntry(.search), FooterEntry(.sortChunks),
    FooterEntry(.study), FooterEntry(.nextPane), FooterEntry(.open, label: "read"),
    FooterEntry(.runNext),
  ]
  static let chunkPane: Pane? = .chunks

  static func chunk(at row: Int, _ state: ViewState) -> Int? { state.engine.rows?.row(row)?.index }

  static func copyText(_ state: ViewState) -> String? {
    state.engine.rows?.row(state.list(.chunks).selected)?.preview
  }

  static func enter(_ state: ViewState) -> Action? {
    if Welcome.isShown(state) { return .beginWork }
    return state.focusedPane == .sources ? .filterSelected : .read
  }

  static func back(_ state: ViewState) -> Action? {
    state.corpus.filter != nil ? .showAll : nil
  }

  static func press(_ target: HitTarget, _ reducer: inout Reducer) -> Bool {
    guard target.kind == "\(Pane.chunks.rawValue).header" else { return false }
    reducer.perform(.sortChunks)
    return true
  }

  static func layout(_ state: ViewState) -> [Pane: Rect] {
    let body = Rect(state.bodySize)
    if Welcome.isShown(state) { return [state.focus[.corpus] ?? panes[0]: body] }
    if state.isWide {
      let rows = body.rows([.fill(), .fixed(body.height / 3)])
      let top = rows[0].columns([.fixed(54), .fill()])
      return [.sources: top[0], .chunks: top[1], .preview: rows[1]]
    }
    let rows = body.rows([.fill(), .fixed(body.height * 3 / 7)])
    return state.focusedPane == .preview
      ? [.chunks: rows[0], .preview: rows[1]] : [.sources: rows[0], .chunks: rows[1]]
  }

  static func draw(_ pane: Pane, _ state: ViewState, on canvas: inout Canvas) {
    if Welcome.isShown(state) { return Welcome.draw(pane, state, on: &canvas) }
    switch pane {
    case .sources: drawSources(state, on: &canvas)
    case .chunks: drawChunks(state, on: &canvas)
    default: drawPreview(state, on: &canvas)
    }
  }

  static func content(of pane: Pane, _ state: ViewState, size: Size) -> PaneContent? {
    switch pane {
    case .sources:
      let count = state.engine.corpus?.sources.count ?? 0
      return .rows(count: count, visible: sourceRows(state, height: size.height - 2) - 1)
    case .chunks:
      let total = state.engine.rows?.total ?? 0
      // Until another list has come, nobody knows where it ends.
      let isAnswered = state.engine.rows?.answers(state.corpus) ?? true
      return .rows(
        count: isAnswered ? total : max(total, state.list(.chunks).selected + 1),
        visible: size.height - 3)
    default:
      let count = Paragraph(previewText(state)).lineCount(width: max(1, size.width - 4), limit: 500)
      return .lines(count: count, visible: size.height - 2)
    }
  }

  static func status(_ state: ViewState) -> [StyledText] {
    guard let corpus = state.engine.corpus else { return [] }
    var parts: [StyledText] = [
      StyledText(
        "\(Number.grouped(corpus.chunks)) chunks \(Number.short(Double(corpus.tokens))) tok")
    ]
    if corpus.rejected > 0 {
      parts.append(StyledText("\(Number.grouped(corpus.rejected)) lines rejected", .warn))
    }
    return parts
  }

  // MARK: Sources

  /// Lines of the table with its header; facts take what is left.
  private static func sourceRows(_ state: ViewState, height: Int) -> Int {
    let wanted = (state.engine.corpus?.sources.count ?? 0) + 1
    let facts = CorpusFacts.leastLines(state)
    return max(state.isWide ? 3 : 1, min(wanted, height - facts))
  }

  private static func drawSources(_ state: ViewState, on canvas: inout Canvas) {
    let corpus = state.engine.corpus
    let footer: StyledText = state.isWide ? [] : StyledText("\(state.key(.nextPane)): pane")
    frame(.sources, state, title: "Sources", footer: footer, on: &canvas) { view in
      guard let corpus else {
        view.draw(
          Paragraph(StageText.waiting(for: .pack, what: "Sources", state)), in: view.bounds)
        return
      }
      let rows = sourceRows(state, height: view.size.height)
      let table = sourceTable(corpus, state)
      view.draw(table, in: Rect(x: 0, y: 0, width: view.size.width, height: rows))
      view.inside(
        Rect(x: 0, y: rows, width: view.size.width, height: view.size.height - rows)
      ) { put(CorpusFacts.lines(corpus, state), on: &$0) }
    }
  }

  private static func sourceTable(_ corpus: CorpusSnapshot, _ state: ViewState) -> Table {
    let hasStudy = corpus.sources.contains { $0.duplicateShare != nil }
    var columns = [
      state.isWide
        ? TableColumn("source", width: .fill()) : TableColumn("source", width: .fixed(18))
    ]
    if !hasStudy { columns.append(.number("docs", width: 7)) }
    columns += [
      .number("chunks", width: 7), .number("tokens", width: 6), .number("share", width: 5),
    ]
    // The figures of a study take the place of documents, bar, and length, which the facts tell.
    if hasStudy {
      columns += [.number("dup%", width: 4), .number("near%", width: 5)]
    } else {
      columns.append(.number("len50", width: 5))
      if !state.isWide { columns.append(TableColumn("share of tokens", width: .fill())) }
    }
    let all = Double(max(1, corpus.tokens))
    let largest = Double(corpus.sources.map(\.tokens).max() ?? 1)
    let glyphs = state.display.glyphs
    return Table(
      columns: columns, rowCount: corpus.sources.count, state: state.list(.sources),
      isFocused: state.focusedPane == .sources, hitKind: Pane.sources.rawValue
    ) { index in
      let source = corpus.sources[index]
      let share = Double(source.tokens) / all
      let isOnly = source.name == state.corpus.filter?.onlySource
      let name = StyledText(source.name, isOnly ? .accent : .text)
      /// What is not known is 0, and more than seven characters do not fit.
      func count(_ value: Int) -> StyledText {
        guard value > 0 else { return StyledText("-", .dim) }
        return StyledText(value < 1_000_000 ? Number.grouped(value) : Number.short(Double(value)))
      }
      func percent(_ share: Double?) -> StyledText {
        StyledText(share.map { Number.fixed($0 * 100, 1) } ?? "-")
      }
      let counts = [
        count(source.chunks),
        StyledText(Number.short(Double(source.tokens))),
        StyledText("\(Number.fixed(share * 100, 0))%"),
      ]
      if hasStudy {
        return [name] + counts
          + [percent(source.duplicateShare), percent(source.nearDuplicateShare)]
      }
      return [name, count(source.documents)] + counts + [
        StyledText("\(source.medianTokens)"),
        StyledText(
          HorizontalBar.text(Double(source.tokens) / max(1, largest) * 16, glyphs: glyphs), .plot1),
      ]
    }
  }

  // MARK: Chunks

  private static func drawChunks(_ state: ViewState, on canvas: inout Canvas) {
    let rows = state.engine.rows
    let isScored = state.engine.selection != nil
    let sought = state.corpus.soughtTexts
    let columns: [TableColumn] =
      [
        .number("#", width: max(7, "\(state.engine.corpus?.chunks ?? 0)".count)),
        TableColumn("source", width: .fixed(14)), .number("tok", width: 5),
      ]
      + (isScored ? [.number("d", width: 6), TableColumn("", width: .fixed(1))] : [])
      + [TableColumn("first words", width: .fill())]
    let table = Table(
      columns: columns, rowCount: rows?.total ?? 0, state: state.list(.chunks),
      isFocused: state.focusedPane == .chunks, hitKind: Pane.chunks.rawValue
    ) { index in
      guard let row = rows?.row(index) else { return [StyledText("...", .dim)] }
      let base: [StyledText] = [
        StyledText("\(row.index)"), StyledText(row.source), StyledText("\(row.tokens)"),
      ]
      let score = isScored ? [RowText.difference(row.difference), RowText.side(row)] : []
      return base + score + [RowText.words(row, role: .text, sought: sought)]
    }
    var title = "Chunks"
    if let search = rows?.search, !search.isDone {
      let share = Double(search.searched) / Double(max(1, search.chunks))
      title += "  \(ProgressBar.percent(share)) searched"
    }
    if let filter = state.corpus.filter { title += "  filter: \(filter)" }
    let legend = isScored && state.isWide ? RowText.legend(rows?.rows ?? []) + "   " : ""
    let footer =
      legend + "order: \(state.corpus.order.rawValue)  "
      + table.position(height: canvas.size.height - 2)
    frame(
      .chunks, state, title: StyledText(title), footer: StyledText(footer), on: &canvas
    ) { view in
      if let rows, rows.total == 0, state.engine.corpus != nil {
        let isSearching = rows.search.map { !$0.isDone } ?? false
        view.put(
          isSearching
            ? "Searching. \(state.key(.back)) ends it."
            : "No chunk matches. \(state.key(.back)) shows all.",
          x: 0, y: 0, role: .dim)
      } else if rows == nil {
        view.draw(
          Paragraph(StageText.waiting(for: .pack, what: "Chunks", state)), in: view.bounds)
      } else {
        view.draw(table, in: view.bounds)
      }
    }
  }

  // MARK: Preview

  private static func previewText(_ state: ViewState) -> StyledText {
    guard let row = state.engine.rows?.row(state.list(.chunks).selected) else { return [] }
    return SoughtText.marked(row.preview, state.corpus.soughtTexts)
  }

  private static func drawPreview(_ state: ViewState, on canvas: inout Canvas) {
    let row = state.engine.rows?.row(state.list(.chunks).selected)
    let facts = row.map { "  chunk \($0.index)  \($0.source)  \($0.tokens) tok" } ?? ""
    frame(
      .preview, state, title: StyledText("Preview\(facts)"),
      footer: row == nil ? [] : StyledText("\(state.key(.open)): whole text"), on: &canvas
    ) { view in
      view.draw(Paragraph(previewText(state), top: state.list(.preview).top), in: view.bounds)
    }
  }
}
