import Corpus
import EngineInterface
import Numerics
import Pipeline
import Store
import Tokenizers

/// Trains a byte-level BPE tokenizer on the reserve part.
struct TokenizerStage: StageWork {
  func run(_ context: StageContext) throws -> StageOutcome {
    guard case .trained(let size) = context.settings.tokenizer else { return .done("given") }
    let inputs = ProjectStatus(folder: context.folder, settings: context.settings).inputs(.reserve)
    var reader = try CorpusReader(inputs: inputs, options: context.settings.corpus.reader)
    var words = WordCounter(preTokenization: .qwen2)
    var documents = 0
    while let document = try reader.next() {
      document.text.withUnsafeBufferPointer { words.add(utf8: $0) }
      documents += 1
      if documents % 256 == 0 {
        context.progress(
          0.5 * Double(reader.bytesRead) / Double(max(1, reader.totalBytes)),
          detail: "counting words, \(Number.grouped(documents)) documents")
        if context.control.isStopping { return .stopped }
      }
    }
    do {
      let trained = try BytePairTrainer(.init(vocabularySize: size)).train(on: words) { progress in
        context.progress(
          0.5 + 0.5 * Double(progress.tokenCount) / Double(max(1, progress.vocabularySize)),
          detail: "\(Number.grouped(progress.tokenCount)) of \(Number.grouped(size)) tokens")
        return !context.control.isStopping
      }
      try trained.write(toFolder: context.folder.tokenizer)
      return .done(
        "\(Number.grouped(trained.vocabularySize)) tokens from \(Number.bytes(words.byteCount))")
    } catch {
      if context.control.isStopping { return .stopped }
      throw error
    }
  }
}
