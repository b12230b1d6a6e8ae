/// Which checkpoints of a run stay on disk.
///
/// Checkpoints go only after a newer one stands under its name, with every file read back; the newest
/// always stays.
public struct CheckpointRetention: Sendable, Equatable {
  /// The newest so many.
  public var last: Int
  /// Those whose step is a multiple of this.
  public var every: Int?
  /// The one with the lowest held-out loss.
  public var best: Bool

  public init(last: Int, every: Int? = nil, best: Bool = false) {
    self.last = last
    self.every = every
    self.best = best
  }

  /// Steps of `present`, ascending, whose checkpoints go.
  public func removed(of present: [Int], best bestStep: Int?) -> [Int] {
    present.dropLast(max(1, last)).filter { step in
      if let every, every > 0, step % every == 0 { return false }
      return !(best && step == bestStep)
    }
  }

  /// "the last 3 checkpoints, every one at a multiple of 1000 steps, and the best by held-out loss".
  public var words: String {
    var parts = [last <= 1 ? "the newest checkpoint" : "the last \(last) checkpoints"]
    if let every { parts.append("those at multiples of \(every) steps") }
    if best { parts.append("the best by held-out loss") }
    guard let final = parts.last, parts.count > 1 else { return parts[0] }
    return parts.dropLast().joined(separator: ", ") + " and " + final
  }
}

extension TrainingConfiguration {
  /// Which checkpoints stay.
  public var retention: CheckpointRetention {
    CheckpointRetention(
      last: checkpointsKept, every: checkpointsKeptEvery, best: keepsBestCheckpoint)
  }
}
