import EngineInterface
import Numerics
import TerminalUI

/// What speaks for or against the refined corpus besides the held-out loss: zero-shot tasks and the
/// scaling law, as far as they are there.
enum CompareEvidence {
  static func lines(_ state: ViewState) -> [StyledText] {
    tasks(state) + (state.engine.comparison?.fit ?? []).map { StyledText($0) }
  }

  /// The difference of the two models that the Evaluate screen compares.
  private static func tasks(_ state: ViewState) -> [StyledText] {
    guard let picture = state.engine.evaluation, let comparison = picture.comparison,
      let mean = comparison.mean(.published)
    else { return [] }
    func name(_ path: String) -> String {
      picture.models.first { $0.path == path }?.name ?? path
    }
    let error = mean.measure.error.map { " +- \(Number.fixed($0 * 100, 1))" } ?? ""
    let count = mean.tasks == 1 ? "1 task" : "\(mean.tasks) tasks"
    let text =
      "Zero-shot accuracy on \(count): \(name(comparison.b)) - \(name(comparison.a)) "
      + "\(Number.signed(mean.measure.value * 100, 1))\(error) points, "
      + (mean.isBeyondChance ? "beyond chance" : "not beyond chance")
      + " (\(state.key(.go(to: .evaluate))) shows them)."
    let role: StyleRole =
      !mean.isBeyondChance ? .text : mean.measure.value < 0 ? .warn : .ok
    return [StyledText(text, role)]
  }
}
