import Foundation
import Store
import Testing
import Training

/// What goes wrong in the middle of a run is an event with a choice; whatever was chosen, a run that is
/// killed computes the same bits.
@Suite struct FaultTests {
  /// The batch of step 8 is no number; of step 45 a spike.
  static let cases: [(fault: FaultyModel.Fault, steps: Int, faulty: Int, action: StepAction)] = [
    (.notANumber, 14, 14, .skip), (.notANumber, 14, 14, .back),
    (.spike, 50, 88, .note), (.spike, 50, 88, .skip), (.spike, 50, 88, .back),
  ]

  private func run(_ index: Int) -> FaultyRun {
    let one = Self.cases[index]
    return FaultyRun(
      one.fault, steps: one.steps, faulty: [one.faulty],
      FaultPolicy(
        onNotFinite: one.fault == .notANumber ? one.action : .skip,
        onSpike: one.fault == .spike ? one.action : .note, spikeThreshold: 20))
  }

  /// At every event around the fault the folder is copied, as a kill would leave it, and gone on with.
  @Test(arguments: cases.indices)
  func aKilledRunComputesTheSameBits(index: Int) throws {
    let (run, folder) = (run(index), try TemporaryFolder())
    let path = folder.file("run")
    let faultyStep = Self.cases[index].faulty / 2 + 1
    var copies: [String] = []
    var events: [String] = []
    let expected = try run.outcome(path) { event in
      var step: Int?
      switch event {
      case .spike(let fault):
        events.append("spike \(fault.step)")
        step = fault.step
      case .updateRefused(let at, _, _):
        events.append("skipped \(at)")
        step = at
      case .wentBack(let to, let fault):
        events.append("back from \(fault.step) to \(to)")
        step = fault.step
      case .passedOver(let at):
        events.append("passed over \(at)")
        step = at
      case .step(let metrics): step = metrics.step
      default: break
      }
      guard let step, step >= faultyStep - 2 else { return }
      let copy = folder.file("copy-\(copies.count)")
      copies.append(copy)
      do {
        try FileManager.default.copyItem(atPath: path, toPath: copy)
      } catch {
        Issue.record(error)
      }
    }
    let back = (faultyStep - 1) / 3 * 3
    switch Self.cases[index].action {
    case .note: #expect(events == ["spike \(faultyStep)"])
    case .skip: #expect(events == ["skipped \(faultyStep)"])
    case .back:
      #expect(events == ["back from \(faultyStep) to \(back)", "passed over \(faultyStep)"])
    case .stop, .ask: Issue.record("no such case")
    }
    #expect(copies.count > 3)
    for copy in copies {
      let found = try run.outcome(copy)
      #expect(found.bits == expected.bits)
      #expect(found.facts == expected.facts)
    }
    // The run is over: nothing is done a second time.
    #expect(try run.outcome(path).facts == expected.facts)
    let decisions = try Decisions.read(runFolder: path).decisions
    #expect(decisions.count == 1)
    #expect(decisions.first?.fault.step == faultyStep)
    #expect(decisions.first?.fault.chunks == [2 * faultyStep - 2, 2 * faultyStep - 1])
    #expect(decisions.first?.action == Self.cases[index].action)
  }

  /// A batch that is passed over changes nothing but the step.
  /// Spikes that are left out never enter the windows that they are measured by: a new level would be
  /// one for ever.
  @Test func aLevelThatLastsIsTakenIn() throws {
    let folder = try TemporaryFolder()
    let run = FaultyRun(
      .spike, steps: 80, faulty: Set(88..<160), FaultPolicy(onSpike: .skip, spikeThreshold: 20))
    var (inARow, most, noted) = (0, 0, 0)
    _ = try run.outcome(folder.file("run")) { event in
      switch event {
      case .updateRefused:
        inARow += 1
        most = max(most, inARow)
      case .spike:
        noted += 1
        inARow = 0
      default: break
      }
    }
    #expect(most == run.settings.refusedUpdatesAllowed)
    #expect(noted > 0)
    let steps = try MetricsLog.read(runFolder: folder.file("run")).compactMap {
      if case .step(let metrics) = $0 { metrics } else { nil }
    }
    #expect(steps.last?.step == 80 && steps.last?.refused == false)
  }

  @Test func whatIsPassedOverIsNotTrainedOn() throws {
    let folder = try TemporaryFolder()
    let back = try run(1).outcome(folder.file("back"))
    let skipped = try run(0).outcome(folder.file("skip"))
    // Both left the same update out; only the figures of the step tell how.
    #expect(back.bits == skipped.bits)
    #expect(back.facts != skipped.facts)
  }

  @Test func stopEndsWithACheckpointAndTheNextRunChooses() throws {
    var run = run(0)
    let expected = try run.outcome(try TemporaryFolder().path)
    let folder = try TemporaryFolder()
    run.settings.faults.onNotFinite = .stop
    for _ in 0..<2 {
      let trainer = try run.trainer(folder.path)
      do {
        try trainer.run()
        Issue.record("the run went on")
      } catch TrainingError.halted(let fault, let returns) {
        #expect(fault.step == 8)
        #expect(fault.kind == .notFinite)
        #expect(returns == nil)
      }
      #expect(Folder.exists(folder.file("checkpoints/step-000007")))
    }
    run.settings.faults.onNotFinite = .skip
    let found = try run.outcome(folder.path)
    #expect(found.bits == expected.bits)
    #expect(found.facts == expected.facts)
  }

