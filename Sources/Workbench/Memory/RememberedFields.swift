import EngineInterface
import Store
import TerminalUI

extension RememberedField {
  /// Everything that a project remembers. What the engine knows (ratio, floors, pins) is not here.
  static let all: [RememberedField] = [
    theme, screen, focus, selected,
    RememberedField("corpus.filter", "a filter of chunks", \.corpus.filter),
    RememberedField("corpus.filters", "filters that were typed", \.corpus.filters),
    RememberedField("palette.history", "lines that were run", \.paletteHistory.lines),
    RememberedField("corpus.order", choice: \.corpus.order),
    RememberedField(
      "histogram.bins", "one of 16, 32, 64, 128", \.histogram.bins,
      where: HistogramOptions.binChoices.contains),
    RememberedField("histogram.logarithmic", flag, \.histogram.isLogarithmic),
    RememberedField("histogram.kind", choice: \.histogram.kind),
    RememberedField("chunk.index", "the number of a chunk", \.chunk.index),
    RememberedField("chunk.colour", choice: \.chunk.colour),
    RememberedField("chunk.sorts_tokens", flag, \.chunk.sortsTokens),
    RememberedField("curves.axis", choice: \.train.axis),
    RememberedField("curves.logarithmic", flag, \.train.isLogarithmic),
    RememberedField("curves.logarithmic_x", flag, \.train.hasLogarithmicX),
    RememberedField(
      "curves.smoothing", "one of 0, 0.6, 0.9, 0.98", \.train.smoothing,
      where: TrainOptions.smoothings.contains),
    RememberedField("curves.train_loss", flag, \.train.showsTrainLoss),
    RememberedField("compare.order", choice: \.compare.order),
    RememberedField("compare.perplexity", flag, \.compare.showsPerplexity),
    RememberedField("compare.relative", flag, \.compare.isRelative),
    RememberedField("evaluate.reading", choice: \.evaluate.reading),
    RememberedField("evaluate.turned", "true, false or null", \.evaluate.isTurned),
    RememberedField("evaluate.published", "a size of students", \.evaluate.publishedSize),
    RememberedField("decide.tokens", flag, \.decide.driversShowTokens),
    RememberedField("plots.windows", "windows by the names of plots", \.plots.windows),
    RememberedField("plots.cursors", "places by the names of plots", \.plots.cursors),
    RememberedField(
      "panes.borders", "shares by the names of borders", \.splits.fractions),
  ]

  private static let flag = "true or false"

  /// The theme that was chosen in this project.
  private static let theme = RememberedField(
    "theme", "a theme's name", \.memory.theme)

  /// The screen that a person went to; none where the work chose it.
  private static let screen = RememberedField(
    name: "screen", expected: "a screen's name",
    write: { $0.followsWork ? .null : .text("\($0.screen)") },
    read: { json, state in
      guard json != .null else { return true }
      guard case .text(let name) = json, let screen = ScreenID(name: name) else { return false }
      (state.screen, state.followsWork) = (screen, false)
      return true
    })

  /// The pane that has the keys, by screen.
  private static let focus = RememberedField(
    name: "focus", expected: "panes by the names of screens",
    write: { state in
      let named = state.focus.map { ("\($0.key)", $0.value.rawValue) }
      return Dictionary(uniqueKeysWithValues: named).remembered
    },
    read: { json, state in
      guard let names = [String: String](remembered: json) else { return false }
      for (name, pane) in names {
        guard let screen = ScreenID(name: name), screen.panes.contains(Pane(rawValue: pane)) else {
          continue
        }
        state.focus[screen] = Pane(rawValue: pane)
      }
      return true
    })

  /// Rows: taken as soon as there are rows, for a list without any stands at its first.
  private static let selected = RememberedField(
    name: "selected", expected: "rows by the names of panes",
    write: { state in
      var lists = state.memory.lists
      for (pane, list) in state.lists where lists[pane.rawValue] == nil && list != ListState() {
        // The row at the border goes with the ratio until a person has picked one.
        if pane == .border, state.select.followsBorder { continue }
        lists[pane.rawValue] = list
      }
      return lists.remembered
    },
    read: { json, state in
      guard let lists = [String: ListState](remembered: json) else { return false }
      state.memory.lists = lists
      return true
    })
}

/// What is remembered but has no place of its own on a screen.
struct MemoryOptions: ScreenSettings {
  /// The theme that was chosen in this project.
  var theme: String?
  /// Rows of lists that have not come yet.
  var lists: [String: ListState] = [:]

  init() {}
}

extension ViewState {
  var memory: MemoryOptions {
    get { settings[MemoryOptions.self] }
    set { settings[MemoryOptions.self] = newValue }
  }
}

extension Reducer {
  /// Puts lists back to where they stood as soon as they have rows.
  mutating func restoreLists() {
    guard !state.memory.lists.isEmpty else { return }
    for pane in state.screen.panes {
      guard let list = state.memory.lists[pane.rawValue] else { continue }
      switch state.content(of: pane) {
      case .rows(let count, _)? where count > 0, .lines(let count, _)? where count > 0:
        state.memory.lists[pane.rawValue] = nil
        state.lists[pane] = list
        if pane == .border { state.select.followsBorder = false }
      default: continue
      }
    }
  }

  /// Asks for the chunk that was read last, once there are chunks.
  mutating func restoreChunk(_ before: EnginePicture) {
    guard before.corpus?.chunks ?? 0 == 0, let corpus = state.engine.corpus, corpus.chunks > 0,
      state.engine.chunk == nil, let index = state.chunk.index
    else { return }
    if index < corpus.chunks {
      send(.openChunk(index))
    } else {
      state.chunk.index = nil
    }
  }
}
