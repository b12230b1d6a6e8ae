public import Corpus
public import DifferenceSampling
import LanguageModels
import Store

/// The differences of a chunk, token by token.
public struct ScoredTokens: Sendable, Equatable {
  public let chunk: Int
  public let tokens: [Int32]
  /// nil for tokens that do not count.
  public let differences: [Float?]
}

/// Scores chunks token by token and keeps that in a file: what was scored once is read.
public struct TokenScoring {
  /// A line of the file.
  private struct Line: Codable {
    var chunk: Int
    var differences: [Float?]
  }

  private let shards: TokenShards
  private let selection: Selection
  private let endOfText: Int32?
  private let maximumPositions: Int
  private let cache: String

  /// How far the mean of a line may be from the chunk's score: more is of another scoring, however it
  /// came into the file.
  private static let tolerance = 0.02

  public init(
    _ shards: TokenShards, selection: Selection, endOfText: Int32?, maximumPositions: Int,
    cache: String
  ) {
    self.shards = shards
    self.selection = selection
    self.endOfText = endOfText
    self.maximumPositions = maximumPositions
    self.cache = cache
  }

  /// What the file holds of the chunks in their present scoring.
  ///
  /// - Throws: `StoreError.malformed`, `CorpusError`.
  public func known() throws -> [ScoredTokens] {
    var found: [Int: ScoredTokens] = [:]
    for line in try JSONLinesLog.read(Line.self, from: cache) {
      guard line.chunk >= 0, line.chunk < shards.count,
        let score = selection.index.score(ofChunk: line.chunk), score.isFinite
      else { continue }
      let counted = line.differences.compactMap { $0 }
      guard !counted.isEmpty else { continue }
      let mean = counted.reduce(0.0) { $0 + Double($1) } / Double(counted.count)
      guard abs(mean - Double(score.difference)) <= Self.tolerance else { continue }
      let tokens = Array(try shards.tokens(of: line.chunk).prefix(line.differences.count))
      guard tokens.count == line.differences.count else { continue }
      found[line.chunk] = ScoredTokens(
        chunk: line.chunk, tokens: tokens, differences: line.differences)
    }
    return found.values.sorted { $0.chunk < $1.chunk }
  }

  /// Scores those of `chunks` that the file lacks; all that are known then.
  ///
  /// - Parameter scorers: loads the models, which is asked only where something is to be scored.
  /// - Throws: as `known` and `TokenScores`; `WorkStopped`, after which the next run goes on.
  public func run(
    _ chunks: [Int], _ work: Work,
    scorers: () throws -> (teacher: any ChunkScorer, reference: any ChunkScorer)
  ) throws -> [ScoredTokens] {
    let present = Set(try known().map(\.chunk))
    let missing = chunks.filter { !present.contains($0) }
    guard !missing.isEmpty else { return try known() }
    work.report(WorkProgress(0, detail: "loading both models"))
    let pair = try scorers()
    let log = try JSONLinesLog(appendingTo: cache)
    for (place, chunk) in missing.enumerated() {
      try work.checkpoint()
      work.report(
        WorkProgress(
          Double(place) / Double(missing.count),
          detail: "scoring tokens, chunk \(place + 1) of \(missing.count)"))
      let scores = try TokenScores(
        tokens: try shards.tokens(of: chunk), chunk: chunk, mask: LossMask(endOfText: endOfText),
        maximumPositions: maximumPositions, teacher: pair.teacher, reference: pair.reference)
      // What is not finite is no JSON, and counts for nothing.
      try log.append(
        Line(
          chunk: chunk,
          differences: scores.tokens.indices.map { place in
            scores.difference(at: place).flatMap { $0.isFinite ? $0 : nil }
          }))
    }
    try log.sync()
    return try known()
  }
}
