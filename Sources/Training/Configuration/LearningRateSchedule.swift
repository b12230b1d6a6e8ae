import Foundation

/// Learning rate as a pure function of the number of updates done.
///
/// Source: MiniPLM `schedulers.py`. The first update has t = 0, so with a warm-up its rate is zero.
public enum LearningRateSchedule: Codable, Sendable, Equatable {
  /// Linear warm-up from zero to `peak`, then a cosine down to `minimum` at `totalSteps`.
  case cosine(peak: Double, minimum: Double, warmupSteps: Int, totalSteps: Int)
  /// The same rate for every update.
  case constant(Double)

  /// The rate of the update that follows `updatesDone` updates.
  ///
  /// With t = `updatesDone`, W = `warmupSteps`, T = `totalSteps`: `peak * t / W` for t < W, then
  /// `minimum + 0.5 (peak - minimum) (1 + cos(pi (t - W) / (T - W)))`; `minimum` after T.
  public func rate(afterUpdates updatesDone: Int) -> Double {
    switch self {
    case .constant(let rate):
      return rate
    case .cosine(let peak, let minimum, let warmupSteps, let totalSteps):
      let t = Double(max(0, updatesDone))
      if updatesDone < warmupSteps { return peak * t / Double(warmupSteps) }
      guard updatesDone < totalSteps else { return minimum }
      let progress = (t - Double(warmupSteps)) / Double(totalSteps - warmupSteps)
      return minimum + 0.5 * (peak - minimum) * (1 + cos(.pi * progress))
    }
  }
}
