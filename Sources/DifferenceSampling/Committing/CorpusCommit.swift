public import Corpus
public import Store
public import TensorKit

/// What commits of one project have in common.
public struct CommitContext: Sendable {
  /// The project's name; a commit's is derived from it.
  public var projectName: String
  /// The folder of all commits.
  public var commitsFolder: String
  /// The corpus that was scored.
  public var shards: TokenShards
  /// Decides the width of tokens on disk; nil keeps that of the scored shards.
  public var vocabularySize: Int?
  /// The token that ends documents, where the shards state it.
  public var endOfText: Int32?
  public var corpus: ArtifactIdentity
  public var tokenizer: ArtifactIdentity?
  /// What the tokenizer is, whatever file it came from.
  public var tokenizerFingerprint: TokenizerFingerprint?
  public var teacher: ArtifactIdentity
  public var reference: ArtifactIdentity
  /// Files that went into the scores: shards, weights, tokenizer.
  public var inputs: [FileRecord]
  /// `scores.safetensors` of the job, copied into a refined corpus.
  public var scoresPath: String
  /// In which the scores were made.
  public var scoringPrecision: Precision?
  /// Checks that failed before the scoring and were waived; nil where none was.
  public var waived: String?
  /// What a person has written about chunks; goes into manifest and card of a refined corpus.
  public var notes: [ChunkNote] = []
  /// How far a blind reading agrees with a selection; nil where nobody has read.
  public var reading: (@Sendable (Selection) -> ReadingAgreement?)?
  /// Seed of the order of scoring; nil where the scores do not state it.
  public var scoringSeed: UInt64?
  /// Program and version.
  public var program: String
  /// Time of the commit, in the form that the manifest shall have.
  public var createdAt: String

  public init(
    projectName: String, commitsFolder: String, shards: TokenShards, vocabularySize: Int?,
    corpus: ArtifactIdentity, tokenizer: ArtifactIdentity?, teacher: ArtifactIdentity,
    reference: ArtifactIdentity, inputs: [FileRecord], scoresPath: String,
    scoringPrecision: Precision? = .f32, scoringSeed: UInt64?, program: String, createdAt: String
  ) {
    self.projectName = projectName
    self.commitsFolder = commitsFolder
    self.shards = shards
    self.vocabularySize = vocabularySize
    self.corpus = corpus
    self.tokenizer = tokenizer
    self.teacher = teacher
    self.reference = reference
    self.inputs = inputs
    self.scoresPath = scoresPath
    self.scoringPrecision = scoringPrecision
    self.scoringSeed = scoringSeed
    self.program = program
    self.createdAt = createdAt
  }
}

/// A corpus about to be written: a refined one, or a uniform sample to compare it with.
///
/// `write` makes a numbered version such as `commits/0003-r0.50/`, which appears whole or not at
/// all: everything goes to a temporary folder beside it, is synced, and is renamed. A version is
/// never overwritten. Equal inputs give equal bytes, but for the time in manifest and card.
public struct CorpusCommit: Sendable {
  /// Which chunks go in.
  public enum Content: Sendable {
    /// What a selection keeps. `allowsUnscored`: chunks without a score may be missing.
    case refined(Selection, allowsUnscored: Bool = false)
    /// A sample; its scores, if any, go along.
    case uniform(UniformSample, scores: ChunkScores)
  }

  let context: CommitContext
  let content: Content
  /// Chunks to be written, ascending.
  public let chunks: [Int]

  /// Checks that the content belongs to the corpus and is not empty.
  ///
  /// - Throws: `DifferenceSamplingError`.
  public init(context: CommitContext, content: Content) throws {
    self.context = context
    self.content = content
    switch content {
    case .refined(let selection, let allowsUnscored):
      let scores = selection.index.scores
      try Self.check(scores, belongTo: context.shards)
      guard allowsUnscored || scores.count == context.shards.count else {
        throw DifferenceSamplingError.unscored(scored: scores.count, total: context.shards.count)
      }
      chunks = selection.keptChunks()
    case .uniform(let sample, let scores):
      try Self.check(scores, belongTo: context.shards)
      chunks = sample.chunks
    }
    guard let last = chunks.last else { throw DifferenceSamplingError.emptySelection }
    guard last < context.shards.count else {
      throw DifferenceSamplingError.otherCorpus(
        found: "chunk \(last)", expected: "chunks below \(context.shards.count)")
    }
  }

