import EngineInterface
import TerminalUI

/// Narrowing and ordering the list of chunks, and the study of the corpus.
extension Action {
  static let searchNext = Action(
    "search.next", [.character("n")], "next chunk", notNow: withoutCorpus,
    does: { $0.move(.down, in: .chunks) })

  static let searchPrevious = Action(
    "search.previous", [.character("N")], "chunk before", notNow: withoutCorpus,
    does: { $0.move(.up, in: .chunks) })

  static let sortChunks = Action(
    "chunks.sort", [.character("s")], "order of chunks: corpus, tokens, difference", label: "sort",
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
