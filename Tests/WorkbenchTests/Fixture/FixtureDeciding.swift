import EngineInterface

/// Prices and answers of the fixture engine.
extension FixtureSnapshots {
  func training(chunks: Int, tokens: Int) -> TrainingPrice {
    TrainingPrice(
      steps: chunks / 8, epochs: 2, tokens: 2 * Double(tokens), operations: 4e6 * Double(tokens),
      seconds: Double(tokens) / 3000, speed: "student B of 0001-r0.50")
  }

  func price(_ ratio: Double) -> SelectionPrice {
    let selection = selection(ratio)
    return SelectionPrice(
      ratio: ratio, chunks: selection.keptChunks, tokens: selection.keptTokens,
      documents: selection.keptChunks, mean: selection.keptMean, pureMean: selection.keptMean,
      training: training(chunks: selection.keptChunks, tokens: selection.keptTokens))
  }

  func answer(
    _ question: DecisionQuestion, ratio: Double, pins: [SelectionSnapshot.Pin]
  ) -> DecisionAnswer {
    switch question {
    case .budget(.tokens(let tokens)):
      // Every token is read twice.
      let all = selection(1)
      guard tokens < 2 * Double(all.tokens) else {
        return DecisionAnswer(question, .none("All there is takes less."))
      }
      let found = (tokens / 2 / Double(all.tokens) * 100).rounded(.down) / 100
      let picture = selection(found)
      return DecisionAnswer(
        question,
        .budget(
          BudgetPlan(
            ratio: found, threshold: picture.threshold, chunks: picture.keptChunks,
            tokens: picture.keptTokens, mean: picture.keptMean,
            training: training(chunks: picture.keptChunks, tokens: picture.keptTokens))))
    case .budget: return DecisionAnswer(question, .none("No speed is known here."))
    case .pins:
      let columns = (pins.map { ($0.name, $0.ratio) } + [("now", ratio)]).map { name, ratio in
        let picture = selection(ratio)
        var price = price(ratio)
        if name == "now" {
          price.parts = [
            SelectionPrice.Part(
              name: "floor of law 60 %", chunksIn: 31, chunksOut: 31, meanChange: -0.021)
          ]
          price.pureMean = picture.keptMean + 0.021
        }
        return PinComparison.Column(
          name: name, price: price, threshold: picture.threshold, entropy: picture.entropyAfter,
          keepRates: picture.sources.map(\.keepRate),
          floors: picture.sources.map { $0.name == "law" && name == "now" ? 0.6 : nil },
          departures: name == "now" ? ["at least 60 % of law kept"] : [])
      }
      let overlaps = columns.indices.dropLast().map { first in
        PinComparison.Overlap(
          first: columns[first].name, second: "now", both: 340, onlyFirst: 20, onlySecond: 260)
      }
      return DecisionAnswer(
        question,
        .pins(
          PinComparison(
            sources: selection(ratio).sources.map(\.name), columns: columns,
            overlaps: Array(overlaps))))
    case .dropped(let count):
      let kept = Set(corpus.kept(ratio).map(\.index))
      let sources = selection(ratio).sources.map { source in
        let best = corpus.byDifference.filter {
          $0.source == source.name && !kept.contains($0.index)
        }
        return DroppedSources.Source(
          name: source.name, chunks: source.chunks, tokens: source.tokens,
          droppedChunks: best.count, droppedTokens: best.reduce(0) { $0 + $1.tokens },
          best: best.prefix(count).map { row($0, threshold: threshold(ratio)) }, floor: 0.6,
          price: SelectionPrice.Part(
            name: "floor", chunksIn: 20, chunksOut: 20, meanChange: -0.004))
      }
      return DecisionAnswer(question, .dropped(DroppedSources(sources: sources)))
    }
  }

  private func row(_ document: FixtureCorpus.Document, threshold: Double) -> ChunkRow {
    corpus.row(document, threshold: threshold)
  }
}

/// Drivers and readings.
enum FixtureDeciding {
  static func drivers(_ order: DriversOrder) -> [EngineEvent] {
    if order == .stop { return [.drivers(DriversSnapshot())] }
    func ngram(_ text: String, _ n: Int, _ kept: Int, _ dropped: Int, _ z: Double)
      -> DriversSnapshot.NGram
    {
      .init(text: text, n: n, kept: kept, dropped: dropped, logOdds: z / 9, z: z)
    }
    func group(_ name: String, _ scored: Bool) -> DriversSnapshot.Group {
      DriversSnapshot.Group(
        source: name, keptChunks: 410, droppedChunks: 390, keptTokens: 210_000,
        droppedTokens: 201_000,
        keeps: [
          ngram(" basis", 1, 210, 40, 8.1), ngram("import numpy", 2, 180, 31, 7.4),
          ngram(" shall retain jurisdiction", 3, 61, 9, 4.9),
        ],
        drops: [ngram("Click here", 2, 3, 190, -9.2), ngram(" subscribe", 1, 8, 120, -6.6)],
        adds: scored ? [.init(text: " basis", count: 412, total: 321.5)] : [],
        takes: scored ? [.init(text: " here", count: 212, total: -88.25)] : [],
        scoredTokens: scored ? 20_480 : 0)
    }
    let scored = order == .scoreTokens
    return [
      .drivers(
        DriversSnapshot(
          state: .done, groups: ["", "code", "law"].map { group($0, scored) },
          selection: "ratio 0.500"))
    ]
  }

  static func reading(done: Int) -> ReadingSnapshot {
    func decile(_ number: Int) -> ReadingSnapshot.Decile {
      let answered = done / 4
      return .init(
        number: number, lower: -1 + 0.3 * Double(number), upper: -0.7 + 0.3 * Double(number),
        answered: answered, readerKeeps: answered / 2, agreed: answered - answered / 4,
        interval: answered > 0 ? 0.2...0.9 : nil)
    }
    let isOver = done >= 40
    return ReadingSnapshot(
      chunk: isOver ? nil : 100 + done, source: isOver ? "" : "law",
      text: isOver ? "" : "The parties agree that the Court shall retain jurisdiction (\(done)).",
      done: done, total: 40, skipped: 0, deciles: (0...10).map(decile), all: decile(0), seed: 42)
  }
}
