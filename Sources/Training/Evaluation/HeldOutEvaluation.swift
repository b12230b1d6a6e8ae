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
  /// - Throws: `TrainingError.lossNotFinite`, `ModelError.tokenOutOfRange`, and what the model and the corpus throw.
  public func run(
    _ model: any CausalLanguageModel, workspace: Workspace,
    progress: (_ chunksDone: Int, _ chunkCount: Int) throws -> Bool = { _, _ in true }
  ) throws -> EvaluationResult? {
    var results: [EvaluationResult.Chunk] = []
    let mask = LossMask(endOfText: endOfSequenceToken)
    var next = 0
    while next < chunks.count {
      var group: [ChunkWindow] = []
      while next < chunks.count, group.count < chunksPerBatch {
        let window = try ChunkWindow(
          chunks.tokens(of: next), number: next, length: chunkTokens, mask: mask,
          vocabularySize: model.configuration.vocabularySize)
        if window.countedTargets > 0 { group.append(window) }
        next += 1
      }
      if !group.isEmpty {
        let batch = PackedBatch(group, weighting: .sum)
        let logProbabilities = try model.logProbabilities(batch, workspace: workspace)
        results += try losses(of: group, batch: batch, logProbabilities)
      }
      if try !progress(next, chunks.count) { return nil }
    }
    return EvaluationResult(sourceNames: chunks.sources, chunks: results)
  }

  private func losses(
    of windows: [ChunkWindow], batch: PackedBatch, _ logProbabilities: [Float]
  ) throws -> [EvaluationResult.Chunk] {
    try windows.enumerated().map { place, window in
      let positions = batch.sequenceOffsets[place]..<batch.sequenceOffsets[place + 1]
      let pieces = chunks.documents(of: window.number)
      // A chunk of unknown documents is counted as one.
      var parts = pieces.isEmpty ? [part(of: 0)] : pieces.map { part(of: $0.document) }
      var (current, bytesAreKnown) = (0, tokenByteCounts != nil)
      for (index, position) in positions.enumerated() where batch.targets[position] >= 0 {
        // The target of an input stands one further on.
        while current + 1 < pieces.count, Int(pieces[current + 1].tokenStart) <= index + 1 {
          current += 1
        }
        parts[current].tokens += 1
        parts[current].nllSum -= Double(logProbabilities[position])
        let target = batch.targets[position]
        if let table = tokenByteCounts, target != endOfSequenceToken {
          if table.indices.contains(Int(target)) {
            parts[current].bytes? += table[Int(target)]
          } else {
            bytesAreKnown = false
          }
        }
      }
      if !bytesAreKnown { for index in parts.indices { parts[index].bytes = nil } }
      parts.removeAll { $0.tokens == 0 }
      let sum = parts.reduce(0) { $0 + $1.nllSum }
      guard sum.isFinite else { throw TrainingError.lossNotFinite(chunk: window.number) }
      return EvaluationResult.Chunk(
        source: chunks.source(of: window.number), tokens: window.countedTargets, nllSum: sum,
        bytes: bytesAreKnown ? parts.reduce(0) { $0 + ($1.bytes ?? 0) } : nil,
        parts: pieces.isEmpty ? nil : parts)
    }
  }

  private func part(of document: Int64) -> EvaluationResult.Part {
    EvaluationResult.Part(
      document: document, tokens: 0, nllSum: 0, bytes: tokenByteCounts == nil ? nil : 0)
  }
}
