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
    let place = context.folder.tokenizerFolder(context.settings)
    // What would fail before scoring fails before hours of packing.
    try TokenizersAtHand(place, models: context.settings.givenModels).require(
      waivers: context.settings.waivers ?? [], context.work)
    // Parts that are there were packed with one token; the others get the same.
    let packed = try status.parts
      .compactMap { try ShardsTokenizer(ofShards: context.folder.shards($0)).endOfText }.first
    let tokenizer = try Pack.encoding(
      Tokenizer.load(from: place), at: place, endOfText: packed, context.work)
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