  /// A table of another corpus would select other text without any visible sign.
  private static func check(
    _ scores: ChunkScores, belongTo shards: TokenShards
  ) throws(DifferenceSamplingError) {
    for row in 0..<scores.count {
      let score = scores[row]
      guard score.chunk < shards.count else {
        throw .otherCorpus(
          found: "a score of chunk \(score.chunk)", expected: "chunks below \(shards.count)")
      }
      let (length, source) = (shards.length(of: score.chunk), shards.source(of: score.chunk))
      guard score.length == length, score.source == source else {
        throw .otherCorpus(
          found: "chunk \(score.chunk) with \(score.length) tokens of source \(score.source)",
          expected: "\(length) tokens of source \(source)")
      }
    }
  }

  var kind: CommitManifest.Kind {
    if case .refined = content { .refined } else { .uniform }
  }

  /// "r0.50", "lowest-difference-r0.50", or "uniform".
  var label: String {
    switch content {
    case .refined(let selection, _): CommitVersion.label(of: selection.settings)
    case .uniform: "uniform"
    }
  }

  var scores: ChunkScores {
    switch content {
    case .refined(let selection, _): selection.index.scores
    case .uniform(_, let scores): scores
    }
  }

  /// The rows of `chunks`; a chunk without scores gets NaN.
  func rows(_ chunks: [Int]) -> ChunkScores {
    let scores = scores
    return ChunkScores(
      chunks.map { chunk in
        scores.row(ofChunk: chunk).map { scores[$0] }
          ?? ChunkScore(
            chunk: chunk, source: context.shards.source(of: chunk),
            length: context.shards.length(of: chunk), counted: 0, teacherNLL: .nan,
            referenceNLL: .nan)
      })
  }

  /// Kept and total chunks and tokens of every source, counted over the whole corpus.
  func shares() -> (all: SourceShare, sources: [SourceShare]) {
    let shards = context.shards
    var sources = shards.sources.map { SourceShare(source: $0) }
    for chunk in 0..<shards.count {
      let source = shards.source(of: chunk)
      sources[source].totalChunks += 1
      sources[source].totalTokens += shards.length(of: chunk)
    }
    for chunk in chunks {
      let source = shards.source(of: chunk)
      sources[source].keptChunks += 1
      sources[source].keptTokens += shards.length(of: chunk)
    }
    var all = SourceShare(source: "all")
    for share in sources { all.add(share) }
    return (all, sources)
  }

  func manifest(version: String, outputs: [FileRecord]) -> CommitManifest {
    let (all, sources) = shares()
    var manifest = CommitManifest(
      kind: kind, name: "\(context.projectName)-\(label)", version: version,
      createdAt: context.createdAt, program: context.program, corpus: context.corpus,
      tokenizer: context.tokenizer, tokenizerFingerprint: context.tokenizerFingerprint,
      departures: [], seed: context.scoringSeed, all: all,
      sources: sources, nonFinite: scores.nonFiniteChunks,
      unscored: context.shards.count - scores.count, inputs: context.inputs, outputs: outputs)
    manifest.endOfText = context.endOfText
    manifest.vocabularySize = context.vocabularySize
    switch content {
    case .refined(let selection, _):
      manifest.teacher = context.teacher
      manifest.reference = context.reference
      manifest.scoringPrecision = context.scoringPrecision
      manifest.waived = context.waived
      manifest.selection = selection.settings
      manifest.departures = selection.settings.departures
      manifest.threshold = selection.summary.threshold
      let notes = context.notes.map {
        ChunkNote(chunk: $0.chunk, note: $0.note, kept: selection.keeps(chunk: $0.chunk))
      }
      manifest.notes = notes.isEmpty ? nil : notes
      manifest.reading = context.reading?(selection)
    case .uniform(let sample, _):
      manifest.seed = sample.seed
      manifest.tokenBudget = sample.tokenBudget
      manifest.nonFinite = []
      manifest.unscored = 0
    }
    return manifest
  }
}

extension SourceShare {
  mutating func add(_ other: SourceShare) {
    keptChunks += other.keptChunks
    totalChunks += other.totalChunks
    keptTokens += other.keptTokens
    totalTokens += other.totalTokens
  }
}
