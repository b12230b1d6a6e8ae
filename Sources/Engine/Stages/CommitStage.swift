import Corpus
import DifferenceSampling
import EngineInterface
import LanguageModels
import Numerics
import Pipeline
import Store

/// Writes the refined corpus, and the uniform sample of equal tokens that it is compared with.
struct CommitStage: StageWork {
  func run(_ context: StageContext) throws -> StageOutcome {
    let commits = try Commits(
      context.folder, context.settings, digests: context.digests, context.work)
    let written = try commits.verb.run(
      commits.inputs.index().select(context.selection), context.work)
    let manifest = written.refined.manifest
    if written.wasCompleted { return .done(manifest.version) }
    return .done(
      "\(manifest.version): \(Number.grouped(manifest.all.keptChunks)) chunks, "
        + "\(Number.count(manifest.all.keptTokens)) tokens")
  }
}

/// What commits of a project are made of, and where they go.
struct Commits {
  let inputs: Commit.Inputs
  let verb: Commit

  /// - Parameter scores: the finished scores, where they have been read already.
  init(
    _ folder: ProjectFolder, _ settings: ProjectSettings, scores: ChunkScores? = nil,
    digests: FileDigests, _ work: Work = Work()
  ) throws {
    inputs = try Commit.Inputs(
      Commit.Sources(
        shards: folder.shards(.scored), scores: folder.scores,
        teacher: ModelFolder(folder.modelFolder("teacher", settings.teacher)),
        reference: ModelFolder(folder.modelFolder("reference", settings.reference)),
        tokenizer: folder.tokenizerFolder(settings)),
      scores: scores, digests: digests, work)
    var choices = Commit.Settings(
      name: settings.name, writesSample: true, sampleSeed: settings.seed,
      program: Program.nameAndVersion)
    choices.notes = try ChunkNotes(path: folder.notes).all
    let reading = try BlindReading(path: folder.reading, chunkCount: inputs.shards.count)
    choices.reading = { reading?.commitAgreement(with: $0) }
    verb = Commit(
      inputs, settings: choices,
      places: Commit.Places(commits: folder.commits) { folder.samples($0) })
  }
}
