import Corpus
import LanguageModels
import Numerics
import TensorKit
import Training

/// Makes parts of a cache: passes of the teacher over chunks in their order, each position with random
/// numbers of its own, so that nothing depends on where the work was stopped.
final class CacheWriter {
  private let manifest: LogitCacheManifest
  private let chunks: any ChunkSource
  private let model: any CausalLanguageModel
  private let workspace: Workspace
  private let scratch: Arena
  private let tokens: TeacherTokens
  private let folder: String
  private let seed: UInt64
  private var pace = Pace()

  init(
    _ manifest: LogitCacheManifest, chunks: any ChunkSource, model: any CausalLanguageModel,
    _ rooms: CacheRooms, folder: String
  ) throws {
    self.manifest = manifest
    self.chunks = chunks
    self.model = model
    self.folder = folder
    tokens = rooms.tokens
    workspace = try Workspace(
      for: model, maximumTokens: rooms.positions, maximumSequences: rooms.sequences,
      purpose: .scoring)
    scratch = try rooms.tokens.scratch(tokens: rooms.positions)
    seed = if case .draws(_, let seed)? = manifest.teacher.cache { seed } else { 0 }
  }

  /// Writes a part.
  ///
  /// - Throws: `WorkStopped` with nothing written of it.
  func write(_ part: Int, _ work: Work) throws {
    let range = manifest.chunks(ofPart: part)
    var kept = WeightedTokens(vocabulary: manifest.vocabularySize)
    var positions: [Int] = []
    for first in stride(from: range.lowerBound, to: range.upperBound, by: manifest.chunksPerPass) {
      try work.checkpoint()
      let windows = try (first..<min(range.upperBound, first + manifest.chunksPerPass)).map(window)
      positions += windows.map(\.inputCount)
      try append(windows, to: &kept)
      let done = Double(first + windows.count) / Double(manifest.chunks)
      work.report(
        WorkProgress(
          done, secondsLeft: pace.secondsLeft(at: done),
          detail: "\(Number.grouped(first + windows.count)) of "
            + "\(Number.grouped(manifest.chunks)) chunks, part \(part + 1) of "
            + "\(manifest.partCount)",
          unsaved: "the chunks of one part"))
    }
    try LogitCachePart.write(
      kept, positions: positions, of: manifest, to: "\(folder)/\(manifest.partName(part))")
  }

  private func window(_ chunk: Int) throws -> ChunkWindow {
    try ChunkWindow(
      chunks.tokens(of: chunk), number: chunk, length: manifest.chunkTokens, mask: .none,
      vocabularySize: model.configuration.vocabularySize)
  }

  private func append(_ windows: [ChunkWindow], to kept: inout WeightedTokens) throws {
    let batch = PackedBatch(windows, weighting: .sum)
    guard batch.tokenCount > 0 else { return }
    let found = try tokens.tokens(
      of: batch, under: model, streams: windows.flatMap(streams), workspace: workspace,
      scratch: scratch)
    let start = kept.tokens.count
    kept.tokens += found.tokens
    kept.weights += found.weights
    kept.entropies += found.entropies
    kept.offsets += found.offsets.dropFirst().map { start + $0 }
  }

  private func streams(_ window: ChunkWindow) -> [RandomSource] {
    var ofChunk = RandomSource(seed: seed).split("chunk \(window.number)")
    return (0..<window.inputCount).map { _ in RandomSource(seed: ofChunk.next()) }
  }
}
