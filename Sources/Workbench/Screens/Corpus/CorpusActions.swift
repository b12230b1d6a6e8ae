import EngineInterface
import TerminalUI

/// Narrowing and ordering the list of chunks, and the study of the corpus.
extension Action {
  static let search = Action(
    "search", [.character("/")], "show chunks that contain a text", label: "find",
    notNow: withoutCorpus,
    does: { reducer in
      reducer.state.prompt = Prompt("/", text: reducer.state.corpus.text ?? "") { text, reducer in
        reducer.showChunks { $0.text = text.isEmpty ? nil : text }
        reducer.focus(.chunks)
        return nil
      }
    })

  static let searchNext = Action(
    "search.next", [.character("n")], "next chunk", notNow: withoutCorpus,
    does: { $0.move(.down, in: .chunks) })

  static let searchPrevious = Action(
    "search.previous", [.character("N")], "chunk before", notNow: withoutCorpus,
    does: { $0.move(.up, in: .chunks) })

  static let filterSource = Action(
    "filter.source", [.character("f")], "show one source only", label: "source",
    notNow: { $0.engine.corpus?.sources.isEmpty == false ? nil : "No corpus yet." },
    does: { reducer in
      let sources = reducer.state.engine.corpus?.sources ?? []
      let selected = sources.firstIndex { $0.name == reducer.state.corpus.source }.map { $0 + 1 }
      reducer.state.overlay = .sourceFilter(ListState(selected: selected ?? 0))
    })

  static let filterSelected = Action(
    "filter.selected", [], "show the selected source only, or all again",
    notNow: { state in
      let sources = state.engine.corpus?.sources
      return sources?[safe: state.list(.sources).selected] == nil ? "No source is selected." : nil
    },
    does: { $0.filterSelected() })

  static let showAll = Action("filter.none", [], "show all chunks") { reducer in
    reducer.showChunks { ($0.source, $0.text) = (nil, nil) }
    reducer.say("All chunks are shown.")
  }

  static let sortChunks = Action(
    "chunks.sort", [.character("s")], "order: corpus, tokens, difference", label: "sort",
    notNow: withoutCorpus,
    does: { reducer in
      var order = Reducer.next(reducer.state.corpus.order)
      // Around the border has a list of its own, on the Select screen.
      if order == .border { order = Reducer.next(order) }
      reducer.showChunks { $0.order = order }
    })

  static let study = Action(
    "study", [.character("u")], "count equal texts, lengths, scripts; end it", label: "study",
    notNow: withoutCorpus,
    does: { $0.send(.studyCorpus) })

  private static let withoutCorpus: @Sendable (ViewState) -> String? = { state in
    state.engine.corpus == nil ? "No corpus yet." : nil
  }
}

extension Reducer {
  fileprivate mutating func filterSelected() {
    let sources = state.engine.corpus?.sources
    guard let source = sources?[safe: state.list(.sources).selected] else { return }
    let name = state.corpus.source == source.name ? nil : source.name
    showChunks { $0.source = name }
    focus(.chunks)
    let (open, back) = (state.key(.open), state.key(.back))
    say(name.map { "Only \($0). \(open) on it or \(back) shows all again." } ?? "All sources.")
  }
}
