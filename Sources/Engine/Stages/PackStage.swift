import Corpus
import EngineInterface
import Numerics
import Pipeline
import Store
import TensorKit
import Tokenizers

/// Packs every part of the project's text into chunks, or links the shards that it is given.
struct PackStage: StageWork {
  func run(_ context: StageContext) throws -> StageOutcome {
    let status = ProjectStatus(folder: context.folder, settings: context.settings)
    let tokenizer = try TokenizerEncoding(
      Tokenizer.load(from: context.folder.tokenizerFolder(context.settings)))
    let parts = status.parts
    var lines: [String] = []
    for (number, part) in parts.enumerated() {
      let path = context.folder.shards(part)
      try Folder.make(Folder.parent(of: path))
      if let given = GivenShards(status.inputs(part)) {
        if status.isPacked(part) { continue }
        context.progress(
          Double(number) / Double(parts.count), detail: "\(part.rawValue), linking shards")
        let manifest = try given.link(
          into: path, tokenizer: tokenizer, settings: context.settings.corpus)
        lines.append(Self.line(part, manifest))
        continue
      }
      do {
        let manifest = try CorpusBuilder(
          inputs: status.inputs(part), settings: context.settings.corpus, tokenizer: tokenizer,
          options: PipelineOptions(threads: context.compute.pool.threads)
        ).build(into: path) { progress in
          let share = Double(progress.bytesRead) / Double(max(1, progress.totalBytes))
          context.progress(
            (Double(number) + share) / Double(parts.count),
            detail:
              "\(part.rawValue), \(Number.grouped(progress.documents)) documents, "
              + "\(Number.grouped(progress.chunks)) chunks")
          return !context.control.isStopping
        }
        let rejected = manifest.rejected.values.reduce(0, +)
        if rejected > 0 {
          context.note(
            "\(part.rawValue): \(rejected) documents could not be used; see \(path)/rejects.jsonl",
            .warning)
        }
        lines.append(Self.line(part, manifest))
      } catch {
        if context.control.isStopping { return .stopped }
        throw error
      }
    }
    return .done(lines.joined(separator: "; "))
  }

  private static func line(_ part: CorpusPart, _ manifest: CorpusManifest) -> String {
    "\(part.rawValue) \(Number.grouped(manifest.chunks)) chunks, "
      + "\(Number.count(manifest.tokens)) tokens"
  }
}
