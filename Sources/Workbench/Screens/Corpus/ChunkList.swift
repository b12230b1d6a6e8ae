public import EngineInterface
import TerminalUI

/// What the list of chunks asks for, and how far the answer is.
public struct CorpusOptions: ScreenSettings, Equatable {
  public var filter: Filter?
  /// Filters that were typed, the newest last.
  public var filters: [String] = []
  public var order: ChunkQuery.Order = .corpus
  /// The query that was sent last.
  public var sent: ChunkQuery?
  /// Scores or the selection changed since the rows came.
  public var isStale = false

  public init() {}

  /// What the filter looks for in texts, marked where they are shown.
  var soughtTexts: [String] { filter?.soughtTexts ?? [] }
}

extension ViewState {
  public var corpus: CorpusOptions {
    get { settings[CorpusOptions.self] }
    set { settings[CorpusOptions.self] = newValue }
  }
}

extension Reducer {
  /// Rows that are asked for in one go.
  private static let pageSize = 200

  /// Asks the engine for the rows around the visible ones, once.
  mutating func requestRows() {
    let showsList =
      state.screen == .corpus || (state.screen == .chunk && state.chunk.origin == .corpus)
    guard showsList, let corpus = state.engine.corpus, corpus.chunks > 0 else { return }
    let options = state.corpus
    let list = state.list(.chunks)
    let first = min(list.top, list.selected)
    let last = max(list.top + max(1, state.size.height), list.selected + 1)
    var query = ChunkQuery(
      filter: options.filter, order: options.order,
      offset: max(0, first - Self.pageSize / 2), count: Self.pageSize)
    if let rows = state.engine.rows, rows.answers(options) {
      let end = min(last, rows.total)
      let isCovered =
        rows.query.offset <= min(first, rows.total)
        && rows.query.offset + rows.rows.count >= end
      guard !isCovered || options.isStale else { return }
      if isCovered { query.offset = rows.query.offset }
    }
    guard options.sent != query || options.isStale else { return }
    state.corpus.sent = query
    state.corpus.isStale = false
    send(.listChunks(query))
  }

  /// Changes what the list shows and starts at its top.
  mutating func showChunks(_ change: (inout CorpusOptions) -> Void) {
    change(&state.corpus)
    state.corpus.sent = nil
    state.lists[.chunks] = ListState()
  }
}

extension ChunkRows {
  /// The row at a place of the whole list; nil when it has not come yet.
  func row(_ index: Int) -> ChunkRow? { rows[safe: index - query.offset] }

  /// Whether it answers what the list wants to show.
  func answers(_ options: CorpusOptions) -> Bool {
    query.filter == options.filter && query.order == options.order
  }
}

extension Collection where Index == Int {
  /// The element at an index, or nil outside.
  subscript(safe index: Int) -> Element? {
    index >= startIndex && index < endIndex ? self[index] : nil
  }
}
