public import Numerics
public import TensorKit

/// What is kept of a teacher's distributions, and how they are made.
public struct TeacherTokens: Sendable {
  public var choice: TokenChoice
  /// Columns of the vocabulary that the distributions are over.
  public var columns: Int
  public var temperature: Float

  public init(_ choice: TokenChoice, columns: Int, temperature: Float = 1) {
    self.choice = choice
    self.columns = columns
    self.temperature = temperature
  }

  /// Memory for batches of at most so many tokens.
  ///
  /// - Throws: `TensorError.memory`.
  public func scratch(tokens: Int) throws -> Arena {
    try Arena(byteCount: byteCount(tokens: tokens))
  }

  /// Bytes of `scratch`.
  public func byteCount(tokens: Int) -> Int {
    Ops.headTokensScratch(tokens: tokens, columns: columns, choice: choice)
  }

  /// A few tokens of each position's distribution under `model`.
  ///
  /// - Parameters:
  ///   - streams: random numbers of each position.
  ///   - scratch: as `scratch(tokens:)` makes it, for as many positions.
  /// - Throws: `ModelError.batch` for a batch that is not valid; `ModelError.logitsNotFinite`.
  public func tokens(
    of batch: PackedBatch, under model: any CausalLanguageModel, streams: [RandomSource],
    workspace: Workspace, scratch: Arena
  ) throws -> WeightedTokens {
    let tokens = try model.withHead(batch, workspace: workspace) { head in
      try model.compute.headTokens(
        choice, hidden: head.hidden, weight: head.weight, columns: columns,
        temperature: temperature, streams: streams, scratch: scratch)
    }
    if tokens.entropies.contains(where: { !$0.isFinite }) { throw ModelError.logitsNotFinite }
    return tokens
  }
}
