public import Corpus
public import CorpusQuality
public import DifferenceSampling
import Numerics
public import Tokenizers

/// Finds what drives that chunks are kept: n-grams that tell kept chunks from dropped ones, over all
/// sources and in each, on a sample drawn by a seed; with scored tokens also what each token adds.
public struct Drivers {
  public struct Settings: Sendable {
    /// Chunks that are read; each source has at least its part of them, and at most all of its own.
    public var sample: Int
    /// Tokens of the longest n-gram, and rows of each side.
    public var longest: Int
    public var top: Int
    public var seed: UInt64

    public init(sample: Int = 4000, longest: Int = 3, top: Int = 25, seed: UInt64 = 1) {
      self.sample = sample
      self.longest = longest
      self.top = top
      self.seed = seed
    }

    /// - Throws: `PipelineError.setting`.
    func validate() throws(PipelineError) {
      for (name, value, range) in [
        ("sample", sample, 2...1 << 20), ("longest", longest, 1...8), ("top", top, 1...1000),
      ] where !range.contains(value) {
        throw .setting(
          name: name, found: "\(value)",
          expected: "\(range.lowerBound) to \(range.upperBound)")
      }
    }
  }

  private let shards: TokenShards
  private let selection: Selection
  private let tokenizer: Tokenizer
  private let endOfText: Int32?
  private let settings: Settings

  /// Of a corpus that is open.
  public init(
    _ shards: TokenShards, selection: Selection, tokenizer: Tokenizer, endOfText: Int32?,
    _ settings: Settings = Settings()
  ) {
    self.shards = shards
    self.selection = selection
    self.tokenizer = tokenizer
    self.endOfText = endOfText
    self.settings = settings
  }

  /// Of files.
  ///
  /// - Throws: as reading shards, scores and tokenizer; `PipelineError.setting` without a tokenizer.
  public init(
    _ inputs: QualityInputs, selection: SelectionSettings, _ settings: Settings, _ work: Work
  ) throws {
    let opened = try inputs.open(selection, work)
    guard let tokenizer = opened.tokenizer else {
      throw PipelineError.setting(
        name: "tokenizer", found: "none",
        expected: "the tokenizer of the shards, by which n-grams are text")
    }
    self.init(
      opened.shards, selection: opened.selection, tokenizer: tokenizer,
      endOfText: opened.endOfText, settings)
  }

  /// Counts, and adds up what tokens are scored.
  ///
  /// - Parameter scored: token by token, of chunks of the corpus.
  /// - Throws: `PipelineError.setting`, `CorpusQualityError.emptyGroup` where nothing is kept or
  ///   dropped, `CorpusError`, `WorkStopped`.
  public func run(_ work: Work, scored: [ScoredTokens] = []) throws -> DriversReport {
    try settings.validate()
    let summary = selection.summary.all
    for (group, count) in [
      (ChunkGroup.kept, summary.keptChunks), (.dropped, summary.totalChunks - summary.keptChunks),
    ] where count == 0 {
      throw CorpusQualityError.emptyGroup(group, scored: summary.totalChunks)
    }
    let chunks = sample()
    var texts: [[Side]] = Array(repeating: [], count: selection.index.sourceNames.count)
    for (place, chunk) in chunks.enumerated() {
      if place % 64 == 0 {
        try work.checkpoint()
        work.report(
          WorkProgress(
            0.3 * Double(place) / Double(max(1, chunks.count)), detail: "reading chunks"))
      }
      texts[shards.source(of: chunk)].append(
        Side(isKept: selection.keeps(chunk: chunk), tokens: try shards.tokens(of: chunk)))
    }
    let bySource = Dictionary(grouping: scored) { shards.source(of: $0.chunk) }
    var groups: [DriversReport.Group] = []
    let wanted = [nil] + texts.indices.filter { !texts[$0].isEmpty }.map(Int?.some)
    for (place, source) in wanted.enumerated() {
      let name = source.map { selection.index.sourceNames[$0] }
      // All of them take as long as each of them together.
      let start =
        place == 0 ? 0.3 : 0.65 + 0.35 * Double(place - 1) / Double(max(1, wanted.count - 1))
      groups.append(
        try group(
          name ?? "all", source.map { texts[$0] } ?? texts.flatMap { $0 },
          source.map { bySource[$0] ?? [] } ?? scored, fraction: start, work))
    }
    return DriversReport(
      seed: settings.seed, chunks: chunks.count, scoredChunks: scored.count, groups: groups)
  }

  private struct Side {
    var isKept: Bool
    var tokens: [Int32]
  }

