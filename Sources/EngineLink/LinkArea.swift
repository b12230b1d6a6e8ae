import EngineInterface

/// The areas whose pictures replace one another, in the order in which a screen that comes is told.
enum LinkArea: Int, CaseIterable {
  case project, corpus, models, scoring, selection, price, drivers, reading, commit, training,
    comparison, evaluation, job
}

/// Answers to questions, which only concern who has asked.
enum LinkQuestion: Int, CaseIterable { case chunks, chunk, items, batch, decision, settled }

/// What an event is to those who watch.
enum LinkSort: Equatable {
  case picture(LinkArea)
  case answer(LinkQuestion)
  case notice
  /// Of one screen's own link, or of the end.
  case own
}

extension EngineEvent {
  var sort: LinkSort {
    switch self {
    case .project: .picture(.project)
    case .corpus: .picture(.corpus)
    case .models: .picture(.models)
    case .scoring: .picture(.scoring)
    case .selection: .picture(.selection)
    case .price: .picture(.price)
    case .drivers: .picture(.drivers)
    case .reading: .picture(.reading)
    case .commit: .picture(.commit)
    case .training: .picture(.training)
    case .comparison: .picture(.comparison)
    case .evaluation: .picture(.evaluation)
    case .job: .picture(.job)
    case .chunkRows: .answer(.chunks)
    case .chunk: .answer(.chunk)
    case .taskItems: .answer(.items)
    case .batch: .answer(.batch)
    case .decision: .answer(.decision)
    case .settled: .answer(.settled)
    case .notice: .notice
    case .link, .ended: .own
    }
  }

  /// Whether this is what a question was about.
  func answers(_ command: EngineCommand) -> Bool {
    switch (self, command) {
    case (.chunkRows(let rows), .listChunks(let query)): rows.query == query
    case (.chunk(let detail), .openChunk(let index)): detail.row.index == index
    case (.taskItems(let rows), .listTaskItems(let query)): rows.query == query
    case (.batch(let batch), .openBatch(let run, let step)): batch.run == run && batch.step == step
    case (.decision(let answer), .ask(let question)): answer.question == question
    case (.settled(let number), .settle(let asked)): number == asked
    default: false
    }
  }
}

extension EngineCommand {
  /// The question that it is; nil for what changes something or shows all the same.
  var question: LinkQuestion? {
    switch self {
    case .listChunks: .chunks
    case .openChunk: .chunk
    case .listTaskItems: .items
    case .openBatch: .batch
    case .ask: .decision
    case .settle: .settled
    default: nil
    }
  }
}
