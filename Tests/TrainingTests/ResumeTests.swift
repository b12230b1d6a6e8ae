import Foundation
import LanguageModels
import Store
import Testing
import Training

/// Stops, crashes and damage must not change what a run computes.
@Suite struct ResumeTests {
  private func undisturbed(
    _ family: Tiny.Family, _ settings: TrainingConfiguration
  ) throws -> (bits: [UInt32], facts: [String]) {
    let folder = try TemporaryFolder()
    let trainer = try Tiny.trainer(family, settings, folder: folder.path)
    #expect(try trainer.run() == .finished)
    return (try Tiny.bits(trainer.model), try Tiny.facts(folder.path))
  }

  /// Runs with a control that acts on events, then again with fresh models until it is finished.
  private func disturbed(
    _ family: Tiny.Family, _ settings: TrainingConfiguration, in folder: String,
    _ act: @escaping (TrainingEvent, TrainingControl, Int) -> Void
  ) throws -> (bits: [UInt32], facts: [String], starts: [Int]) {
    var starts: [Int] = []
    for round in 0..<40 {
      let control = TrainingControl()
      let trainer = try Tiny.trainer(family, settings, folder: folder, control: control) {
        event in
        if case .started(let step) = event { starts.append(step) }
        act(event, control, round)
      }
      if try trainer.run() == .finished {
        return (try Tiny.bits(trainer.model), try Tiny.facts(folder), starts)
      }
      #expect(trainer.phase == .stopped)
    }
    Issue.record("never finished")
    return ([], [], starts)
  }

  @Test(arguments: Tiny.Family.allCases)
  func stoppedAfterEveryStep(family: Tiny.Family) throws {
    let settings = Tiny.settings(steps: 9)
    let expected = try undisturbed(family, settings)
    let folder = try TemporaryFolder()
    let found = try disturbed(family, settings, in: folder.path) { event, control, _ in
      if case .step = event { control.stop() }
    }
    #expect(found.starts == Array(0...9))
    #expect(found.bits == expected.bits)
    #expect(found.facts == expected.facts)
  }

  /// A stop during accumulation gives the half step up and starts it again.
  @Test(arguments: Tiny.Family.allCases)
  func stoppedBetweenMicroBatches(family: Tiny.Family) throws {
    let settings = Tiny.settings(steps: 7)
    let expected = try undisturbed(family, settings)
    let folder = try TemporaryFolder()
    // Three micro-batches a step: none of these numbers falls between two steps.
    for passes in [1, 2, 4, 5, 8] {
      let control = TrainingControl()
      let model = InterruptingModel(
        try Tiny.model(family, compute: try Tiny.compute()), afterPasses: passes
      ) { control.stop() }
      let trainer = try trainer(model, settings, folder: folder.path, control: control)
      #expect(try trainer.run() == .stopped)
      #expect(model.passesDone == passes)
    }
    let model = try Tiny.model(family, compute: try Tiny.compute())
    let last = try trainer(model, settings, folder: folder.path, control: TrainingControl())
    #expect(try last.run() == .finished)
    #expect(try Tiny.bits(model) == expected.bits)
    #expect(try Tiny.facts(folder.path) == expected.facts)
  }

  private func trainer(
    _ model: any CausalLanguageModel, _ settings: TrainingConfiguration, folder: String,
    control: TrainingControl
  ) throws -> Trainer {
    try Trainer(
      model: model, workspace: try Tiny.workspace(for: model, settings), configuration: settings,
      chunks: Tiny.chunks(20), heldOut: Tiny.heldOut(settings), runFolder: folder,
      control: control)
  }

  /// A crash loses what came after the last checkpoint; the log loses and repeats nothing.
  @Test(arguments: Tiny.Family.allCases)
  func killedAtEveryStep(family: Tiny.Family) throws {
    let settings = Tiny.settings(steps: 8)
    let expected = try undisturbed(family, settings)
    let folder = try TemporaryFolder()
    var finished: [UInt32]?
    for last in 1...9 where finished == nil {
      var steps = 0
      let trainer = try Tiny.trainer(family, settings, folder: folder.path) {
        if case .step = $0 { steps += 1 }
      }
      // A process that dies does nothing more: the trainer is simply dropped.
      while steps < last, finished == nil {
        if try trainer.advance() == .finished { finished = try Tiny.bits(trainer.model) }
      }
    }
    #expect(finished == expected.bits)
    #expect(try Tiny.facts(folder.path) == expected.facts)
  }

