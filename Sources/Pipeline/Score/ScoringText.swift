import DifferenceSampling
import Numerics
import TensorKit

extension WorkProgress {
  /// How far a scoring job is.
  init(_ state: ScoringProgress, _ precision: Precision) {
    let halves = state.teacher.chunksDone + state.reference.chunksDone
    self.init(
      Double(halves) / Double(max(1, 2 * state.chunkCount)), secondsLeft: state.secondsLeft,
      detail: [
        "\(Number.grouped(state.chunksDone)) of \(Number.grouped(state.chunkCount)) chunks",
        Self.speed("teacher", state.teacher), Self.speed("reference", state.reference),
        "\(Number.grouped(state.blocksDone)) of \(Number.grouped(state.blockCount)) blocks on disk",
        precision.rawValue,
      ].compactMap { $0 }.joined(separator: ", "))
  }

  private static func speed(_ role: String, _ model: ModelThroughput) -> String? {
    model.tokensPerSecond > 0
      ? "\(role) \(Number.grouped(Int(model.tokensPerSecond))) tokens/s" : nil
  }
}
