import Corpus
import DifferenceSampling
import EngineInterface
import Numerics

/// Prices of selections, and answers to what a person asks before deciding. Away from the desk: some of
/// it looks at every chunk.
struct SelectionAppraiser: Sendable {
  let library: ChunkLibrary
  let memory: ProjectMemory
  /// More chunks are not asked for their documents.
  private static let documentLimit = 1 << 20

  private func student(_ selection: Selection) -> StudentPrice? {
    let all = selection.summary.all
    return StudentPrice(memory, tokens: all.totalTokens, chunks: all.totalChunks)
  }

  /// - Parameter ratio: what the rule keeps.
  func price(_ selection: Selection, ratio: Double) throws -> SelectionPrice {
    try price(selection, ratio: ratio, kept: nil, student(selection))
  }

  private func price(
    _ selection: Selection, ratio: Double, kept: [Int]?, _ student: StudentPrice?
  ) throws -> SelectionPrice {
    let cost = try SelectionCost(selection)
    let all = selection.summary.all
    return SelectionPrice(
      ratio: ratio, chunks: all.keptChunks, tokens: all.keptTokens,
      documents: documents(of: selection, kept: kept), mean: cost.mean, pureMean: cost.pureMean,
      parts: cost.parts.map(SelectionPrice.Part.init),
      training: all.keptChunks == 0
        ? nil : student?.price(chunks: all.keptChunks, tokens: all.keptTokens))
  }

  private func documents(of selection: Selection, kept: [Int]?) -> Int? {
    guard library.shards.isLabelled, library.shards.count <= Self.documentLimit else { return nil }
    var found: Set<Int64> = []
    for chunk in kept ?? selection.keptChunks() {
      for piece in library.shards.documents(of: chunk) { found.insert(piece.document) }
    }
    return found.count
  }

  // MARK: - Questions

  /// - Parameter pins: by name, in the order of their columns.
  func answer(
    _ question: DecisionQuestion, _ selection: Selection, ratio: Double,
    pins: [(name: String, settings: SelectionSettings)]
  ) throws -> DecisionAnswer.Content {
    switch question {
    case .pins: .pins(try compare(selection, ratio: ratio, pins: pins))
    case .budget(let amount): try plan(amount, selection)
    case .dropped(let count): .dropped(try dropped(selection, perSource: count))
    }
  }

  private func compare(
    _ selection: Selection, ratio: Double, pins: [(name: String, settings: SelectionSettings)]
  ) throws -> PinComparison {
    let student = student(selection)
    var columns: [PinComparison.Column] = []
    var kept: [[Int]] = []
    let sources = selection.summary.sources.indices.filter {
      selection.summary.sources[$0].totalChunks > 0
    }
    func add(_ name: String, _ selection: Selection, ratio: Double) throws {
      let chunks = selection.keptChunks()
      kept.append(chunks)
      let summary = selection.summary
      columns.append(
        PinComparison.Column(
          name: name,
          price: try price(selection, ratio: ratio, kept: chunks, student),
          threshold: Double(summary.threshold ?? .infinity), entropy: summary.entropyOfKept,
          keepRates: sources.map { summary.sources[$0].keepRate },
          floors: sources.map { selection.settings.floors[summary.sources[$0].source] },
          departures: selection.settings.departures))
    }
    for pin in pins {
      let ratio: Double =
        if case .ratio(let ratio) = pin.settings.rule { ratio } else { .nan }
      try add(pin.name, selection.index.select(pin.settings), ratio: ratio)
    }
    try add("now", selection, ratio: ratio)
    var overlaps: [PinComparison.Overlap] = []
    for first in columns.indices {
      for second in columns.indices where second > first {
        let overlap = SelectionOverlap(kept: kept[first], kept[second])
        overlaps.append(
          PinComparison.Overlap(
            first: columns[first].name, second: columns[second].name, both: overlap.both,
            onlyFirst: overlap.onlyFirst, onlySecond: overlap.onlySecond))
      }
    }
    return PinComparison(
      sources: sources.map { selection.summary.sources[$0].source }, columns: columns,
      overlaps: overlaps)
  }

  private func plan(
    _ amount: TrainingAmount, _ selection: Selection
  ) throws -> DecisionAnswer.Content {
    guard let student = student(selection) else {
      return .none("The shape of the student is not known yet, so nothing says what it takes.")
    }
    if student.hasFixedSteps {
      return .none(
        "The student trains as many steps on any selection (student.training.steps in project.json): "
          + "no ratio changes what it takes.")
    }
    func price(_ summary: SelectionSummary) -> TrainingPrice {
      student.price(chunks: summary.all.keptChunks, tokens: summary.all.keptTokens)
    }
    guard student.fits(price(selection.summary), amount) != nil else {
      return .none(
        "No speed is known before the project has trained something: give tokens or FLOPs.")
    }
    let found = try selection.index.selection(selection.settings) {
      student.fits(price($0), amount) ?? false
    }
    let summary = found.summary
    guard summary.all.keptChunks > 0, student.fits(price(summary), amount) == true else {
      return .none("That is less than one step of the student takes.")
    }
    let ratio: Double = if case .ratio(let ratio) = found.settings.rule { ratio } else { 1 }
    let training = price(summary)
    return .budget(
      BudgetPlan(
        ratio: ratio, threshold: Double(summary.threshold ?? .infinity),
        chunks: summary.all.keptChunks, tokens: summary.all.keptTokens,
        mean: summary.meanDifference, training: training,
        note: ratio < 1 ? "" : "All there is takes no more than that."))
  }

  private func dropped(_ selection: Selection, perSource count: Int) throws -> DroppedSources {
    var sources: [DroppedSources.Source] = []
    for (number, share) in selection.summary.sources.enumerated() {
      guard share.totalChunks > share.keptChunks else { continue }
      let best = selection.bestDropped(ofSource: number, count: max(1, count))
      // A tenth of the source more than it keeps.
      let selectable = Double(selection.index.selectableCount(ofSource: number))
      let floor = min(
        selectable / Double(share.totalChunks), ((share.keepRate + 0.1) * 100).rounded() / 100)
      let isDearer = floor > share.keepRate && !best.isEmpty
      sources.append(
        DroppedSources.Source(
          name: share.source, chunks: share.totalChunks, tokens: share.totalTokens,
          droppedChunks: share.totalChunks - share.keptChunks,
          droppedTokens: share.totalTokens - share.keptTokens,
          best: try best.map { try library.row($0.chunk, selection: selection) },
          floor: isDearer ? floor : nil,
          price: isDearer
            ? SelectionPrice.Part(try selection.cost(ofFloor: floor, of: share.source)) : nil))
    }
    return DroppedSources(
      sources: sources.sorted { ($0.droppedTokens, $1.name) > ($1.droppedTokens, $0.name) })
  }
}

extension SelectionPrice.Part {
  init(_ part: SelectionCost.Part) {
    self.init(
      name: part.name, chunksIn: part.chunksIn, chunksOut: part.chunksOut,
      meanChange: part.meanChange)
  }
}
