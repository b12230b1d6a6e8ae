import EngineInterface

/// Snapshots of a project as the demo makes it, at any point of the work.
struct FixtureSnapshots {
  let corpus: FixtureCorpus

  init(chunks: Int = 1200) {
    corpus = FixtureCorpus(count: chunks)
  }

  func project(done: Int, running: Bool = true) -> ProjectSnapshot {
    let details: [Stage: String] = [
      .corpus: "1,204 documents, 3.1 MB", .tokenizer: "8,192 tokens", .pack: "1,200 chunks",
    ]
    let stages = Stage.allCases.enumerated().map { index, stage in
      StageStatus(
        stage: stage,
        state: index < done ? .done : index == done && running ? .running : .waiting,
        detail: index < done ? details[stage] ?? "" : "")
    }
    return ProjectSnapshot(
      name: "demo", folder: "/home/ann/demo", stages: stages,
      machine: "2 threads, OpenBLAS SkylakeX")
  }

  var corpusPicture: CorpusSnapshot {
    let sources = FixtureCorpus.sources.map { name in
      let documents = corpus.documents.filter { $0.source == name }
      return CorpusSnapshot.Source(
        name: name, documents: documents.count + 7, chunks: documents.count,
        tokens: documents.reduce(0) { $0 + $1.tokens }, medianTokens: 640)
    }
    return CorpusSnapshot(
      path: "demo/corpus.jsonl", sources: sources, documents: 1242, chunks: 1200,
      tokens: corpus.tokens, rejected: 3, chunkLength: 1025,
      tokenizer: "byte-level BPE, 8,192 tokens",
      facts: ["text: text   source: meta.pile_set_name", "sha256 3f1c..9ab2", "seed 42"])
  }

  /// The same after a study.
  var studiedCorpus: CorpusSnapshot {
    var picture = corpusPicture
    picture.study = .done
    (picture.duplicateShare, picture.nearDuplicateShare) = (0.034, 0.068)
    for index in picture.sources.indices {
      let share = Double(index + 1) / 100
      picture.sources[index].duplicateShare = share
      picture.sources[index].nearDuplicateShare = 2 * share
      picture.sources[index].bytesPerToken = 3.9 - share
      picture.sources[index].textLengths = [310, 2_140, 9_870, 123_456]
      picture.sources[index].scripts = [
        .init(name: "latin", share: 0.78), .init(name: "space", share: 0.17),
        .init(name: "punctuation", share: 0.04), .init(name: "digit", share: 0.01),
      ]
    }
    return picture
  }

  func rows(_ query: ChunkQuery, ratio: Double = 0.5, isScored: Bool = true) -> ChunkRows {
    let threshold = threshold(ratio)
    let rowFilter = FixtureCorpus.filter(threshold: threshold)
    var found = corpus.documents.filter { document in
      query.filter.map { rowFilter.shows(document, $0) } ?? true
    }
    switch query.order {
    case .tokens: found.sort { ($0.tokens, -$0.index) > ($1.tokens, -$1.index) }
    case .difference, .border: found.sort { $0.difference > $1.difference }
    case .corpus: break
    }
    let page = found.dropFirst(max(0, query.offset)).prefix(query.count).map { document in
      var row = corpus.row(document, threshold: threshold)
      if !isScored { (row.difference, row.kept) = (nil, nil) }
      return row
    }
    return ChunkRows(query: query, rows: page, total: found.count)
  }

  func threshold(_ ratio: Double) -> Double {
    corpus.kept(ratio).last?.difference ?? 2.5
  }

