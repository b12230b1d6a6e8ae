import LanguageModels
import TensorKit

/// A model that acts when it has been asked for gradients a number of times: a way to act between
/// two micro-batches.
final class InterruptingModel: ForwardingModel {
  let base: any CausalLanguageModel
  private let passes: Int
  private let action: () -> Void
  private(set) var passesDone = 0

  init(_ base: any CausalLanguageModel, afterPasses passes: Int, _ action: @escaping () -> Void) {
    self.base = base
    self.passes = passes
    self.action = action
  }

  func lossAndGradients(_ batch: PackedBatch, workspace: Workspace) throws -> [Float] {
    try counted { try base.lossAndGradients(batch, workspace: workspace) }
  }

  func distill(
    _ batch: PackedBatch, _ request: DistillationRequest, workspace: Workspace
  ) throws -> DistillationLosses {
    try counted { try base.distill(batch, request, workspace: workspace) }
  }

  func policy(
    _ batch: PackedBatch, _ request: PolicyRequest, workspace: Workspace
  ) throws -> PolicyFigures {
    try counted { try base.policy(batch, request, workspace: workspace) }
  }

  private func counted<Result>(_ pass: () throws -> Result) rethrows -> Result {
    let result = try pass()
    passesDone += 1
    if passesDone == passes { action() }
    return result
  }
}
