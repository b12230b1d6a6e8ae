public import LanguageModels
public import TensorKit

/// A causal language model as a scorer, with a workspace of its own.
public final class ModelScorer: ChunkScorer {
  private let model: any CausalLanguageModel
  private let workspace: Workspace

  /// - Parameter maximumTokens: the most input positions in one pass; at least as many as the
  ///   longest chunk has.
  public init(model: any CausalLanguageModel, maximumTokens: Int) throws {
    self.model = model
    workspace = try Workspace(for: model, maximumTokens: maximumTokens, purpose: .scoring)
  }

  /// A scorer with room for every batch of a job with `settings`.
  public convenience init(model: any CausalLanguageModel, settings: ScoringSettings) throws {
    try self.init(model: model, maximumTokens: settings.tokensPerPass)
  }

  /// Reads the model in `folder` for scoring in the precision of `settings`.
  ///
  /// - Throws: `ModelError.precision` for one that this processor lacks.
  public convenience init(
    folder: String, settings: ScoringSettings, compute: Ops, progress: LoadingProgress? = nil
  ) throws {
    try self.init(
      model: LanguageModel.load(
        folder: folder, precision: settings.precision, purpose: .scoring, compute: compute,
        progress: progress),
      settings: settings)
  }

  public var vocabularySize: Int { model.configuration.vocabularySize }

  /// Packs the chunks end to end, without padding, in as few passes as the workspace allows; their
  /// windows must have no mask, because every target is wanted.
  ///
  /// - Throws: `ModelError.batch` for a chunk that is too long.
  public func logProbabilities(of chunks: [ChunkWindow]) throws -> [[Float]] {
    var result: [[Float]] = []
    var start = 0
    while start < chunks.count {
      var end = start
      var tokens = 0
      while end < chunks.count {
        let inputs = chunks[end].inputCount
        if end > start, tokens + inputs > workspace.maximumTokens { break }
        tokens += inputs
        end += 1
      }
      result += try pass(chunks[start..<end])
      start = end
    }
    return result
  }

  private func pass(_ chunks: ArraySlice<ChunkWindow>) throws -> [[Float]] {
    let batch = PackedBatch(chunks, weighting: .sum)
    guard batch.tokenCount > 0 else { return chunks.map { _ in [] } }
    let values = try model.logProbabilities(batch, workspace: workspace)
    var start = 0
    return chunks.map { chunk in
      let end = start + chunk.inputCount
      defer { start = end }
      return Array(values[start..<end])
    }
  }
}
