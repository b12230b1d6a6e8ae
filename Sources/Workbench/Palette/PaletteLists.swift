import EngineInterface

/// Lines that narrow the list of chunks.
extension Reducer {
  /// Lists one source, or all.
  mutating func listSource(_ name: String?) -> String? {
    showFiltered()
    showChunks { $0.filter = name.map(Filter.source) }
    say(name.map { "Only \($0). \(state.key(.back)) shows all again." } ?? "All sources.")
    return nil
  }

  /// Lists by a filter; "none" or nothing lists all.
  mutating func listFiltered(_ text: String) -> String? {
    showFiltered()
    do {
      let filter = try Filter(text == "none" ? "" : text, fields: FilterField.chunks)
      showChunks { options in
        options.filter = filter.isEverything ? nil : filter
        guard !filter.isEverything else { return }
        options.filters = Prompt.history(options.filters, adding: "\(filter)")
      }
      return nil
    } catch {
      return error.reason
    }
  }

  /// Lists chunks that contain a text, and keeps what else the filter asks for; nothing lists them all.
  mutating func listFound(_ text: String) -> String? {
    showFiltered()
    let filter = state.corpus.filter
    let term: Filter? = text.isEmpty ? nil : .text(text)
    showChunks { $0.filter = filter == nil ? term : filter?.searching(for: term) }
    return nil
  }
}
