import Corpus
import EngineInterface
import Numerics
import Pipeline
import TensorKit
import Tokenizers

/// Packs every part of the project's text into chunks, or links the shards that it is given.
struct PackStage: StageWork {
  func run(_ context: StageContext) throws -> StageOutcome {
    let status = ProjectStatus(folder: context.folder, settings: context.settings)
    let tokenizer = try TokenizerEncoding(
      Tokenizer.load(from: context.folder.tokenizerFolder(context.settings)))
    let settings = Pack.Settings(
      corpus: context.settings.corpus,
      pipeline: PipelineOptions(threads: context.compute.pool.threads))
    let count = Double(status.parts.count)
    var lines: [String] = []
    for (number, part) in status.parts.enumerated() {
      let share = Double(number) / count...Double(number + 1) / count
      let manifest = try Pack(
        Pack.Input(status.inputs(part)), tokenizer: tokenizer, into: context.folder.shards(part),
        settings
      ).run(context.work.part(share, "\(part.rawValue), "))
      lines.append(
        "\(part.rawValue) \(Number.grouped(manifest.chunks)) chunks, "
          + "\(Number.count(manifest.tokens)) tokens")
    }
    return .done(lines.joined(separator: "; "))
  }
}
