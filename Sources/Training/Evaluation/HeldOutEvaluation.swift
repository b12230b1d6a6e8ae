public import Corpus
public import LanguageModels

/// Measures a model's negative log-likelihood on held-out chunks, with the mask of training.
public struct HeldOutEvaluation {
  /// What is evaluated on.
  public let chunks: any ChunkSource
  /// Most tokens taken of a chunk.
  public let chunkTokens: Int
  /// A position whose input is this token is not counted.
  public let endOfSequenceToken: Int32?
  /// Chunks of one forward pass.
  public let chunksPerBatch: Int
  /// UTF-8 bytes of each token id, for bits a byte; nil where they are not known. A target that ends
  /// a sequence stands for no text and adds none, whatever its entry.
  public let tokenByteCounts: [Int]?

  public init(
    chunks: any ChunkSource, chunkTokens: Int = 1025, endOfSequenceToken: Int32?,
    chunksPerBatch: Int, tokenByteCounts: [Int]? = nil
  ) {
    self.chunks = chunks
    self.chunkTokens = chunkTokens
    self.endOfSequenceToken = endOfSequenceToken
    self.chunksPerBatch = max(1, chunksPerBatch)
    self.tokenByteCounts = tokenByteCounts
  }

  /// Evaluates every chunk; `progress` is called after each forward pass and ends the evaluation
  /// without a result by returning false.
  ///
  /// - Throws: `TrainingError.lossNotFinite`, and what the model and the corpus throw.
  public func run(
    _ model: any CausalLanguageModel, workspace: Workspace,
    progress: (_ chunksDone: Int, _ chunkCount: Int) throws -> Bool = { _, _ in true }
  ) throws -> EvaluationResult? {
    var results: [EvaluationResult.Chunk] = []
    var next = 0
    while next < chunks.count {
      var indices: [Int] = []
      var group: [[Int32]] = []
      while next < chunks.count, group.count < chunksPerBatch {
        let tokens = Array(try chunks.tokens(of: next).prefix(chunkTokens))
        let counted =
          tokens.count > 1
          ? PackedBatch.countedTargets(of: tokens, endOfText: endOfSequenceToken) : 0
        if counted > 0 {
          indices.append(next)
          group.append(tokens)
        }
        next += 1
      }
      if !group.isEmpty {
        let batch = PackedBatch(chunks: group, endOfText: endOfSequenceToken, weighting: .sum)
        let logProbabilities = try model.logProbabilities(batch, workspace: workspace)
        results += try losses(of: indices, batch: batch, logProbabilities)
      }
      if try !progress(next, chunks.count) { return nil }
    }
    return EvaluationResult(sourceNames: chunks.sources, chunks: results)
  }

  private func losses(
    of indices: [Int], batch: PackedBatch, _ logProbabilities: [Float]
  ) throws -> [EvaluationResult.Chunk] {
    try indices.enumerated().map { place, chunk in
      let positions = batch.sequenceOffsets[place]..<batch.sequenceOffsets[place + 1]
      var sum = 0.0
      var counted = 0
      var bytes = tokenByteCounts == nil ? nil : 0
      for position in positions where batch.targets[position] >= 0 {
        sum -= Double(logProbabilities[position])
        counted += 1
        if let table = tokenByteCounts, let known = bytes,
          batch.targets[position] != endOfSequenceToken
        {
          let target = Int(batch.targets[position])
          bytes = table.indices.contains(target) ? known + table[target] : nil
        }
      }
      guard sum.isFinite else { throw TrainingError.lossNotFinite(chunk: chunk) }
      return EvaluationResult.Chunk(
        source: chunks.source(of: chunk), tokens: counted, nllSum: sum, bytes: bytes)
    }
  }
}
