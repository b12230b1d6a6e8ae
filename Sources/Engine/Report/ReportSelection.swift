import Corpus
import DifferenceSampling
import Numerics
import Reports
import Store
import Training

/// What was kept of the scored text, and how scores lie.
extension ProjectReport {
  func selectionSections(_ record: ComparisonRecord?) throws -> [ReportSection] {
    let path = folder.scores + "/" + ChunkScoresFile.name
    guard Folder.exists(path) else { return [] }
    let (scores, metadata) = try ChunkScoresFile.read(path)
    let settings = try selectionSettings()
    let names = ScoringRecord(metadata: metadata).sourceNames ?? []
    let selection = try SelectionIndex(scores: scores, sourceNames: names).select(settings)
    var isKept = [Bool](repeating: false, count: (scores.chunks.last.map { Int($0) } ?? -1) + 1)
    for chunk in selection.keptChunks() { isKept[chunk] = true }
    func kept(_ row: Int) -> Bool { isKept[Int(scores.chunks[row])] }

    let summary = selection.summary
    var lines = [
      "Kept: \(Number.grouped(summary.all.keptChunks)) of \(Number.grouped(summary.all.totalChunks)) "
        + "chunks (\(Number.percent(summary.all.keepRate, 1))), \(Number.count(summary.all.keptTokens)) "
        + "of \(Number.count(summary.all.totalTokens)) tokens."
    ]
    // Controls have no threshold of differences.
    let threshold = settings.ranking.isMethod ? summary.threshold : nil
    if let threshold {
      lines.append(
        "Kept is what has a difference (loss of the reference minus loss of the teacher) of at least "
          + "\(Number.fixed(Double(threshold), 3)) nats per token.")
    }
    lines.append(
      "Entropy of the mix of sources: \(Number.fixed(summary.entropyOfAll, 3)) bits of all, "
        + "\(Number.fixed(summary.entropyOfKept, 3)) bits of what is kept.")
    if summary.nonFinite > 0 {
      lines.append("\(Number.grouped(summary.nonFinite)) chunks have no finite score.")
    }
    lines += settings.departures.map { "Not the published method: \($0)." }
    if commit == nil { lines.append("Nothing is committed yet: this is the project's ratio.") }
    let shares = summary.sources.filter { $0.totalChunks > 0 }
    var blocks: [ReportSection.Block] = [
      .list(lines), .table(Self.table(shares, all: summary.all), file: "keep-rates.csv"),
    ]
    if shares.count > 1 {
      blocks.append(
        .picture(
          svg: Self.bars(shares, all: summary.all).svg, file: "keep-rates.svg",
          words: "keep rate by source"))
    }
    blocks += pictures(scores, threshold: threshold.map(Double.init), isKept: kept)
    if let record { blocks += Self.damage(record.damage) }
    return [ReportSection("Selection", blocks)] + (try readingSection(selection))
      + commitsSection()
  }

  /// Those of the commit; before there is one, the ratio of the project.
  func selectionSettings() throws -> SelectionSettings {
    guard let commit else { return SelectionSettings(rule: .ratio(settings.ratio)) }
    let path = commit.refined + "/selection.json"
    if Folder.exists(path) { return try JSONFile.read(SelectionSettings.self, from: path) }
    return try CommitManifest.read(folder: commit.refined).selection
      ?? SelectionSettings(rule: .ratio(settings.ratio))
  }

  private static func table(_ shares: [SourceShare], all: SourceShare) -> ReportTable {
    ReportTable(
      ["source", "chunks", "kept", "keep rate", "tokens", "kept tokens"],
      (shares + [all]).map {
        [
          .text($0.source), .whole($0.totalChunks), .whole($0.keptChunks),
          .percent($0.totalChunks == 0 ? nil : $0.keepRate), .count($0.totalTokens),
          .count($0.keptTokens),
        ]
      })
  }

  private static func bars(_ shares: [SourceShare], all: SourceShare) -> BarChart {
    let sorted = shares.sorted { ($1.keepRate, $0.source) < ($0.keepRate, $1.source) }
    return BarChart(
      title: "Keep rate by source", subtitle: "Share of each source's chunks that is kept.",
      xLabel: "kept (% of the chunks)",
      bars: sorted.map {
        .init($0.source, 100 * $0.keepRate, Number.percent($0.keepRate))
      }, end: 100,
      reference: .init(100 * all.keepRate, "all \(Number.percent(all.keepRate))"))
  }