  func scoring(done: Int) -> ScoringSnapshot {
    let scored = corpus.documents.prefix(done)
    let sorted = scored.map(\.difference).sorted()
    let mean = sorted.reduce(0, +) / Double(max(1, sorted.count))
    func quantile(_ values: [Double], _ share: Double) -> Double {
      values.isEmpty ? .nan : values[min(values.count - 1, Int(share * Double(values.count)))]
    }
    let sources = FixtureCorpus.sources.map { name in
      let values = scored.filter { $0.source == name }.map(\.difference).sorted()
      return ScoringSnapshot.Source(
        name: name, count: values.count, median: quantile(values, 0.5),
        lower: quantile(values, 0.25), upper: quantile(values, 0.75),
        counts: corpus.histogram(scored.filter { $0.source == name }).counts.map(Int32.init))
    }
    let latest = scored.suffix(20).reversed().map { document in
      ScoringSnapshot.Row(
        index: document.index, source: document.source, tokens: document.tokens,
        teacherLogProbability: -2.9, referenceLogProbability: -2.9 - document.difference,
        difference: document.difference)
    }
    let isDone = done == corpus.documents.count
    var picture = ScoringSnapshot(
      done: done, total: corpus.documents.count, histogram: corpus.histogram(scored), mean: mean,
      median: quantile(sorted, 0.5), deviation: 0.31, minimum: sorted.first ?? .nan,
      maximum: sorted.last ?? .nan, negativeShare: 0.08, nonFinite: 0, ratio: 0.5,
      threshold: quantile(sorted, 0.5), thresholdBand: isDone ? nil : 0.011,
      teacherSpeed: (0..<60).map { 3400 + Double($0 % 7) * 40 },
      referenceSpeed: (0..<60).map { 23_900 - Double($0 % 5) * 300 }, elapsed: 395,
      eta: isDone ? nil : 161, blocksDone: done / 64, blocks: 19, latest: latest,
      sources: sources)
    picture.density = corpus.density(scored)
    return picture
  }

  func selection(_ ratio: Double, pins: [SelectionSnapshot.Pin] = []) -> SelectionSnapshot {
    let kept = corpus.kept(ratio)
    let keptIndices = Set(kept.map(\.index))
    let threshold = threshold(ratio)
    let sources = FixtureCorpus.sources.map { name in
      let all = corpus.documents.filter { $0.source == name }
      let part = all.filter { keptIndices.contains($0.index) }
      return SelectionSnapshot.Source(
        name: name, chunks: all.count, keptChunks: part.count,
        tokens: all.reduce(0) { $0 + $1.tokens }, keptTokens: part.reduce(0) { $0 + $1.tokens },
        floor: name == "fortune" ? 0.06 : nil)
    }
    let sorted = corpus.byDifference
    let border = sorted[max(0, kept.count - 15)..<min(sorted.count, kept.count + 15)]
    return SelectionSnapshot(
      ratio: ratio, threshold: threshold, chunks: sorted.count, keptChunks: kept.count,
      tokens: corpus.tokens, keptTokens: kept.reduce(0) { $0 + $1.tokens }, sources: sources,
      labels: Self.labels, entropyBefore: 2.58, entropyAfter: 2.41,
      keptMean: kept.reduce(0) { $0 + $1.difference } / Double(max(1, kept.count)),
      histogram: corpus.histogram(corpus.documents),
      border: border.map { corpus.row($0, threshold: threshold) }, pins: pins,
      undo: "ratio 0.450 -> \(ratio)")
  }

  static let labels = [
    SelectionSnapshot.Label(
      name: "random characters", documents: 31, tokens: 18_200, droppedShare: 0.99),
    SelectionSnapshot.Label(
      name: "shuffled words", documents: 28, tokens: 16_100, droppedShare: 0.93),
    SelectionSnapshot.Label(name: "few changes", documents: 30, tokens: 17_000, droppedShare: 0.52),
  ]

  func chunk(_ index: Int, isScored: Bool = true) -> ChunkDetail {
    let document = corpus.documents[min(max(0, index), corpus.documents.count - 1)]
    var generator = Generator(seed: UInt64(index + 1))
    let words = String(repeating: document.text + " ", count: 8).split(
      separator: " ", omittingEmptySubsequences: false)
    let tokens = words.enumerated().map { place, word in
      let reference = -1 - generator.unit() * 3
      let difference = document.difference + (generator.unit() - 0.5) * 3
      let isCounted = place > 0 && isScored
      return ChunkDetail.Token(
        text: place == 0 ? String(word) : " \(word)",
        teacherLogProbability: isCounted ? reference + difference : nil,
        referenceLogProbability: isCounted ? reference : nil)
    }
    let threshold = threshold(0.5)
    return ChunkDetail(
      row: corpus.row(document, threshold: threshold), tokens: tokens,
      pieces: [ChunkDetail.Piece(document: index, start: 0)],
      teacherLogProbability: isScored ? -2.21 : nil,
      referenceLogProbability: isScored ? -2.82 : nil,
      rank: isScored ? 587 : nil, scored: 1200, bytes: document.text.utf8.count * 8,
      threshold: threshold)
  }
}
