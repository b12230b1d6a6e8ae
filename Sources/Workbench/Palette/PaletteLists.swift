import EngineInterface

/// Lines that narrow the list of chunks: the one place where the palette knows how that is done.
extension Reducer {
  /// Lists one source, or all.
  mutating func listSource(_ name: String?) -> String? {
    listChunks { $0.source = name }
    say(name.map { "Only \($0). \(state.key(.back)) shows all again." } ?? "All sources.")
    return nil
  }

  /// Lists by a filter as the list of chunks takes it; an empty one lists all.
  mutating func listFiltered(_ text: String) -> String? { listFound(text) }

  /// Lists chunks that contain a text; an empty one lists all.
  mutating func listFound(_ text: String) -> String? {
    listChunks { $0.text = text.isEmpty ? nil : text }
    return nil
  }

  private mutating func listChunks(_ change: (inout CorpusOptions) -> Void) {
    if state.screen != .corpus { go(to: .corpus) }
    showChunks(change)
    focus(.chunks)
  }
}
