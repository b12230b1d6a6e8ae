import Store

/// Which chunks two commits of one corpus have in common.
public struct CommitDifference: Sendable, Equatable {
  /// Chunks and tokens of a part.
  public struct Part: Sendable, Equatable {
    public var chunks = 0
    public var tokens = 0

    mutating func add(tokens: Int32) {
      chunks += 1
      self.tokens += Int(tokens)
    }
  }

  /// The three parts of one source, or of all.
  public struct Row: Sendable, Equatable {
    public var source: String
    public var both = Part()
    public var onlyFirst = Part()
    public var onlySecond = Part()
  }

  /// Over all sources; its label is "all".
  public private(set) var all = Row(source: "all")
  /// By source number.
  public private(set) var sources: [Row]
  /// Chunks that only one of them has, ascending.
  public private(set) var onlyFirst: [Int] = []
  public private(set) var onlySecond: [Int] = []

  /// Compares the commits in two folders.
  ///
  /// - Throws: `DifferenceSamplingError.otherCorpus` if they are of different corpora, `StoreError`.
  public init(first: String, second: String) throws {
    let manifests = (
      try CommitManifest.read(folder: first), try CommitManifest.read(folder: second)
    )
    guard manifests.0.corpus.digest == manifests.1.corpus.digest else {
      throw DifferenceSamplingError.otherCorpus(
        found: manifests.1.corpus.name, expected: manifests.0.corpus.name)
    }
    try self.init(
      first: ChunkScoresFile.read("\(first)/\(CorpusCommit.keptName)").scores,
      second: ChunkScoresFile.read("\(second)/\(CorpusCommit.keptName)").scores,
      sourceNames: manifests.0.sources.map(\.source))
  }

  /// Compares a commit on disk (first) with one that is not written yet (second).
  ///
  /// - Throws: as the other initialiser.
  public init(first: String, planned: CorpusCommit) throws {
    let manifest = try CommitManifest.read(folder: first)
    guard manifest.corpus.digest == planned.context.corpus.digest else {
      throw DifferenceSamplingError.otherCorpus(
        found: manifest.corpus.name, expected: planned.context.corpus.name)
    }
    try self.init(
      first: ChunkScoresFile.read("\(first)/\(CorpusCommit.keptName)").scores,
      second: planned.rows(planned.chunks), sourceNames: manifest.sources.map(\.source))
  }

  private init(
    first left: ChunkScores, second right: ChunkScores, sourceNames: [String]
  ) throws(DifferenceSamplingError) {
    sources = sourceNames.map { Row(source: $0) }
    let known = sources.count
    guard left.sources.allSatisfy({ Int($0) < known }),
      right.sources.allSatisfy({ Int($0) < known })
    else {
      throw .otherCorpus(
        found: "sources beyond the manifest", expected: "\(known) sources")
    }
    var (l, r) = (0, 0)
    while l < left.count || r < right.count {
      let leftChunk = l < left.count ? left.chunks[l] : .max
      let rightChunk = r < right.count ? right.chunks[r] : .max
      if leftChunk <= rightChunk {
        let part: WritableKeyPath<Row, Part> = leftChunk == rightChunk ? \.both : \.onlyFirst
        add(part, source: Int(left.sources[l]), tokens: left.lengths[l])
        if leftChunk < rightChunk { onlyFirst.append(Int(leftChunk)) } else { r += 1 }
        l += 1
      } else {
        add(\.onlySecond, source: Int(right.sources[r]), tokens: right.lengths[r])
        onlySecond.append(Int(rightChunk))
        r += 1
      }
    }
  }

  private mutating func add(_ part: WritableKeyPath<Row, Part>, source: Int, tokens: Int32) {
    all[keyPath: part].add(tokens: tokens)
    sources[source][keyPath: part].add(tokens: tokens)
  }
}
