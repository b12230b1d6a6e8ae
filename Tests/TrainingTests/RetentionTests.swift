import Foundation
import Store
import Testing
import Training

/// Which checkpoints stay, and that a run never has fewer than one to go on from.
@Suite struct RetentionTests {
  @Test func theNewestTheEveryAndTheBestStay() {
    let steps = [10, 20, 30, 40, 50, 60, 70]
    func removed(_ last: Int, _ every: Int? = nil, best: Int? = nil) -> [Int] {
      CheckpointRetention(last: last, every: every, best: best != nil).removed(
        of: steps, best: best)
    }
    #expect(removed(2) == [10, 20, 30, 40, 50])
    #expect(removed(2, 30) == [10, 20, 40, 50])
    #expect(removed(2, 30, best: 40) == [10, 20, 50])
    #expect(removed(0) == [10, 20, 30, 40, 50, 60])
    #expect(removed(9).isEmpty)
    // Without the policy the best goes as any other.
    #expect(CheckpointRetention(last: 6).removed(of: steps, best: 10) == [10])
  }

  @Test func whatStaysIsSaid() {
    #expect(CheckpointRetention(last: 1).words == "the newest checkpoint")
    #expect(
      CheckpointRetention(last: 3, every: 100, best: true).words
        == "the last 3 checkpoints, those at multiples of 100 steps and the best by held-out loss")
  }

  /// A learning rate far too high: the best evaluation is not the last one.
  @Test func theBestIsKeptThroughTheWholeRun() throws {
    var settings = Tiny.settings(steps: 24)
    settings.learningRate = 0.5
    settings.minimumLearningRate = 0.5
    settings.evaluationInterval = 2
    settings.checkpointInterval = 5
    settings.checkpointsKept = 1
    settings.keepsBestCheckpoint = true
    let folder = try TemporaryFolder()
    var rounds = 0
    var losses: [(step: Int, loss: Double)] = []
    while true {
      rounds += 1
      let control = TrainingControl()
      let trainer = try Tiny.trainer(.qwen2, settings, folder: folder.path, control: control) {
        event in
        if case .evaluated(let record, _) = event, record.step > 0 {
          losses.append((record.step, record.losses.all.chunkMean))
        }
        if case .step(let metrics) = event, metrics.step % 7 == 0 { control.stop() }
      }
      if try trainer.run() == .finished { break }
      try #require(rounds < 9)
    }
    #expect(rounds > 2)
    let best = try #require(losses.min { $0.loss < $1.loss }).step
    let kept = try CheckpointStore(runFolder: folder.path).steps()
    #expect(Set(kept) == [best, 24])
  }

  @Test func theBestNeedsAnEvaluation() {
    var settings = Tiny.settings(steps: 4)
    settings.keepsBestCheckpoint = true
    settings.evaluationInterval = nil
    #expect(throws: TrainingError.self) { try settings.validate() }
  }

  /// What only decides which checkpoints stay may change when a run goes on.
  @Test func thePolicyMayChange() throws {
    let before = Tiny.settings(steps: 4)
    var after = before
    after.checkpointsKeptEvery = 100
    after.keepsBestCheckpoint = true
    after.checkpointsKept = 9
    try after.requireContinues(before)
    #expect(try after.digest() == before.digest())
  }
}
