import EngineInterface
import TerminalUI

/// The list of documents and the opened one.
extension Reducer {
  /// Rows that are asked for in one go.
  private static let pageSize = 200

  /// Asks the engine for the rows around the visible ones, once.
  mutating func requestRows() {
    let showsList =
      state.screen == .corpus || (state.screen == .document && state.document.origin == .documents)
    guard showsList, let corpus = state.engine.corpus, corpus.chunks > 0 else { return }
    let list = state.list(.documents)
    let first = min(list.top, list.selected)
    let last = max(list.top + max(1, state.size.height), list.selected + 1)
    var query = ChunkQuery(
      source: state.corpus.source, text: state.corpus.text, order: state.corpus.order,
      offset: max(0, first - Self.pageSize / 2), count: Self.pageSize)
    if let rows = state.engine.rows, rows.answers(state.corpus) {
      let end = min(last, rows.total)
      let isCovered =
        rows.query.offset <= min(first, rows.total)
        && rows.query.offset + rows.rows.count >= end
      guard !isCovered || state.corpus.isStale else { return }
      if isCovered { query.offset = rows.query.offset }
    }
    guard state.corpus.sent != query || state.corpus.isStale else { return }
    state.corpus.sent = query
    state.corpus.isStale = false
    send(.listChunks(query))
  }

  /// Changes what the list shows and starts at its top.
  mutating func showDocuments(_ change: (inout CorpusOptions) -> Void) {
    change(&state.corpus)
    state.corpus.sent = nil
    state.lists[.documents] = ListState()
  }

  mutating func filterBySelectedSource() {
    guard let source = state.engine.corpus?.sources[safe: state.list(.sources).selected] else {
      return
    }
    let name = state.corpus.source == source.name ? nil : source.name
    showDocuments { $0.source = name }
    focus(.documents)
    say(name.map { "Only \($0). Enter on it or Esc shows all again." } ?? "All sources.")
  }

  /// Opens the document that is selected on the screen.
  mutating func openSelected() {
    switch state.screen {
    case .corpus: open(row: state.list(.documents).selected, of: .documents)
    case .score: open(row: state.list(.latest).selected, of: .latest)
    case .select: open(row: state.list(.border).selected, of: .border)
    default:
      let origin: Pane = state.returnScreen == .select ? .border : .documents
      open(row: state.list(origin).selected, of: origin)
    }
  }

  private mutating func open(row: Int, of pane: Pane) {
    guard let index = chunk(row, of: pane) else { return }
    state.document.index = index
    state.document.origin = pane
    for pane in ScreenID.document.panes { state.lists[pane] = ListState() }
    send(.openChunk(index))
    if state.screen != .document { go(to: .document) }
  }

  /// The document before or after the opened one in the list that it came from.
  mutating func neighbour(_ step: Int) {
    let pane = state.document.origin
    let row = state.list(pane).selected + step
    guard chunk(row, of: pane) != nil else {
      say(step < 0 ? "This is the first one." : "No further document in the list.", isWarning: true)
      return
    }
    state.lists[pane]?.selected = row
    if pane == .border { state.select.followsBorder = false }
    open(row: row, of: pane)
  }

  private func chunk(_ row: Int, of pane: Pane) -> Int? {
    switch pane {
    case .latest: state.engine.scoring?.latest[safe: row]?.index
    case .border: state.engine.selection?.border[safe: row]?.index
    default: state.engine.rows?.row(row)?.index
    }
  }

  /// Scrolls the text to the token that is selected in the table.
  mutating func jumpToToken() {
    guard let token = DocumentScreen.tokenOrder(state)[safe: state.list(.tokens).selected] else {
      return
    }
    focus(.text)
    guard let rect = state.paneRect(.text),
      let line = DocumentScreen.line(ofToken: token, state, size: rect.size)
    else { return }
    state.lists[.text] = ListState(selected: line, top: max(0, line - 2))
  }
}

extension ChunkRows {
  /// The row at a place of the whole list; nil when it has not come yet.
  func row(_ index: Int) -> ChunkRow? { rows[safe: index - query.offset] }

  /// Whether it answers what the list wants to show.
  func answers(_ options: CorpusOptions) -> Bool {
    query.source == options.source && query.text == options.text && query.order == options.order
  }
}

extension Collection where Index == Int {
  /// The element at an index, or nil outside.
  subscript(safe index: Int) -> Element? {
    index >= startIndex && index < endIndex ? self[index] : nil
  }
}
