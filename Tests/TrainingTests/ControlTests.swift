import Foundation
import LanguageModels
import Store
import Testing
import Training

@Suite struct TrainingControlTests {
  /// While the run is paused nothing moves; a checkpoint can be asked for; it goes on when told.
  @Test func pauseHoldsTheRunAndStillSaves() throws {
    let folder = try TemporaryFolder()
    let control = TrainingControl()
    var phases: [String] = []
    var settings = Tiny.settings(steps: 6)
    settings.checkpointInterval = 100
    settings.evaluationInterval = nil
    let trainer = try Tiny.trainer(.qwen2, settings, folder: folder.path, control: control) {
      switch $0 {
      case .step(let metrics):
        phases.append("step \(metrics.step)")
        if metrics.step == 2 { control.pause() }
      case .paused(let step):
        phases.append("paused \(step)")
        control.requestCheckpoint()
      case .checkpoint(let record):
        phases.append("checkpoint \(record.step)")
        if record.step == 2 { control.resume() }
      case .resumed(let step): phases.append("resumed \(step)")
      case .finished: phases.append("finished")
      default: break
      }
    }
    try trainer.run()
    #expect(
      phases == [
        "step 1", "step 2", "paused 2", "checkpoint 2", "resumed 2", "step 3", "step 4", "step 5",
        "step 6", "checkpoint 6", "finished",
      ])
  }

  @Test func aStopWhilePausedEndsTheRun() throws {
    let folder = try TemporaryFolder()
    let control = TrainingControl()
    let trainer = try Tiny.trainer(
      .qwen2, Tiny.settings(steps: 6), folder: folder.path, control: control
    ) {
      if case .step(let metrics) = $0, metrics.step == 4 { control.pause() }
      if case .paused = $0 { control.stop() }
    }
    #expect(try trainer.run() == .stopped)
    #expect(trainer.state.step == 4)
    #expect(Folder.exists(folder.file("checkpoints/step-000004")))
  }

  /// A stop does not wait for the step: it takes effect before the next micro-batch.
  @Test func aStopTakesEffectBeforeTheNextMicroBatch() throws {
    let folder = try TemporaryFolder()
    let control = TrainingControl()
    let settings = Tiny.settings(steps: 6)
    // Three micro-batches a step: the stop comes after the first one of the third step.
    let model = InterruptingModel(
      try Tiny.model(.qwen2, compute: try Tiny.compute()), afterPasses: 7
    ) { control.stop() }
    let trainer = try Trainer(
      model: model, workspace: try Tiny.workspace(for: model, settings), configuration: settings,
      chunks: Tiny.chunks(20), runFolder: folder.path, control: control)
    #expect(try trainer.run() == .stopped)
    #expect(model.passesDone == 7)
    #expect(trainer.state.step == 2)
    #expect(try MetricsLog.read(runFolder: folder.path).map(\.step).max() == 2)
  }

  /// A batch that would not fit is refused before the first step, not when it comes.
  @Test func aWorkspaceThatIsTooSmallIsRefusedAtOnce() throws {
    let folder = try TemporaryFolder()
    let settings = Tiny.settings(steps: 3)
    let model = try Tiny.model(.qwen2, compute: try Tiny.compute())
    for workspace in [
      try Workspace(for: model, maximumTokens: 37, purpose: .training),
      try Workspace(for: model, maximumTokens: 1000, purpose: .scoring),
    ] {
      #expect(throws: TrainingError.self) {
        try Trainer(
          model: model, workspace: workspace, configuration: settings, chunks: Tiny.chunks(20),
          runFolder: folder.path)
      }
    }
  }

  @Test func onlyTheNewestCheckpointsStay() throws {
    let folder = try TemporaryFolder()
    var settings = Tiny.settings(steps: 12)
    settings.checkpointsKept = 2
    try Tiny.trainer(.qwen2, settings, folder: folder.path).run()
    #expect(try Folder.list(folder.file("checkpoints")) == ["step-000009", "step-000012"])
  }
}
