import LanguageModels
import TensorKit

/// A model that does what another one does, but for what it does itself.
protocol ForwardingModel: CausalLanguageModel {
  var base: any CausalLanguageModel { get }
}

extension ForwardingModel {
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

  func distill(
    _ batch: PackedBatch, _ request: DistillationRequest, workspace: Workspace
  ) throws -> DistillationLosses {
    try base.distill(batch, request, workspace: workspace)
  }

  func policy(
    _ batch: PackedBatch, _ request: PolicyRequest, workspace: Workspace
  ) throws -> PolicyFigures {
    try base.policy(batch, request, workspace: workspace)
  }

  func withHead<Result>(
    _ batch: PackedBatch, workspace: Workspace, _ body: (HeadFactors) throws -> Result
  ) throws -> Result {
    try base.withHead(batch, workspace: workspace, body)
  }
}