  private func group(
    _ name: String, _ texts: [Side], _ scored: [ScoredTokens], fraction: Double, _ work: Work
  ) throws -> DriversReport.Group {
    let kept = texts.filter(\.isKept).map(\.tokens)
    let dropped = texts.filter { !$0.isKept }.map(\.tokens)
    let contrast = try NGramContrast(
      kept: kept, dropped: dropped,
      NGramContrast.Settings(
        longest: settings.longest, top: settings.top, separator: endOfText)
    ) {
      try work.checkpoint()
      work.report(WorkProgress(fraction, detail: "n-grams of \(name)"))
    }
    func ngram(_ row: NGramContrast.Row) -> DriversReport.NGram {
      DriversReport.NGram(row, text: text(row.tokens))
    }
    func count(_ chunks: [[Int32]]) -> Int { chunks.reduce(0) { $0 + $1.count } }
    var group = DriversReport.Group(
      source: name, keptChunks: kept.count, droppedChunks: dropped.count,
      keptTokens: count(kept), droppedTokens: count(dropped), keeps: contrast.keeps.map(ngram),
      drops: contrast.drops.map(ngram))
    add(scored, to: &group)
    return group
  }

  private func text(_ tokens: [Int32]) -> String {
    String(decoding: tokens.flatMap { tokenizer.bytes(of: $0) }, as: UTF8.self)
  }

  /// What every token adds.
  private func add(_ scored: [ScoredTokens], to group: inout DriversReport.Group) {
    var sums: [Int32: (count: Int, total: Double)] = [:]
    for chunk in scored {
      for (token, difference) in zip(chunk.tokens, chunk.differences) {
        guard let difference, difference.isFinite else { continue }
        let (count, total) = sums[token] ?? (0, 0)
        sums[token] = (count + 1, total + Double(difference))
        group.scoredTokens += 1
      }
    }
    let sorted = sums.map { token, sum in
      DriversReport.Token(
        text: text([token]), token: token, count: sum.count, total: sum.total)
    }.sorted { ($0.total, $1.token) > ($1.total, $0.token) }
    group.adds = Array(sorted.prefix(settings.top).filter { $0.total > 0 })
    group.takes = Array(sorted.suffix(settings.top).reversed().filter { $0.total < 0 })
  }

  /// Token scores of these chunks, kept in a file.
  public func scoring(cache: String, maximumPositions: Int) -> TokenScoring {
    TokenScoring(
      shards, selection: selection, endOfText: endOfText, maximumPositions: maximumPositions,
      cache: cache)
  }

  /// Chunks with a finite score: of every source the same number, or all that it has.
  private func sample() -> [Int] {
    let scores = selection.index.scores
    var bySource: [[Int]] = Array(repeating: [], count: selection.index.sourceNames.count)
    let sources = max(1, selection.summary.sources.count { $0.totalChunks > 0 })
    let share = max(1, settings.sample / sources)
    var random = RandomSource(seed: settings.seed).split("drivers")
    // A reservoir for each source: one pass, no list as long as the corpus.
    var seen = Array(repeating: 0, count: bySource.count)
    for row in 0..<scores.count where scores[row].isFinite {
      let source = scores[row].source
      seen[source] += 1
      if bySource[source].count < share {
        bySource[source].append(scores[row].chunk)
      } else {
        let place = random.index(below: seen[source])
        if place < share { bySource[source][place] = scores[row].chunk }
      }
    }
    return bySource.flatMap { $0 }.sorted()
  }

  /// Chunks whose tokens are worth scoring one by one: of every source the same number, half of them
  /// kept where that can be.
  public func chunksToScore(_ count: Int) -> [Int] {
    var random = RandomSource(seed: settings.seed).split("scored tokens")
    var groups: [Int: (kept: [Int], dropped: [Int])] = [:]
    for chunk in sample() {
      let source = shards.source(of: chunk)
      if selection.keeps(chunk: chunk) {
        groups[source, default: ([], [])].kept.append(chunk)
      } else {
        groups[source, default: ([], [])].dropped.append(chunk)
      }
    }
    let share = max(2, count / max(1, groups.count))
    var chunks: [Int] = []
    for source in groups.keys.sorted() {
      guard var (kept, dropped) = groups[source] else { continue }
      random.shuffle(&kept)
      random.shuffle(&dropped)
      let first = kept.prefix(max(share / 2, share - dropped.count))
      chunks += first + dropped.prefix(share - first.count)
    }
    return chunks.sorted()
  }
}
