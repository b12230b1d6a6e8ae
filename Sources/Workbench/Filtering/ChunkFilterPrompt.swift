import EngineInterface
import Numerics
import TerminalUI

/// Typing a filter of chunks: what it means is shown while it is typed.
extension Action {
  static let filter = Action(
    "filter", [.character("f")], "list chunks by a filter", label: "filter",
    notNow: { $0.engine.corpus == nil ? "No corpus yet." : nil },
    does: { $0.askForFilter() })

  static let search = Action(
    "search", [.character("/")], "list chunks that contain a text", label: "find",
    notNow: { $0.engine.corpus == nil ? "No corpus yet." : nil },
    does: { $0.askForText() })

  static let filterSelected = Action(
    "filter.selected", [], "list the selected source only, or all again",
    notNow: { state in
      let sources = state.engine.corpus?.sources
      return sources?[safe: state.list(.sources).selected] == nil ? "No source is selected." : nil
    },
    does: { $0.filterSelected() })

  static let showAll = Action("filter.none", [], "list all chunks") { reducer in
    reducer.showChunks { $0.filter = nil }
    reducer.say("All chunks are shown.")
  }
}

extension Reducer {
  fileprivate mutating func askForFilter() {
    let (before, list) = (state.corpus, state.list(.chunks))
    let origin = state.screen
    showFiltered()
    var prompt = Prompt.filter(
      before: before.filter, history: before.filters, fields: FilterField.chunks,
      names: { $0.filterNames }, note: { $0.filterNote }
    ) { filter, reducer in
      if filter != reducer.state.corpus.filter { reducer.showChunks { $0.filter = filter } }
    } keep: { text, reducer in
      reducer.state.corpus.filters = Prompt.history(reducer.state.corpus.filters, adding: text)
    }
    prompt.cancelled = { (reducer: inout Reducer) in
      if reducer.state.corpus.filter != before.filter {
        reducer.showChunks { $0.filter = before.filter }
        reducer.state.lists[.chunks] = list
      }
      if origin != .corpus { reducer.show(origin) }
    }
    state.prompt = prompt
  }

  /// Keeps what is asked for besides text.
  fileprivate mutating func askForText() {
    showFiltered()
    state.prompt = Prompt("/", text: state.corpus.filter?.soughtTexts.last ?? "") {
      text, reducer in
      let term: Filter? =
        text.isEmpty
        ? nil
        : text.count > 2 && text.hasPrefix("/") && text.hasSuffix("/")
          ? .pattern(String(text.dropFirst().dropLast())) : .text(text)
      let filter = reducer.state.corpus.filter
      reducer.showChunks { $0.filter = filter == nil ? term : filter?.searching(for: term) }
      reducer.focus(.chunks)
      return nil
    }
  }

  /// The list that filters are about.
  mutating func showFiltered() {
    if state.screen != .corpus { go(to: .corpus) }
    focus(.chunks)
  }

  fileprivate mutating func filterSelected() {
    let sources = state.engine.corpus?.sources
    guard let source = sources?[safe: state.list(.sources).selected] else { return }
    let isShown = state.corpus.filter?.onlySource == source.name
    showChunks { $0.filter = isShown ? nil : .source(source.name) }
    focus(.chunks)
    let (open, back) = (state.key(.open), state.key(.back))
    say(
      isShown
        ? "All sources." : "Only \(source.name). \(open) on it or \(back) shows all again.")
  }

  /// Lists the chunks within bounds of some figures, the highest difference first.
  mutating func listChunks(within bounds: [(field: String, range: ClosedRange<Double>)]) {
    let terms = bounds.map { field, range in
      Filter.number(
        field: field, bounds: FilterBounds(lower: range.lowerBound, upper: range.upperBound))
    }
    showFiltered()
    showChunks {
      $0.filter = terms.count == 1 ? terms[0] : .all(terms)
      $0.order = .difference
    }
    let back = state.key(.back)
    say("Only \(state.corpus.filter ?? .everything). \(back) shows all again.")
  }
}

extension ViewState {
  /// The real names of name fields, and how many chunks have them.
  var filterNames: [String: [(name: String, count: Int)]] {
    [
      "source": (engine.corpus?.sources ?? []).map { ($0.name, $0.chunks) },
      "label": (engine.selection?.labels ?? []).map { ($0.name, $0.documents) },
    ]
  }

  /// "1,204 chunks", or how far the search for them is.
  var filterNote: String {
    guard let rows = engine.rows, rows.query.filter == corpus.filter else { return "..." }
    let count = "\(Number.grouped(rows.total)) chunks"
    guard let search = rows.search, !search.isDone else { return count }
    let share = Double(search.searched) / Double(max(1, search.chunks))
    return "\(count), \(ProgressBar.percent(share)) searched"
  }
}
