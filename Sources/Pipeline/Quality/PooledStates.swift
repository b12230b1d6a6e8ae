import Corpus
import LanguageModels
import Numerics
import TensorKit

/// One vector for each of some chunks: the mean over its tokens of a model's final hidden state.
struct PooledStates {
  /// Most tokens taken of a chunk.
  private let chunkTokens: Int
  private let chunksPerBatch: Int
  private let model: any CausalLanguageModel
  private let workspace: Workspace

  /// Loads a model, where it fits into the memory.
  ///
  /// - Throws: `ModelError.memory` before anything is loaded.
  init(
    _ folder: ModelFolder, chunkTokens: Int, chunksPerBatch: Int, precision: Precision,
    compute: Ops, _ work: Work
  ) throws {
    let tokens = chunkTokens * chunksPerBatch
    let configuration = try work.examine(
      folder, precision: precision, for: .scoring, compute: compute)
    let plan = try MemoryPlan.check(
      configuration: configuration, maximumTokens: tokens, maximumSequences: chunksPerBatch,
      precision: precision, purpose: .scoring, compute: compute,
      limitBytes: SystemMemory.available())
    work.note("hidden states of \(folder.name) in \(MemoryText.plan(of: plan, precision))")
    try work.checkpoint()
    self.chunkTokens = chunkTokens
    self.chunksPerBatch = chunksPerBatch
    model = try folder.load(precision: precision, purpose: .scoring, compute: compute, work)
    workspace = try Workspace(
      for: model, maximumTokens: tokens, maximumSequences: chunksPerBatch, purpose: .scoring)
  }

  var dimensions: Int { model.configuration.hiddenSize }

  /// The vectors of chunks, row by row; empty chunks have none.
  ///
  /// - Parameter progress: called with the chunks done; it throws to end the work.
  func vectors(
    of chunks: [[Int32]], progress: (_ done: Int) throws -> Void
  ) throws -> [Float] {
    var vectors: [Float] = []
    var start = 0
    while start < chunks.count {
      let end = min(start + chunksPerBatch, chunks.count)
      var (tokens, offsets): ([Int32], [Int]) = ([], [0])
      for chunk in chunks[start..<end] where !chunk.isEmpty {
        // Compares the ids with the vocabulary.
        let window = try ChunkWindow(
          chunk, number: start, length: chunkTokens, mask: .none,
          vocabularySize: model.configuration.vocabularySize)
        tokens += window.tokens
        offsets.append(tokens.count)
      }
      if !tokens.isEmpty {
        let batch = PackedBatch(
          tokens: tokens, targets: Array(repeating: -1, count: tokens.count),
          weights: Array(repeating: 0, count: tokens.count), sequenceOffsets: offsets)
        vectors += try model.meanHidden(batch, workspace: workspace)
      }
      start = end
      try progress(end)
    }
    return vectors
  }
}

/// The mean of vectors of several samples.
struct PooledMean {
  private let mean: [Double]

  init(_ samples: [[Float]], dimensions: Int) {
    var sum = [Double](repeating: 0, count: dimensions)
    var count = 0
    for sample in samples {
      for (place, value) in sample.enumerated() { sum[place % dimensions] += Double(value) }
      count += sample.count / dimensions
    }
    mean = sum.map { $0 / Double(max(1, count)) }
  }

  func subtracted(from vectors: [Float]) -> [Float] {
    vectors.enumerated().map { Float(Double($1) - mean[$0 % mean.count]) }
  }
}
