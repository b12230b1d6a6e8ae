import Corpus
import CorpusStudy
public import DifferenceSampling
public import EngineInterface
import Numerics
public import Pipeline
public import Tokenizers

/// Lists the chunks of scored token shards that a filter shows, in the order of the corpus, as the screens
/// list them.
public struct FilteredChunks: Sendable {
  /// A chunk that is shown.
  public struct Row: Sendable, Encodable {
    public var chunk: Int
    public var source: String
    public var tokens: Int
    /// Nats per token; nil without a finite score.
    public var difference: Double?
    public var teacherNLL: Double?
    public var referenceNLL: Double?
    public var kept: Bool
    public var state: ChunkState
    /// How it begins; nil without a tokenizer.
    public var text: String?
  }

  private let pass: ChunkFilter
  private let scored: ScoredShards
  private let tokenizer: Tokenizer?
  /// Tokens that are decoded for the beginning of a text, and characters of it.
  private static let begins = (tokens: 100, characters: 300)

  /// The fields that filters may have here; labels and notes are a project's.
  public static let fields = FilterField.chunks.filter { !["label", "noted"].contains($0.name) }

  /// - Parameters:
  ///   - filter: Read with `fields`.
  ///   - tokenizer: That of the shards; nil: no text is looked for, and none shown.
  /// - Throws: `CorpusStudyError.pattern`; `PipelineError.setting` for a filter of text without a tokenizer.
  public init(_ filter: Filter, of scored: ScoredShards, tokenizer: Tokenizer?) throws {
    if filter.readsText, tokenizer == nil {
      throw PipelineError.setting(
        name: "the filter", found: "text to look for", expected: "a tokenizer beside it")
    }
    self.scored = scored
    self.tokenizer = tokenizer
    pass = try ChunkFilter(
      filter,
      ChunkFilter.Ground(
        shards: scored.shards, texts: tokenizer.map { TokenTexts($0) },
        selection: scored.selection))
  }

  /// Passes over the corpus.
  ///
  /// - Parameters:
  ///   - limit: Ends after so many rows.
  ///   - onRows: Gets rows as they are found.
  /// - Throws: `CorpusError`, what `onRows` throws; `WorkStopped` with all rows so far handed over.
  public func run(
    limit: Int?, threads: Int, _ work: Work, onRows: ([Row]) throws -> Void
  ) throws {
    let count = scored.shards.count
    var (left, pace) = (limit ?? .max, Pace())
    let searched = try pass.run(threads: threads) { chunks, searched in
      try onRows(try chunks.prefix(left).map(row))
      left -= min(left, chunks.count)
      let fraction = Double(searched) / Double(max(1, count))
      return work.goesOn(
        WorkProgress(
          fraction, secondsLeft: pace.secondsLeft(at: fraction),
          detail: "\(Number.grouped(searched)) of \(Number.grouped(count)) looked at")) && left > 0
    }
    if work.control.isStopping, left > 0, searched < count { throw WorkStopped() }
  }

  private func row(_ chunk: Int) throws -> Row {
    let shards = scored.shards
    let state = scored.selection.state(ofChunk: chunk)
    var row = Row(
      chunk: chunk, source: shards.sources[shards.source(of: chunk)],
      tokens: shards.length(of: chunk), kept: state.isKept, state: state)
    if let score = scored.selection.index.score(ofChunk: chunk), score.isFinite {
      row.difference = Double(score.difference)
      row.teacherNLL = Double(score.teacherNLL)
      row.referenceNLL = Double(score.referenceNLL)
    }
    row.text = try tokenizer.map {
      String(
        $0.decode(try shards.tokens(of: chunk).prefix(Self.begins.tokens))
          .prefix(Self.begins.characters))
    }
    return row
  }
}
