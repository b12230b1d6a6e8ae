import Corpus
public import DifferenceSampling
import Foundation
import Numerics
import Store

/// Writes the refined corpus of a selection, and the uniform sample of as many tokens that it is
/// compared with.
///
/// A folder appears whole or not at all, under a new number; nothing is ever overwritten. Stopped
/// between the two, the next run writes the sample that is missing.
public struct Commit {
  /// What is written, and what it is called.
  public struct Settings: Sendable {
    /// Name in manifest and card.
    public var name: String
    /// Whether a uniform sample goes with the refined corpus.
    public var writesSample: Bool
    /// Seed of the uniform sample.
    public var sampleSeed: UInt64
    /// Program and version, for the manifest.
    public var program: String
    /// Time of the commit, for the manifest; nil takes the clock's.
    public var createdAt: String?
    /// What a person has written about chunks.
    public var notes: [ChunkNote] = []
    /// How far a blind reading agrees with a selection; nil where nobody has read.
    public var reading: (@Sendable (Selection) -> ReadingAgreement?)?

    public init(
      name: String, writesSample: Bool, sampleSeed: UInt64, program: String,
      createdAt: String? = nil
    ) {
      self.name = name
      self.writesSample = writesSample
      self.sampleSeed = sampleSeed
      self.program = program
      self.createdAt = createdAt
    }
  }

  /// Where commits go.
  public struct Places: Sendable {
    /// The folder of all refined corpora.
    public var commits: String
    /// The folder of the samples of a version; nil puts them beside the refined corpora.
    public var samples: (@Sendable (_ version: String) -> String)?

    public init(commits: String, samples: (@Sendable (_ version: String) -> String)? = nil) {
      self.commits = commits
      self.samples = samples
    }

    func samples(of version: String) -> String { samples?(version) ?? commits }
  }

  /// A folder that stands, with its manifest.
  public struct Written: Sendable {
    public let folder: String
    public let manifest: CommitManifest
  }

  /// What came out.
  public struct Result: Sendable {
    public let refined: Written
    public let sample: Written?
    /// Whether only the sample was missing.
    public let wasCompleted: Bool
  }

  private let inputs: Inputs
  private let settings: Settings
  private var places: Places
  private let createdAt: String

  public init(_ inputs: Inputs, settings: Settings, places: Places) {
    self.inputs = inputs
    self.settings = settings
    self.places = places
    createdAt = settings.createdAt ?? ISO8601DateFormatter().string(from: Date())
  }

  /// The refined corpus of a selection of these scores, to be looked at before it is written
  /// (`CorpusCommit.plan`) or compared with an earlier one (`CommitDifference`).
  ///
  /// - Throws: `DifferenceSamplingError`.
  public func refined(_ selection: Selection) throws -> CorpusCommit {
    try CorpusCommit(context: context(places.commits), content: .refined(selection))
  }

  /// Writes the refined corpus of a selection of these scores, and its sample.
  ///
  /// - Throws: `DifferenceSamplingError`, `StoreError`, `CorpusError`; `WorkStopped` with nothing
  ///   half-written.
  public func run(_ selection: Selection, _ work: Work) throws -> Result {
    let commits = try OutputPath(folder: places.commits)
    try commits.requireApart(
      from: [
        (inputs.shards.folder, "the shards"),
        (Folder.parent(of: inputs.context.scoresPath), "the scores"),
      ], mayBeInside: true)
    var verb = self
    verb.places.commits = commits.path
    return try work.holding([.folder(commits.path)]) { try verb.write(selection, work) }
  }

  private func write(_ selection: Selection, _ work: Work) throws -> Result {
    if settings.writesSample, let unfinished = try withoutSample(), isDue(unfinished, selection) {
      work.note("\(unfinished.manifest.version) lacks its uniform sample, which is written now")
      let sample = try writeSample(for: unfinished, work)
      if isMade(unfinished.manifest, of: selection) {
        return Result(refined: unfinished, sample: sample, wasCompleted: true)
      }
    }
    let refined = try write(
      refined(selection), settings.writesSample ? work.part(0...0.5) : work)
    let sample =
      settings.writesSample
      ? try writeSample(for: refined, work.part(0.5...1, "uniform sample, ")) : nil
    return Result(refined: refined, sample: sample, wasCompleted: false)
  }

  // MARK: - The sample

  private func writeSample(for refined: Written, _ work: Work) throws -> Written {
    let sample = UniformSample(
      source: inputs.shards, tokenBudget: refined.manifest.all.keptTokens,
      seed: settings.sampleSeed)
    return try write(
      CorpusCommit(
        context: context(places.samples(of: refined.manifest.version)),
        content: .uniform(sample, scores: inputs.scores)), work)
  }

  /// The newest refined corpus, if its sample was never written.
  private func withoutSample() throws -> Written? {
    let commits = try CommitManifest.list(commitsFolder: places.commits)
    guard let place = commits.lastIndex(where: { $0.kind == .refined }) else { return nil }
    let refined = commits[place]
    // Beside the refined corpora, a sample follows the one that it belongs to.
    let samples =
      places.samples == nil
      ? Array(commits[place...])
      : try CommitManifest.list(commitsFolder: places.samples(of: refined.version))
    let isThere = samples.contains { $0.kind == .uniform }
    return isThere
      ? nil : Written(folder: "\(places.commits)/\(refined.version)", manifest: refined)
  }

  /// Whether the sample of an earlier commit is to be written now: that of a project always, one
  /// beside the refined corpora only when the same commit is asked for again.
  private func isDue(_ earlier: Written, _ selection: Selection) -> Bool {
    guard earlier.manifest.corpus.digest == inputs.context.corpus.digest else { return false }
    return places.samples != nil || isMade(earlier.manifest, of: selection)
  }

  private func isMade(_ manifest: CommitManifest, of selection: Selection) -> Bool {
    manifest.selection == selection.settings
      && manifest.corpus.digest == inputs.context.corpus.digest
      && manifest.teacher?.digest == inputs.context.teacher.digest
      && manifest.reference?.digest == inputs.context.reference.digest
      && manifest.scoringPrecision == inputs.context.scoringPrecision
      && manifest.seed == inputs.context.scoringSeed
      && manifest.name.hasPrefix("\(settings.name)-")
  }

  // MARK: - Writing

  private func context(_ folder: String) -> CommitContext {
    var context = inputs.context
    context.commitsFolder = folder
    context.projectName = settings.name
    context.program = settings.program
    context.createdAt = createdAt
    context.notes = settings.notes
    context.reading = settings.reading
    return context
  }

  private func write(_ commit: CorpusCommit, _ work: Work) throws -> Written {
    try work.checkpoint()
    let count = commit.chunks.count
    do {
      let (folder, manifest) = try commit.write { progress in
        work.goesOn(
          WorkProgress(
            Double(progress.chunks) / Double(max(1, count)),
            detail: "\(Number.grouped(progress.chunks)) of \(Number.grouped(count)) chunks"
              + (progress.digestedBytes > 0
                ? ", digests of \(Number.bytes(progress.digestedBytes))" : "")))
      }
      return Written(folder: folder, manifest: manifest)
    } catch CorpusError.cancelled where work.control.isStopping {
      throw WorkStopped()
    }
  }
}
