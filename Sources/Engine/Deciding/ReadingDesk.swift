import Corpus
import DifferenceSampling
import EngineInterface
import Store
import Tokenizers

/// The blind reading of a project.
final class ReadingDesk {
  private let context: DeskContext
  private weak var selection: SelectionDesk?
  private weak var corpus: CorpusDesk?
  private var reading: BlindReading?

  init(_ context: DeskContext, selection: SelectionDesk, corpus: CorpusDesk) {
    self.context = context
    self.selection = selection
    self.corpus = corpus
  }

  func handle(_ order: ReadingOrder) throws {
    guard let chosen = selection?.selection, chosen.summary.unscored == 0,
      let library = corpus?.library
    else {
      return context.note("Chunks can be read blind once all are scored.", .warning)
    }
    let path = context.folder.reading
    if reading == nil {
      reading = try BlindReading(path: path, chunkCount: library.shards.count)
    }
    switch order {
    case .begin:
      guard reading == nil else { break }
      guard let drawn = BlindReading(chosen, seed: context.settings.seed) else {
        return context.note(
          "A blind reading needs 20 chunks that are ranked by the difference.", .warning)
      }
      try drawn.begin(at: path)
      reading = drawn
    case .answer(let chunk, let answer):
      guard reading?.holds(chunk) == true else { return }
      try reading?.answer(answer, of: chunk, at: path)
    case .takeBack:
      guard let last = reading?.last else {
        return context.note("There is no answer to take back.")
      }
      try reading?.answer(nil, of: last, at: path)
    }
    try show()
  }

  /// The selection has changed: agreement is with the one in force.
  func selectionChanged() throws { if reading != nil { try show() } }

  private func show() throws {
    guard let reading, let chosen = selection?.selection, let library = corpus?.library else {
      return
    }
    let picture = try reading.snapshot(chosen) { chunk in
      let text = library.tokenizer.decode(try library.shards.tokens(of: chunk))
      return (library.shards.sources[library.shards.source(of: chunk)], text)
    }
    context.publisher.showNow(.reading, .reading(picture))
  }
}
