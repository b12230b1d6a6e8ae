import Corpus
import DifferenceSampling
import EngineInterface
import Store

/// Scores, selection and history together, and the picture of them.
struct SelectionDesk {
  private(set) var index: SelectionIndex
  private(set) var selection: Selection
  private(set) var state: SelectionState
  private let histogram: ScoreHistogram
  private let recipePath: String
  private let labels: LabelIndex?

  /// Bins of the histogram that pictures carry; screens join them to their width.
  static let bins = 256
  /// Chunks shown on each side of the border.
  static let borderCount = 20

  /// Prepares scores for selecting; goes on from the recipe in `recipePath` if there is one.
  ///
  /// - Parameter labels: what is known about damage; nil for text without labels.
  init(
    scores: ChunkScores, source: some ChunkSource, labels: LabelIndex?, ratio: Double,
    recipePath: String, state: SelectionState? = nil
  ) throws {
    index = SelectionIndex(
      scores: scores, sourceNames: source.sources, chunkCount: source.count)
    var histogram = ScoreHistogram()
    for row in 0..<scores.count {
      let score = scores[row]
      histogram.add(score.isFinite ? score.difference : .nan)
    }
    self.histogram = histogram
    self.recipePath = recipePath
    self.labels = labels
    let recipe = try JSONLinesLog.read(SelectionChange.self, from: recipePath)
    let state = state ?? SelectionState(recipe: recipe) ?? SelectionState(ratio: ratio)
    self.state = state
    selection = try index.select(state.settings)
  }

  /// Changes the selection; `body` does it to the history.
  mutating func change(_ body: (inout SelectionState) -> Void) throws {
    var changed = state
    body(&changed)
    selection = try index.select(changed.settings)
    state = changed
  }

  /// The share of chunks that the rule keeps.
  var ratio: Double {
    switch state.settings.rule {
    case .ratio(let ratio): ratio
    case .threshold:
      index.rankedCount == 0 ? 0 : Double(selection.ruleCount) / Double(index.rankedCount)
    }
  }

  /// Writes the history to `recipe.jsonl`.
  func saveRecipe() throws {
    var text = ""
    for change in state.recipe {
      text += try JSONFile.text(of: change, pretty: false) + "\n"
    }
    try AtomicFile.write(text: text, to: recipePath)
  }

  /// The picture for screens.
  func snapshot(library: ChunkLibrary) throws -> SelectionSnapshot {
    let summary = selection.summary
    let border = selection.border(count: Self.borderCount)
    let rows = try (border.inside.reversed() + border.outside).map {
      try library.row($0.score.chunk, selection: selection)
    }
    let pins = state.pins.sorted { $0.key < $1.key }.map { name, ratio in
      let count = Int(ratio * Double(index.rankedCount))
      let threshold = count > 0 ? index.score(atRank: count - 1).difference : .infinity
      return SelectionSnapshot.Pin(name: name, ratio: ratio, threshold: Double(threshold))
    }
    return SelectionSnapshot(
      ratio: ratio, threshold: Double(summary.threshold ?? .infinity),
      chunks: summary.all.totalChunks, keptChunks: summary.all.keptChunks,
      tokens: summary.all.totalTokens, keptTokens: summary.all.keptTokens,
      sources: summary.sources.filter { $0.totalChunks > 0 }.map {
        SelectionSnapshot.Source(
          name: $0.source, chunks: $0.totalChunks, keptChunks: $0.keptChunks,
          tokens: $0.totalTokens, keptTokens: $0.keptTokens,
          floor: state.settings.floors[$0.source])
      },
      labels: labelRows(), entropyBefore: summary.entropyOfAll,
      entropyAfter: summary.entropyOfKept, keptMean: summary.meanDifference ?? .nan,
      histogram: HistogramSnapshot(histogram.display(bins: Self.bins)), border: rows,
      manualKept: summary.manualKeeps, manualDropped: summary.manualDrops, pins: pins,
      undo: state.undoTitle, redo: state.redoTitle, complete: summary.unscored == 0)
  }

  /// What the selection drops of each kind of planted damage.
  private func labelRows() -> [SelectionSnapshot.Label] {
    guard let labels, selection.summary.unscored == 0 else { return [] }
    return labels.report(kept: selection.keptChunks()).rows.map(SelectionSnapshot.Label.init)
  }
}

extension SelectionSnapshot.Label {
  init(_ row: LabelReport.Row) {
    self.init(
      name: row.label, documents: row.documents, tokens: row.tokens,
      droppedShare: row.tokenShareDropped)
  }
}

extension HistogramSnapshot {
  init(_ display: ScoreHistogram.Display) {
    self.init(
      lower: display.lower, upper: display.upper, counts: display.counts, below: display.below,
      above: display.above)
  }
}