  private func pictures(
    _ scores: ChunkScores, threshold: Double?, isKept: (Int) -> Bool
  ) -> [ReportSection.Block] {
    var all = ScoreHistogram()
    for row in 0..<scores.count where scores[row].isFinite { all.add(scores[row].difference) }
    guard all.count > 0 else { return [] }
    let display = all.display(bins: 90)
    let bins = display.counts.count
    var (kept, dropped) = ([Int](repeating: 0, count: bins), [Int](repeating: 0, count: bins))
    var outside = 0
    // A picture tells no more of the ranges than a sample does.
    let step = max(1, scores.count / 200_000)
    let sample = stride(from: 0, to: scores.count, by: step)
    var grid = DensityGrid(
      x: DensityGrid.range(showing: sample.lazy.map { Double(scores.teacherNLL[$0]) }),
      y: DensityGrid.range(showing: sample.lazy.map { Double(scores.referenceNLL[$0]) }))
    for row in 0..<scores.count {
      let score = scores[row]
      guard score.isFinite else { continue }
      grid.add(
        x: Double(score.teacherNLL), y: Double(score.referenceNLL), isKept: isKept(row))
      let bin = ((Double(score.difference) - display.lower) / display.binWidth).rounded(.down)
      guard bin >= 0, bin < Double(bins) else {
        outside += 1
        continue
      }
      if isKept(row) { kept[Int(bin)] += 1 } else { dropped[Int(bin)] += 1 }
    }
    let words = threshold.map { "threshold \(Number.fixed($0, 3))" } ?? ""
    let histogram = HistogramChart(
      title: "Difference scores",
      subtitle: "Loss of the reference minus loss of the teacher, of "
        + "\(Number.grouped(all.count)) chunks.",
      xLabel: "difference (nats per token)", yLabel: "chunks",
      bins: .init(start: display.lower, width: display.binWidth, kept: kept, dropped: dropped),
      threshold: threshold, thresholdName: words,
      notes: outside > 0 ? ["\(Number.grouped(outside)) chunks lie outside."] : [])
    let scatter = DensityChart(
      title: "Teacher against reference",
      subtitle: "Mean loss of each of \(Number.grouped(all.count)) chunks; the darker, the more.",
      xLabel: "loss of the teacher (nats per token)",
      yLabel: "loss of the reference (nats per token)", grid: grid,
      diagonals: [.init(offset: 0, name: "equal losses", colour: Palette.text)]
        + (threshold.map { [.init(offset: $0, name: words, colour: Palette.threshold)] } ?? []))
    return [
      .picture(
        svg: histogram.svg, file: "difference-histogram.svg",
        words: "histogram of the difference scores, kept and dropped"),
      .picture(
        svg: scatter.svg, file: "teacher-reference.svg",
        words: "loss of the teacher against loss of the reference"),
    ]
  }

  private static func damage(_ kinds: [ComparisonRecord.Damage]) -> [ReportSection.Block] {
    if kinds.isEmpty { return [] }
    let table = ReportTable(
      ["planted damage", "documents", "tokens", "dropped"],
      kinds.map {
        [.text($0.kind), .whole($0.documents), .whole($0.tokens), .percent($0.droppedShare)]
      })
    return [
      .paragraph("Share of the tokens of each kind of planted damage that is dropped:"),
      .table(table, file: "damage.csv"),
    ]
  }

  /// All commits of the project, where there is more than one.
  private func commitsSection() -> [ReportSection] {
    let names = status.commits
    guard names.count > 1 else { return [] }
    let rows = names.map { name -> [ReportTable.Cell] in
      let places = CommitFolder(project: folder, name: name)
      let manifest = try? CommitManifest.read(folder: places.refined)
      let row = (try? ComparisonRecord.read(places))??.comparison.chunkMean
      return [
        .text(name), .percent(manifest?.all.keepRate), .count(manifest?.all.keptTokens),
        .number(row?.lossA, 3), .number(row?.lossB, 3), .signed(row?.delta, 3),
        .plusMinus(row?.halfWidth, 3),
      ]
    }
    return [
      ReportSection(
        "Refined corpora",
        [
          .table(
            ReportTable(
              [
                "commit", "kept chunks", "kept tokens", "loss A uniform", "loss B refined", "B - A",
                "95 % interval",
              ], rows), file: "commits.csv")
        ])
    ]
  }
}