  @Test func aRunGoesBackOnlySoOften() throws {
    let folder = try TemporaryFolder()
    var run = FaultyRun(
      .notANumber, steps: 12, faulty: [10, 14, 18],
      FaultPolicy(onNotFinite: .back, returnsAllowed: 2))
    let trainer = try run.trainer(folder.path)
    #expect {
      try trainer.run()
    } throws: { error in
      guard case TrainingError.halted(let fault, let returns) = error else { return false }
      return fault.step == 10 && returns == 2
    }
    #expect(trainer.state.step == 9)
    #expect(Folder.exists(folder.file("checkpoints/step-000009")))
    #expect(try Decisions.read(runFolder: folder.path).returns == 2)
    run.settings.faults.returnsAllowed = 3
    try run.trainer(folder.path).run()
    #expect(try Decisions.read(runFolder: folder.path).decisions.map(\.fault.step) == [6, 8, 10])
  }

  /// Before the first checkpoint there is one of the first weights.
  @Test func aRunCanGoBackToItsBeginning() throws {
    let folder = try TemporaryFolder()
    let run = FaultyRun(
      .notANumber, steps: 6, faulty: [2], FaultPolicy(onNotFinite: .back))
    var steps: [Int] = []
    _ = try run.outcome(folder.path) { event in
      if case .wentBack(let step, _) = event { steps.append(step) }
    }
    #expect(steps == [0])
  }

  @Test(arguments: [StepAction.skip, .back])
  func aPersonIsAsked(choice: StepAction) throws {
    let expected = try run(choice == .skip ? 0 : 1).outcome(try TemporaryFolder().path)
    var run = run(0)
    run.settings.faults.onNotFinite = .ask
    let folder = try TemporaryFolder()
    let control = TrainingControl()
    control.attend()
    var questions: [TrainingQuestion] = []
    let trainer = try run.trainer(folder.path, control: control) { event in
      guard case .asking(let question) = event else { return }
      questions.append(question)
      // From another thread, as a screen does.
      Thread { control.answer(.step(choice)) }.start()
    }
    #expect(try trainer.run() == .finished)
    #expect(questions.count == 1)
    #expect(try Tiny.bits(trainer.model) == expected.bits)
    #expect(try Tiny.facts(folder.path) == expected.facts)
  }

  @Test func whereNobodyCanBeAskedTheRunStops() throws {
    var run = run(0)
    run.settings.faults.onNotFinite = .ask
    let trainer = try run.trainer(try TemporaryFolder().path)
    #expect {
      try trainer.run()
    } throws: {
      if case TrainingError.halted = $0 { true } else { false }
    }
  }

  @Test func aStopAnswersAQuestion() throws {
    var run = run(0)
    run.settings.faults.onNotFinite = .ask
    let folder = try TemporaryFolder()
    let control = TrainingControl()
    control.attend()
    let trainer = try run.trainer(folder.path, control: control) {
      if case .asking = $0 { control.stop() }
    }
    #expect(try trainer.run() == .stopped)
    #expect(trainer.state.step == 7)
  }

  @Test func policiesAreChecked() {
    #expect(throws: TrainingError.self) { try FaultPolicy(onNotFinite: .note).validate() }
    #expect(throws: TrainingError.self) { try FaultPolicy(spikeThreshold: 0).validate() }
    #expect(throws: TrainingError.self) { try FaultPolicy(spikeThreshold: .nan).validate() }
    #expect(throws: TrainingError.self) { try FaultPolicy(returnsAllowed: -1).validate() }
  }

  /// What ends one student leaves the other with a checkpoint, and the pair goes on.
  @Test func aPairThatStopsGoesOn() throws {
    let run = run(0)
    var settings = run.settings
    settings.faults.onNotFinite = .stop
    let folder = try TemporaryFolder()
    func pair(_ settings: TrainingConfiguration) throws -> PairedTraining {
      func side(_ name: String, _ chunks: Set<Int>) throws -> PairedTraining.Side {
        PairedTraining.Side(
          model: FaultyModel(
            try Tiny.model(.qwen2, compute: try Tiny.compute()), .notANumber),
          chunks: FaultyModel.chunks(28, faulty: chunks), runFolder: folder.file(name))
      }
      let (a, b) = (try side("a", []), try side("b", [14]))
      return try PairedTraining(
        a: a, b: b, workspace: try Tiny.workspace(for: a.model, settings), configuration: settings)
    }
    #expect(throws: TrainingError.self) { try pair(settings).run() }
    #expect(Folder.exists(folder.file("a/checkpoints/step-000008")))
    #expect(Folder.exists(folder.file("b/checkpoints/step-000007")))
    settings.faults.onNotFinite = .skip
    #expect(try pair(settings).run() == .finished)
  }
}
