import Corpus
import DifferenceSampling
import EngineInterface
import Foundation
import Numerics
import Pipeline
import Store

/// Writes the refined corpus, and the uniform sample of equal tokens that it is compared with.
struct CommitStage: StageWork {
  func run(_ context: StageContext) throws -> StageOutcome {
    let commits = try Commits(context.folder, context.settings)
    // A crash between the two leaves a refined corpus without its sample: complete it first.
    if let commit = context.commit {
      let places = CommitFolder(project: context.folder, name: commit)
      if !Folder.exists(places.uniform + "/" + CommitManifest.fileName) {
        let present = try CommitManifest.read(folder: places.refined)
        try writeSample(present, commits, context, start: 0)
        if present.selection == context.selection { return .done(commit) }
      }
    }
    let refined = try commits.refined(context.selection)
    let count = max(1, refined.chunks.count)
    let (folder, manifest) = try refined.write { written in
      context.progress(
        0.5 * Double(written) / Double(count),
        detail: "\(Number.grouped(written)) of \(Number.grouped(count)) chunks")
      return !context.control.isStopping
    }
    try writeSample(manifest, commits, context, start: 0.5)
    return .done(
      "\(folder.split(separator: "/").last ?? ""): \(Number.grouped(manifest.all.keptChunks)) chunks, "
        + "\(Number.count(manifest.all.keptTokens)) tokens")
  }

  private func writeSample(
    _ refined: CommitManifest, _ commits: Commits, _ context: StageContext, start: Double
  ) throws {
    let sample = try commits.uniform(for: refined)
    let count = max(1, sample.chunks.count)
    _ = try sample.write { written in
      context.progress(
        start + (1 - start) * Double(written) / Double(count),
        detail: "uniform sample, \(Number.grouped(written)) of \(Number.grouped(count)) chunks")
      return !context.control.isStopping
    }
  }
}

/// What commits of a project are made of.
struct Commits {
  private let folder: ProjectFolder
  private let settings: ProjectSettings
  private let context: CommitContext
  private let scores: ChunkScores

  init(_ folder: ProjectFolder, _ settings: ProjectSettings) throws {
    self.folder = folder
    self.settings = settings
    let tokenizer = folder.tokenizerFolder(settings)
    let scoresPath = folder.scores + "/" + ChunkScoresFile.name
    let file = try ChunkScoresFile.read(scoresPath)
    scores = file.scores
    context = CommitContext(
      projectName: settings.name, commitsFolder: folder.commits,
      shards: try TokenShards(folder: folder.shards(.scored)),
      vocabularySize: try Parts.manifest(.scored, folder).vocabularySize,
      corpus: try Identities.shards(folder.shards(.scored)),
      tokenizer: try Identities.tokenizer(tokenizer),
      teacher: try Identities.model(folder.modelFolder("teacher", settings.teacher)),
      reference: try Identities.model(folder.modelFolder("reference", settings.reference)),
      inputs: try Identities.inputs(
        shards: folder.shards(.scored), teacher: folder.modelFolder("teacher", settings.teacher),
        reference: folder.modelFolder("reference", settings.reference), tokenizer: tokenizer),
      scoresPath: scoresPath,
      scoringPrecision: ChunkScoresFile.precision(of: file.metadata), scoringSeed: settings.seed,
      program: Program.nameAndVersion,
      createdAt: ISO8601DateFormatter().string(from: Date()))
  }

  /// The refined corpus of a selection.
  func refined(_ selection: SelectionSettings) throws -> CorpusCommit {
    let index = SelectionIndex(
      scores: scores, sourceNames: context.shards.sources,
      chunkCount: context.shards.count)
    return try CorpusCommit(context: context, content: .refined(try index.select(selection)))
  }

  /// The uniform sample with as many tokens as a refined corpus.
  func uniform(for refined: CommitManifest) throws -> CorpusCommit {
    var context = context
    context.commitsFolder = folder.samples(refined.version)
    let sample = UniformSample(
      source: context.shards, tokenBudget: refined.all.keptTokens, seed: settings.seed)
    return try CorpusCommit(context: context, content: .uniform(sample, scores: scores))
  }
}