  @Test func aStopDuringEvaluationIsMadeUpFor() throws {
    let settings = Tiny.settings(steps: 9)
    let expected = try undisturbed(.qwen2, settings)
    let folder = try TemporaryFolder()
    let found = try disturbed(.qwen2, settings, in: folder.path) { event, control, round in
      if case .evaluating = event, round < 3 { control.stop() }
    }
    #expect(found.bits == expected.bits)
    #expect(found.facts == expected.facts)
  }

  @Test func aDamagedCheckpointIsReportedAndTheOneBeforeIsUsed() throws {
    let settings = Tiny.settings(steps: 9)
    let expected = try undisturbed(.mamba, settings)
    let folder = try TemporaryFolder()
    let found = try disturbed(.mamba, settings, in: folder.path) { event, control, round in
      if case .step(let metrics) = event, metrics.step == 7, round == 0 {
        control.stop()
      }
    }
    #expect(found.starts == [0, 7])
    // The newest checkpoint loses its tail.
    let again = try TemporaryFolder()
    let control = TrainingControl()
    try Tiny.trainer(.mamba, settings, folder: again.path, control: control) {
      if case .step(let metrics) = $0, metrics.step == 7 { control.stop() }
    }.run()
    let weights = again.file("checkpoints/step-000007/model.safetensors")
    let data = try #require(FileManager.default.contents(atPath: weights))
    try data.dropLast(5).write(to: URL(fileURLWithPath: weights))
    var damaged: [String] = []
    var started = -1
    let trainer = try Tiny.trainer(.mamba, settings, folder: again.path) { event in
      if case .checkpointDamaged(let path, _) = event { damaged.append(path) }
      if case .started(let step) = event { started = step }
    }
    try trainer.run()
    #expect(damaged == [again.file("checkpoints/step-000007")])
    #expect(started == 6)
    #expect(try Tiny.bits(trainer.model) == expected.bits)
    #expect(try Tiny.facts(again.path) == expected.facts)
  }

  @Test func aFinishedRunStaysFinished() throws {
    let folder = try TemporaryFolder()
    let settings = Tiny.settings(steps: 5)
    try Tiny.trainer(.qwen2, settings, folder: folder.path).run()
    let facts = try Tiny.facts(folder.path)
    var steps = 0
    let again = try Tiny.trainer(.qwen2, settings, folder: folder.path) {
      if case .step = $0 { steps += 1 }
    }
    #expect(try again.run() == .finished)
    #expect(steps == 0)
    #expect(try Tiny.facts(folder.path) == facts)
  }

  @Test func anotherConfigurationOrOtherDataAreRefused() throws {
    let folder = try TemporaryFolder()
    let settings = Tiny.settings(steps: 3)
    try Tiny.trainer(.qwen2, settings, folder: folder.path).run()
    var changed = settings
    changed.beta2 = 0.5
    #expect(
      throws: TrainingError.configurationChanged(field: "beta2", found: "0.5", expected: "0.98")
    ) { try Tiny.trainer(.qwen2, changed, folder: folder.path).run() }
    #expect(
      throws: TrainingError.dataChanged(found: "21 chunks", expected: "20 chunks")
    ) { try Tiny.trainer(.qwen2, settings, folder: folder.path, chunks: Tiny.chunks(21)).run() }
    #expect(throws: TrainingError.self) {
      try Tiny.trainer(
        .qwen2, settings, folder: folder.path, chunks: Tiny.chunks(20, seed: 2)
      ).run()
    }
  }

  @Test func checkpointsLoadAsModels() throws {
    let folder = try TemporaryFolder()
    let settings = Tiny.settings(steps: 3)
    let trainer = try Tiny.trainer(.mamba, settings, folder: folder.path)
    try trainer.run()
    let loaded = try LanguageModel.load(
      folder: folder.file("checkpoints/step-000003"), compute: try Tiny.compute())
    let found = try loaded.parameters.values(.weights).map(\.bitPattern)
    #expect(found == (try trainer.model.parameters.values(.weights).map(\.bitPattern)))
  }
}
