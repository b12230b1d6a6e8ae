import Numerics

/// Which steps train on which sampled sequences: a function of settings and seed, as `BatchPlan` is for
/// chunks.
///
/// A rollout is sampled before the first of its steps, from the chunks that its first epoch's steps
/// read; each of its epochs takes all of its sequences once, in an order of its own.
struct RolloutPlan: Sendable, Equatable {
  let sequences: Int
  let epochs: Int
  let sequencesPerStep: Int
  let seed: UInt64

  init(_ settings: MiniLLMSettings, _ training: TrainingConfiguration) {
    sequences = settings.rollouts
    epochs = settings.epochs
    sequencesPerStep = training.chunksPerStep
    seed = training.seed
  }

  /// Steps of one pass over a rollout.
  var stepsPerEpoch: Int { sequences / sequencesPerStep }
  /// Steps that one rollout serves.
  var stepsPerRollout: Int { stepsPerEpoch * epochs }

  /// The rollout (from 0) of a step (from 0).
  func rollout(ofStep step: Int) -> Int { step / stepsPerRollout }

  /// The epoch (from 0) of its rollout that a step belongs to.
  func epoch(ofStep step: Int) -> Int { step % stepsPerRollout / stepsPerEpoch }

  /// Whether a rollout is sampled before a step.
  func begins(atStep step: Int) -> Bool { step % stepsPerRollout == 0 }

  /// Rollouts that are sampled from a step on, before `end`.
  func rollouts(fromStep step: Int, to end: Int) -> Int {
    func begun(_ steps: Int) -> Int { (steps + stepsPerRollout - 1) / stepsPerRollout }
    return max(0, begun(end) - begun(step))
  }

  /// The chunks whose beginnings are the prompts of a rollout, in order.
  func chunks(ofRollout rollout: Int, _ plan: BatchPlan) -> [Int] {
    let first = rollout * stepsPerRollout
    return (first..<first + stepsPerEpoch).flatMap { plan.chunks(ofStep: $0) }
  }

  /// Steps whose chunks a run of so many steps reads: its last rollout may take prompts of later ones.
  func stepsRead(by steps: Int) -> Int {
    guard steps > 0 else { return 0 }
    return max(steps, rollout(ofStep: steps - 1) * stepsPerRollout + stepsPerEpoch)
  }

  /// The order of an epoch.
  func order(ofRollout rollout: Int, epoch: Int) -> [Int] {
    var random = RandomSource(seed: seed).split("rollout \(rollout) epoch \(epoch)")
    var order = Array(0..<sequences)
    random.shuffle(&order)
    return order
  }

  /// The sequences of a step.
  func sequences(ofStep step: Int) -> [Int] {
    let first = step % stepsPerEpoch * sequencesPerStep
    return Array(
      order(ofRollout: rollout(ofStep: step), epoch: epoch(ofStep: step))[
        first..<first + sequencesPerStep])
  }
}
