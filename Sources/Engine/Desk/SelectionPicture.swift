import DifferenceSampling
import EngineInterface

extension SelectionSnapshot {
  /// Chunks shown on each side of the border.
  private static let borderCount = 20

  /// The picture of a selection: a look at so many chunks, however large the corpus is.
  init(
    _ selection: Selection, _ history: SelectionHistory, ratio: Double,
    histogram: HistogramSnapshot, labels: [Label], library: ChunkLibrary
  ) throws {
    let (index, summary) = (selection.index, selection.summary)
    let border = selection.border(count: Self.borderCount)
    let rows = try (border.inside.reversed() + border.outside).map {
      try library.row($0.score.chunk, selection: selection)
    }
    let pins = history.pins.sorted { $0.key < $1.key }.map { name, settings in
      let ratio: Double = if case .ratio(let ratio) = settings.rule { ratio } else { .nan }
      let count = Int(ratio * Double(index.rankedCount))
      let threshold =
        count > 0 ? index.ranking.value(of: index.score(atRank: count - 1)) : .infinity
      return Pin(name: name, ratio: ratio, threshold: Double(threshold))
    }
    self.init(
      ratio: ratio, threshold: Double(summary.threshold ?? .infinity),
      chunks: summary.all.totalChunks, keptChunks: summary.all.keptChunks,
      tokens: summary.all.totalTokens, keptTokens: summary.all.keptTokens,
      sources: summary.sources.filter { $0.totalChunks > 0 }.map {
        Source(
          name: $0.source, chunks: $0.totalChunks, keptChunks: $0.keptChunks,
          tokens: $0.totalTokens, keptTokens: $0.keptTokens,
          floor: selection.settings.floors[$0.source])
      },
      labels: summary.unscored == 0 ? labels : [], entropyBefore: summary.entropyOfAll,
      entropyAfter: summary.entropyOfKept, keptMean: summary.meanDifference ?? .nan,
      histogram: histogram, border: rows, manualKept: summary.manualKeeps,
      manualDropped: summary.manualDrops, pins: pins, undo: history.undoTitle,
      redo: history.redoTitle, complete: summary.unscored == 0)
    borderInside = border.inside.count
    teacherCap = index.teacherNLLCap
    ranking = ChunkRanking(index.ranking)
  }
}

// Both have the same cases under the same names; RankingNamesTests hold them to it.
extension ChunkRanking {
  init(_ ranking: SelectionRanking) { self = Self(rawValue: ranking.rawValue) ?? .difference }
}

extension SelectionRanking {
  init(_ ranking: ChunkRanking) { self = Self(rawValue: ranking.rawValue) ?? .difference }
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
