import Corpus
import CorpusStudy
import DifferenceSampling
import EngineInterface

/// A filter over the chunks of a corpus: one pass on several threads, in the order of the corpus.
///
/// What columns answer is asked before texts are decoded.
struct ChunkFilter: Sendable {
  private let test: ChunkTest
  private let library: ChunkLibrary
  private let selection: Selection?
  /// Chunks that a thread takes at a time: few where texts are read, so that a pass ends soon after it
  /// was cancelled.
  private let blockSize: Int

  /// - Parameter selection: nil while there are no scores: then nothing is scored, kept or dropped.
  /// - Throws: `CorpusStudyError.pattern`.
  init(_ filter: Filter, _ library: ChunkLibrary, selection: Selection?) throws {
    test = try ChunkTest(filter, sources: library.shards.sources)
    self.library = library
    self.selection = selection
    blockSize = filter.readsText ? 128 : 16_384
  }

  /// Passes over the corpus.
  ///
  /// - Parameter report: gets what each block shows, and how many chunks were looked at; false ends it.
  /// - Returns: chunks that were looked at.
  func run(threads: Int, report: ([Int], Int) throws -> Bool) throws -> Int {
    let (count, size) = (library.shards.count, blockSize)
    var searched = 0
    _ = try OrderedBlocks.run(count: (count + size - 1) / size, threads: threads) {
      FilteredChunk(library, selection)
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
      library.shards.release(chunks)
      return try report(shown, searched)
    }
    return searched
  }
}

/// What a filter asks of a chunk, each thing looked up when it is first asked for.
struct FilteredChunk {
  let shards: TokenShards
  private let library: ChunkLibrary
  private let selection: Selection?
  private(set) var number = 0
  private var knownScore: ChunkScore??
  private var knownState: ChunkState?
  private var hasText = false
  private var tokens: [Int32] = []
  private var bytes: [UInt8] = []

  init(_ library: ChunkLibrary, _ selection: Selection?) {
    self.library = library
    self.selection = selection
    shards = library.shards
  }

  mutating func take(_ number: Int) {
    self.number = number
    (knownScore, knownState, hasText) = (nil, nil, false)
  }

  /// nil when it is not scored.
  mutating func score() -> ChunkScore? {
    if let knownScore { return knownScore }
    let score = selection?.index.score(ofChunk: number)
    knownScore = .some(score)
    return score
  }

  mutating func state() -> ChunkState {
    if let knownState { return knownState }
    let state = selection?.state(ofChunk: number) ?? .unscored
    knownState = state
    return state
  }

  var isNoted: Bool { library.notes.texts[number] != nil }

  /// From 1; nil when it has none.
  func rank() -> Int? { selection?.index.rank(ofChunk: number).map { $0 + 1 } }

  func labels() -> [String] {
    if library.labels.documents.isEmpty { return [] }
    return shards.documents(of: number).compactMap { library.labels.documents[$0.document] }
  }

  mutating func text() throws -> [UInt8] {
    if hasText { return bytes }
    try shards.copyTokens(of: number, into: &tokens)
    bytes.removeAll(keepingCapacity: true)
    tokens.withUnsafeBufferPointer { library.texts.append($0, to: &bytes) }
    hasText = true
    return bytes
  }
}
