import Corpus
import CorpusStudy
import DifferenceSampling
import EngineInterface

/// A filter over the chunks of a corpus: one pass on several threads, in the order of the corpus.
///
/// What columns answer is asked before texts are decoded.
struct ChunkFilter: Sendable {
  /// What chunks are looked up in.
  struct Ground: Sendable {
    let shards: TokenShards
    /// nil where nobody knows the tokenizer: then no chunk holds any text.
    let texts: TokenTexts?
    /// nil while there are no scores: then nothing is scored, kept or dropped.
    let selection: Selection?
    /// Label of planted damage by document, and what is written about chunks.
    var labels: [Int64: String] = [:]
    var notes: [Int: String] = [:]
  }

  private let test: ChunkTest
  private let ground: Ground
  /// Chunks that a thread takes at a time: few where texts are read, so that a pass ends soon after it
  /// was cancelled.
  private let blockSize: Int

  /// - Throws: `CorpusStudyError.pattern`.
  init(_ filter: Filter, _ ground: Ground) throws {
    test = try ChunkTest(filter, sources: ground.shards.sources)
    self.ground = ground
    blockSize = filter.readsText ? 128 : 16_384
  }

  /// Passes over the corpus.
  ///
  /// - Parameter report: gets what each block shows, and how many chunks were looked at; false ends it.
  /// - Returns: chunks that were looked at.
  func run(threads: Int, report: ([Int], Int) throws -> Bool) throws -> Int {
    let (count, size) = (ground.shards.count, blockSize)
    var searched = 0
    _ = try OrderedBlocks.run(count: (count + size - 1) / size, threads: threads) {
      FilteredChunk(ground)
    } produce: { chunk, block in
      var shown: [Int] = []
      for number in block * size..<min(count, (block + 1) * size) {
        chunk.take(number)
        if try test.shows(&chunk) { shown.append(number) }
      }
      return shown
    } consume: { block, shown in
      let chunks = block * size..<min(count, (block + 1) * size)
      searched = chunks.upperBound
      ground.shards.release(chunks)
      return try report(shown, searched)
    }
    return searched
  }
}

/// What a filter asks of a chunk, each thing looked up when it is first asked for.
struct FilteredChunk {
  private let ground: ChunkFilter.Ground
  private(set) var number = 0
  private var knownScore: ChunkScore??
  private var knownState: ChunkState?
  private var hasText = false
  private var tokens: [Int32] = []
  private var bytes: [UInt8] = []

  init(_ ground: ChunkFilter.Ground) { self.ground = ground }

  var shards: TokenShards { ground.shards }

  mutating func take(_ number: Int) {
    self.number = number
    (knownScore, knownState, hasText) = (nil, nil, false)
  }

  /// nil when it is not scored.
  mutating func score() -> ChunkScore? {
    if let knownScore { return knownScore }
    let score = ground.selection?.index.score(ofChunk: number)
    knownScore = .some(score)
    return score
  }

  mutating func state() -> ChunkState {
    if let knownState { return knownState }
    let state = ground.selection?.state(ofChunk: number) ?? .unscored
    knownState = state
    return state
  }

  var isNoted: Bool { ground.notes[number] != nil }

  /// From 1; nil when it has none.
  func rank() -> Int? { ground.selection?.index.rank(ofChunk: number).map { $0 + 1 } }

  func labels() -> [String] {
    if ground.labels.isEmpty { return [] }
    return shards.documents(of: number).compactMap { ground.labels[$0.document] }
  }

  mutating func text() throws -> [UInt8] {
    if hasText { return bytes }
    try shards.copyTokens(of: number, into: &tokens)
    bytes.removeAll(keepingCapacity: true)
    if let texts = ground.texts {
      tokens.withUnsafeBufferPointer { texts.append($0, to: &bytes) }
    }
    hasText = true
    return bytes
  }
}
