import Corpus
import DifferenceSampling
import Foundation
import LanguageModels
import Numerics
import Store

/// A corpus in memory.
struct MemoryCorpus: ChunkSource {
  var chunks: [[Int32]]
  var sources: [String]
  var sourceOfChunk: [Int]
  var pieces: [[ChunkPiece]]
  /// Whether it is not what it was when it was opened.
  var isChanged = false

  /// Random chunks of tokens 1...50 with a 0 (end of text) here and there.
  init(count: Int, sourceCount: Int = 3, seed: UInt64 = 1) {
    var random = RandomSource(seed: seed)
    chunks = (0..<count).map { _ in
      (0..<(3 + random.index(below: 12))).map { _ in Int32(random.index(below: 51)) }
    }
    sourceOfChunk = (0..<count).map { _ in random.index(below: sourceCount) }
    sources = (0..<sourceCount).map { "source-\($0)" }
    pieces = chunks.indices.map { [ChunkPiece(document: Int64($0), tokenStart: 0)] }
  }

  var count: Int { chunks.count }
  func tokens(of chunk: Int) throws -> [Int32] { chunks[chunk] }
  func length(of chunk: Int) -> Int { chunks[chunk].count }
  func source(of chunk: Int) -> Int { sourceOfChunk[chunk] }
  func documents(of chunk: Int) -> [ChunkPiece] { pieces[chunk] }
  func requireUnchanged() throws {
    if isChanged {
      throw CorpusError.changedWhileRead(path: "data_0.bin", found: "9 bytes", expected: "10 bytes")
    }
  }
}

/// Whole chunks as a scorer is given them.
func windows(_ chunks: [[Int32]], vocabularySize: Int) throws -> [ChunkWindow] {
  try chunks.enumerated().map { number, tokens in
    try ChunkWindow(tokens, number: number, mask: .none, vocabularySize: vocabularySize)
  }
}

/// A scorer whose log-probability of a token is a fixed function of it and the one before.
final class FakeScorer: ChunkScorer {
  private let scale: Float
  /// Called before every call, with the number of calls so far.
  var willScore: (Int) throws -> Void = { _ in }
  private(set) var calls = 0
  private(set) var chunksScored = 0

  init(scale: Float) { self.scale = scale }

  var vocabularySize: Int { 51 }

  func logProbabilities(of chunks: [ChunkWindow]) throws -> [[Float]] {
    try willScore(calls)
    calls += 1
    chunksScored += chunks.count
    return chunks.map { chunk in
      zip(chunk.tokens, chunk.tokens.dropFirst()).map { Self.logProbability($0, $1, scale: scale) }
    }
  }

  static func logProbability(_ input: Int32, _ target: Int32, scale: Float) -> Float {
    -scale * (1 + Float((input &* 7 &+ target &* 13) % 17) / 8)
  }
}

/// A folder that goes when the test ends.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "sampling-\(UUID().uuidString)"
    try Folder.make(path)
  }

  deinit { try? Folder.remove(path) }
}

/// Rows with the given differences, one source, 10 tokens each.
func rows(_ differences: [Float], sources: [Int]? = nil) -> [ChunkScore] {
  differences.enumerated().map { index, difference in
    ChunkScore(
      chunk: index, source: sources?[index] ?? 0, length: 10 + index, counted: 9,
      teacherNLL: 2, referenceNLL: 2 + difference)
  }
}
