import Corpus
import EngineInterface
import Numerics
import Pipeline

/// Trains a byte-level BPE tokenizer on the reserve part.
struct TokenizerStage: StageWork {
  func run(_ context: StageContext) throws -> StageOutcome {
    guard case .trained(let size) = context.settings.tokenizer else { return .done("given") }
    let status = ProjectStatus(folder: context.folder, settings: context.settings)
    let trained = try TrainTokenizer(
      status.inputs(.reserve), into: context.folder.tokenizer,
      TrainTokenizer.Settings(
        vocabularySize: size, reader: context.settings.corpus.reader)
    ).run(context.work)
    return .done(
      "\(Number.grouped(trained.vocabularySize)) tokens from \(Number.bytes(trained.bytes))")
  }
}
