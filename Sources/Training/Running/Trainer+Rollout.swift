import LanguageModels
import Store

// The sampled part of a run: a rollout before the first of its steps, and in checkpoints between them.
extension Trainer {
  /// The losses of the step's sampled sequences, whose gradients are added; nil when a stop came.
  func sampledLosses(_ policy: PolicyTraining, _ time: inout StepTime) throws -> MiniLLMSum? {
    if policy.needsRollout(step: state.step) {
      let isMade = try policy.makeRollout(
        step: state.step, from: chunks, plan, model, workspace
      ) {
        emit(.rollingOut($0))
        return try mayGoOn()
      }
      guard isMade else { return nil }
      time.rollout = policy.rolloutSeconds
      try keepRollout()
    }
    let sequences = policy.sequences(ofStep: state.step)
    let tokenCount = sequences.reduce(0) { $0 + $1.new.count }
    var sum = MiniLLMSum(policy.settings, sequences)
    let size = configuration.chunksPerMicroBatch
    for first in stride(from: 0, to: sequences.count, by: size) {
      guard try mayGoOn() else { return nil }
      let part = sequences[first..<min(first + size, sequences.count)]
      try StepTime.measure(&time.computing) {
        try policy.train(on: part, tokenCount: tokenCount, &sum, model, workspace)
      }
      if !sum.loss.isFinite { break }
    }
    return sum
  }

  /// The figures of the step that is being made.
  func metrics(of sum: MiniLLMSum) -> MiniLLMMetrics? {
    policy.map {
      sum.metrics(
        rollout: $0.plan.rollout(ofStep: state.step), epoch: $0.plan.epoch(ofStep: state.step),
        rolloutSeconds: $0.rolloutSeconds)
    }
  }

  /// Writes the rollout into a checkpoint between two of its steps. Before its first step it is made again
  /// from the checkpoint's weights, with the same bits.
  func saveRollout(to folder: String) throws(StoreError) {
    guard let policy, let rollout = policy.rollout, !policy.plan.begins(atStep: state.step),
      rollout.number == policy.plan.rollout(ofStep: state.step)
    else { return }
    try RolloutFile(path: "\(folder)/\(RolloutFile.checkpointName)").write(rollout, policy.plan)
  }

  func restoreRollout(from folder: String, step: Int) throws {
    guard let policy, !policy.plan.begins(atStep: step), step < configuration.steps else { return }
    // Where all its steps so far were passed over none was made, and the weights are those of its first.
    let first = policy.plan.rollout(ofStep: step) * policy.plan.stepsPerRollout
    if (first..<step).allSatisfy({ batches.decisions.passesOver(step: $0 + 1) }) {
      return policy.restore(nil)
    }
    let rollout = try RolloutFile(path: "\(folder)/\(RolloutFile.checkpointName)").read()
    guard rollout.number == policy.plan.rollout(ofStep: step),
      rollout.sequences.count == policy.plan.sequences
    else {
      throw TrainingError.damagedCheckpoint(
        path: folder, found: "rollout \(rollout.number) of \(rollout.sequences.count) sequences",
        expected: "rollout \(policy.plan.rollout(ofStep: step)) of \(policy.plan.sequences)")
    }
    policy.restore(rollout)
  }

  /// Writes the present rollout where rollouts are kept.
  private func keepRollout() throws {
    guard configuration.keepsRollouts, let policy, let rollout = policy.rollout else { return }
    try goingOn(without: "the file of rollout \(rollout.number + 1)") { () throws(StoreError) in
      try Folder.make("\(runFolder)/\(RolloutFile.folderName)")
      try RolloutFile.kept(rollout.number, runFolder: runFolder).write(rollout, policy.plan)
    }
  }
}
