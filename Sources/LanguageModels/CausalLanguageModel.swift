public import TensorKit

/// A causal language model with its parameters: scores packed batches and accumulates gradients.
///
/// Not Sendable: one job drives one model at a time. Weights may be changed between calls.
public protocol CausalLanguageModel: AnyObject {
  var configuration: ModelConfiguration { get }
  var parameters: ParameterStore { get }
  /// The precision of its products.
  var precision: Precision { get }
  /// Whether `parameters` hold every weight: not those of a scoring model in reduced precision.
  var holdsAllWeights: Bool { get }
  /// What the model computes with.
  var compute: Compute { get }

  /// log p(target) of every position, natural logarithm; 0 where no target is counted.
  ///
  /// - Throws: `ModelError.batch` when the batch is not valid or larger than the workspace.
  func logProbabilities(_ batch: PackedBatch, workspace: Workspace) throws -> [Float]

  /// Logits [tokens, V] of every position. For tests and inspection of small inputs only: this is
  /// the one place where such a buffer exists.
  func logits(_ batch: PackedBatch, workspace: Workspace) throws -> [Float]

  /// One vector for each sequence of a batch [sequences, d], row by row: the mean over its tokens of
  /// the final hidden states, which are what the final norm gives.
  ///
  /// - Throws: `ModelError.batch` when the batch is not valid or larger than the workspace.
  func meanHidden(_ batch: PackedBatch, workspace: Workspace) throws -> [Float]

  /// Appends new tokens to sequences of `state` and gives the logits [pieces, V] of the token after
  /// each piece that wants them, in order; valid until the next call.
  ///
  /// - Throws: `ModelError.batch` when the pieces do not fit the state's plan.
  func nextLogits(_ pieces: [DecodingPiece], state: DecodingState) throws -> Matrix

  /// What the model says of the continuations of `batch`, by group and sequence.
  ///
  /// - Throws: `ModelError.batch` when the batch is not valid or larger than the workspace.
  func scores(_ batch: BranchedBatch, workspace: Workspace) throws -> [[ContinuationScore]]

  /// Computes what every pass of a new decoding state reads of the weights.
  func prepare(_ state: DecodingState) throws

  /// Adds the gradients of sum_t weight_t NLL_t to the parameters' `gradients`; returns the NLL of
  /// every position, 0 where no target is counted.
  ///
  /// The workspace must have been made for training.
  func lossAndGradients(_ batch: PackedBatch, workspace: Workspace) throws -> [Float]

  /// As `lossAndGradients`, with a teacher: adds the gradients of
  /// sum_t weight_t ((1 - ratio) NLL_t + ratio T^2 KL_t).
  ///
  /// - Throws: `ModelError.batch` also for a target that does not fit the batch.
  func distill(
    _ batch: PackedBatch, _ request: DistillationRequest, workspace: Workspace
  ) throws -> DistillationLosses

  /// What this model and a teacher say of the sampled tokens that are the batch's targets; with an
  /// objective, adds the gradients of its loss.
  ///
  /// The workspace must have been made for training where there is an objective.
  /// - Throws: `ModelError.batch` also for a request that does not fit the batch.
  func policy(
    _ batch: PackedBatch, _ request: PolicyRequest, workspace: Workspace
  ) throws -> PolicyFigures

  /// Gives `body` the head of a pass over `batch`, before its logits are formed.
  ///
  /// - Throws: `ModelError.batch` when the batch is not valid or larger than the workspace.
  func withHead<Result>(
    _ batch: PackedBatch, workspace: Workspace, _ body: (HeadFactors) throws -> Result
  ) throws -> Result
}
