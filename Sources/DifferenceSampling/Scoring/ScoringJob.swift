public import Corpus
public import Store
public import TensorKit

/// A model that takes part in scoring: who it is, and how to get it into memory.
public struct ScoringModel {
  /// Name and digest of its weights.
  public let identity: ArtifactIdentity
  /// Loads it; called at most once a run, only if it has something to score.
  public let load: () throws -> any ChunkScorer

  public init(identity: ArtifactIdentity, load: @escaping () throws -> any ChunkScorer) {
    self.identity = identity
    self.load = load
  }
}

/// Scores every chunk of a corpus with a teacher and a reference, in blocks that survive a crash.
///
/// In `folder`: `scores/part-000012.safetensors` for each finished block, written atomically; at the
/// end one `scores.safetensors` in the order of the chunks, after which the parts are removed.
/// Killing the process at any time and running the same job again gives the same bytes.
public struct ScoringJob {
  let source: any ChunkSource
  let teacher: ScoringModel
  let reference: ScoringModel
  let settings: ScoringSettings
  let identity: ScoringIdentity
  let plan: ScoringPlan
  /// Where the merged scores will stand.
  public let scoresPath: String
  /// Chunks that the reference model was trained on, noted in the finished table: its column
  /// `in_reserve` and its metadata `reserve`.
  public var reserve: ReserveOverlap?
  /// Checks that failed before the scoring and were waived, as a person reads it; noted in the
  /// finished table as its metadata `waived`.
  public var waived: String?
  let folder: String
  let partsFolder: String

  /// - Parameters:
  ///   - corpus: name and digest of `source`'s content.
  ///   - folder: where scores go; one job a folder.
  ///   - capability: what the models are run with.
  /// - Throws: `DifferenceSamplingError.invalidSetting`.
  public init(
    source: any ChunkSource, corpus: ArtifactIdentity, teacher: ScoringModel,
    reference: ScoringModel, settings: ScoringSettings, folder: String,
    capability: ProductCapability = .present
  ) throws(DifferenceSamplingError) {
    try settings.validate()
    guard source.count < Int(UInt32.max) else {
      throw .invalidSetting(
        name: "corpus", found: "\(source.count) chunks", expected: "fewer than 2^32 - 1")
    }
    self.source = source
    self.teacher = teacher
    self.reference = reference
    self.settings = settings
    identity = ScoringIdentity(
      corpus: corpus, chunkCount: source.count, teacher: teacher.identity,
      reference: reference.identity, settings: settings, capability: capability)
    plan = ScoringPlan(chunkCount: source.count, settings: settings)
    self.folder = folder
    scoresPath = "\(folder)/\(ChunkScoresFile.name)"
    partsFolder = "\(folder)/scores"
  }

  /// Whether the finished table of this job is there. Nothing is scored then.
  ///
  /// - Throws: `DifferenceSamplingError.otherJob` if `folder` holds scores of another job.
  public func isFinished() throws -> Bool {
    if try mergedScores(report: { _ in }) != nil { return true }
    try requireOwnParts()
    return false
  }

  /// Scores what is not scored yet. Blocks its thread; call it on one of its own.
  ///
  /// - Parameter report: called on this thread.
  /// - Throws: `DifferenceSamplingError.otherJob` if `folder` holds scores of another job,
  ///   `StoreError`, and whatever a model throws; what `ChunkSource.requireUnchanged` throws, with no
  ///   block left.
  public func run(
    control: ScoringControl = ScoringControl(), report: (ScoringEvent) -> Void = { _ in }
  ) throws -> ScoringOutcome {
    var progress = ScoringProgress(
      chunkCount: source.count, blockCount: plan.blockCount)
    try Folder.make(folder)
    try removeLeftovers()
    if let scores = try mergedScores(report: report) {
      progress.countRestored(scores.nonFiniteChunks.count, of: scores.count)
      progress.blocksDone = plan.blockCount
      let rows = (0..<scores.count).map { scores[$0] }
      report(.restored(rows, progress))
      try Folder.remove(partsFolder)
      report(.finished(path: scoresPath, progress))
      return .finished(scores)
    }
    try Folder.make(partsFolder)
    let restored = try restore(&progress, report: report)
    let passes: [BlockScorer.Pass] =
      settings.passes == .alternating ? [.both] : [.teacherOnly, .referenceOnly]
    for pass in passes {
      // A scorer lives for one pass, so that two passes hold one model at a time.
      let scorer = BlockScorer(job: self, pass: pass, control: control)
      for block in 0..<plan.blockCount where !restored.isComplete[block] {
        if pass == .teacherOnly, restored.isHalf.contains(block) { continue }
        let isStopping = [.stopAfterBlock, .stopNow].contains(control.request)
        guard !isStopping,
          try scorer.score(block: block, progress: &progress, report: report)
        else {
          try checkSource()
          return .stopped(progress)
        }
      }
    }
    try checkSource()
    let scores = try merge()
    report(.finished(path: scoresPath, progress))
    return .finished(scores)
  }

  /// Refuses scores of chunks that have changed meanwhile, and removes the blocks: they may be of the
  /// one content or the other, and the identity, of a sample of the chunks, need not tell.
  private func checkSource() throws {
    do {
      try source.requireUnchanged()
    } catch {
      try Folder.remove(partsFolder)
      throw error
    }
  }
}
