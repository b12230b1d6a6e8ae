public import Corpus
public import DifferenceSampling
public import LanguageModels
public import Store
import Tokenizers

extension Commit {
  /// Where the inputs of commits stand.
  public struct Sources: Sendable {
    /// The shards that were scored: a folder, or one shard's path without its suffix.
    public var shards: String
    /// `scores.safetensors`, or the folder that holds it.
    public var scores: String
    public var teacher: ModelFolder
    public var reference: ModelFolder
    /// The tokenizer's folder, for the manifest.
    public var tokenizer: String?

    public init(
      shards: String, scores: String, teacher: ModelFolder, reference: ModelFolder,
      tokenizer: String? = nil
    ) {
      self.shards = shards
      self.scores = Folder.isFolder(scores) ? "\(scores)/\(ChunkScoresFile.name)" : scores
      self.teacher = teacher
      self.reference = reference
      self.tokenizer = tokenizer
    }
  }

  /// What every commit of one scored corpus is made of: read, digested and compared once.
  ///
  /// Facts come from the input that knows them: seed, precision and models from the table of scores,
  /// the vocabulary from the shards' manifest.
  public struct Inputs: Sendable {
    public let shards: TokenShards
    public let scores: ChunkScores
    /// How the scores were made.
    public let record: ScoringRecord
    let context: CommitContext

    /// Reads the inputs; with all digests known this takes as long as reading the table.
    ///
    /// - Parameters:
    ///   - scores: the table, where it has been read already.
    ///   - digests: of shards, weights and tokenizer.
    /// - Throws: `DifferenceSamplingError.otherInputs` when corpus or models are not those of the
    ///   scores, or the tokenizer is not that of the shards; `StoreError`, `CorpusError`, `WorkStopped`.
    public init(
      _ sources: Sources, scores: ChunkScores? = nil, digests: FileDigests, _ work: Work = Work()
    ) throws {
      let location = ShardLocation(sources.shards)
      let shards = try TokenShards(location)
      let record = try ScoringRecord(
        metadata: SafetensorsFile(path: sources.scores).metadata)
      let identities = Identities(digests, work)
      let corpus = try identities.shards(shards, at: sources.shards)
      let teacher = try identities.model(sources.teacher)
      let reference = try identities.model(sources.reference)
      try record.check(
        corpus: corpus, teacher: teacher, reference: reference, path: sources.scores)
      let made = try ShardsTokenizer(ofShards: sources.shards)
      let given = try sources.tokenizer.map(identities.tokenizer)
      if let given { try Self.check(given.tokenizer, named: given.artifact, made, sources.shards) }
      let tokenizer =
        given?.artifact
        ?? made.digest.map { ArtifactIdentity(name: "that of the shards", digest: $0) }
      if record.seed == nil {
        work.note(
          "\(sources.scores) does not state the seed of its order: the manifest states none",
          .warning)
      }
      self.shards = shards
      self.record = record
      self.scores = try scores ?? ChunkScoresFile.read(sources.scores).scores
      var context = CommitContext(
        projectName: "", commitsFolder: "", shards: shards,
        vocabularySize: made.vocabularySize, corpus: corpus, tokenizer: tokenizer,
        teacher: teacher, reference: reference,
        inputs: try identities.inputs(
          shards: sources.shards, teacher: sources.teacher, reference: sources.reference,
          tokenizer: sources.tokenizer),
        scoresPath: sources.scores, scoringPrecision: record.precision,
        scoringSeed: record.seed, program: "", createdAt: "")
      context.endOfText = made.endOfText
      context.waived = record.waived
      context.tokenizerFingerprint =
        try given?.tokenizer.identity().fingerprint ?? made.identity?.fingerprint
      self.context = context
    }

    private static func check(
      _ tokenizer: Tokenizer, named: ArtifactIdentity, _ made: ShardsTokenizer, _ shards: String
    ) throws {
      switch try made.judge(tokenizer) {
      case .unrecorded, .identical, .sameIDs: return
      case .different, .unknown: break
      }
      throw DifferenceSamplingError.otherInputs(
        path: shards,
        mismatches: [
          .init(
            property: "tokenizer", found: "sha256 \((made.digest ?? "").prefix(12))",
            expected: "\(named.name) (sha256 \(named.digest.prefix(12)))")
        ])
    }

    /// Sorts the scores, for selections. Whoever holds an index of these scores needs no other.
    public func index() -> SelectionIndex {
      SelectionIndex(
        scores: scores, sourceNames: shards.sources, chunkCount: shards.count)
    }
  }
}
