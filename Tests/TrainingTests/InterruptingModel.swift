import LanguageModels
import TensorKit

/// A model that acts when it has been asked for gradients a number of times: a way to act between
/// two micro-batches.
final class InterruptingModel: CausalLanguageModel {
  private let base: any CausalLanguageModel
  private let passes: Int
  private let action: () -> Void
  private(set) var passesDone = 0

  init(_ base: any CausalLanguageModel, afterPasses passes: Int, _ action: @escaping () -> Void) {
    self.base = base
    self.passes = passes
    self.action = action
  }

  var configuration: ModelConfiguration { base.configuration }
  var parameters: ParameterStore { base.parameters }
  var precision: Precision { .f32 }
  var holdsAllWeights: Bool { base.holdsAllWeights }
  var compute: Compute { base.compute }

  func logProbabilities(_ batch: PackedBatch, workspace: Workspace) throws -> [Float] {
    try base.logProbabilities(batch, workspace: workspace)
  }

  func logits(_ batch: PackedBatch, workspace: Workspace) throws -> [Float] {
    try base.logits(batch, workspace: workspace)
  }

  func meanHidden(_ batch: PackedBatch, workspace: Workspace) throws -> [Float] {
    try base.meanHidden(batch, workspace: workspace)
  }

  func nextLogits(_ pieces: [DecodingPiece], state: DecodingState) throws -> Matrix {
    try base.nextLogits(pieces, state: state)
  }

  func scores(
    _ batch: BranchedBatch, workspace: Workspace
  ) throws -> [[ContinuationScore]] {
    try base.scores(batch, workspace: workspace)
  }

  func prepare(_ state: DecodingState) throws { try base.prepare(state) }

  func lossAndGradients(_ batch: PackedBatch, workspace: Workspace) throws -> [Float] {
    let losses = try base.lossAndGradients(batch, workspace: workspace)
    passesDone += 1
    if passesDone == passes { action() }
    return losses
  }

  func distill(
    _ batch: PackedBatch, _ request: DistillationRequest, workspace: Workspace
  ) throws -> DistillationLosses {
    let losses = try base.distill(batch, request, workspace: workspace)
    passesDone += 1
    if passesDone == passes { action() }
    return losses
  }

  func policy(
    _ batch: PackedBatch, _ request: PolicyRequest, workspace: Workspace
  ) throws -> PolicyFigures {
    let figures = try base.policy(batch, request, workspace: workspace)
    passesDone += 1
    if passesDone == passes { action() }
    return figures
  }

  func withHead<Result>(
    _ batch: PackedBatch, workspace: Workspace, _ body: (HeadFactors) throws -> Result
  ) throws -> Result {
    try base.withHead(batch, workspace: workspace, body)
  }
}
