import LanguageModels
import Testing
import Training

@Suite struct PairedTrainingTests {
  private let settings = Tiny.settings(steps: 8)

  private func pair(
    _ folder: TemporaryFolder, seedOfB: UInt64 = 5, control: TrainingControl = TrainingControl(),
    onEvent: @escaping (PairedTraining.Event) -> Void = { _ in }
  ) throws -> PairedTraining {
    let compute = try Tiny.compute()
    let a = try Tiny.model(.mamba, compute: compute)
    let b = try Tiny.model(.mamba, seed: seedOfB, compute: compute)
    return try PairedTraining(
      a: .init(model: a, chunks: Tiny.chunks(20, seed: 1), runFolder: folder.file("a")),
      b: .init(model: b, chunks: Tiny.chunks(18, seed: 2), runFolder: folder.file("b")),
      workspace: try Tiny.workspace(for: a, settings), configuration: settings,
      heldOut: Tiny.heldOut(settings), control: control, onEvent: onEvent)
  }

  private func alone(seed: UInt64, count: Int) throws -> (bits: [UInt32], facts: [String]) {
    let folder = try TemporaryFolder()
    let trainer = try Tiny.trainer(
      .mamba, settings, folder: folder.path, chunks: Tiny.chunks(count, seed: seed))
    try trainer.run()
    return (try Tiny.bits(trainer.model), try Tiny.facts(folder.path))
  }

  @Test func stepsTakeTurnsAndEachEqualsARunAlone() throws {
    let folder = try TemporaryFolder()
    var order: [String] = []
    var compared: [Int] = []
    let pair = try pair(folder) { event in
      switch event {
      case .student(let student, .step(let metrics)):
        order.append("\(student.rawValue)\(metrics.step)")
      case .compared(let step, _): compared.append(step)
      default: break
      }
    }
    #expect(try pair.run() == .finished)
    #expect(order == (1...8).flatMap { ["A\($0)", "B\($0)"] })
    #expect(compared == [0, 4, 8])
    let a = try alone(seed: 1, count: 20)
    let b = try alone(seed: 2, count: 18)
    #expect(try Tiny.bits(pair.a.model) == a.bits)
    #expect(try Tiny.bits(pair.b.model) == b.bits)
    #expect(try Tiny.facts(folder.file("a")) == a.facts)
    #expect(try Tiny.facts(folder.file("b")) == b.facts)
  }

  /// A stop reaches both; the pair goes on to the same end.
  @Test func aStoppedPairContinues() throws {
    let folder = try TemporaryFolder()
    let control = TrainingControl()
    let first = try pair(folder, control: control) { event in
      if case .student(.a, .step(let metrics)) = event, metrics.step == 5 {
        control.stop()
      }
    }
    #expect(try first.run() == .stopped)
    #expect(first.a.phase == .stopped)
    #expect(first.b.phase == .stopped)
    let second = try pair(folder)
    #expect(try second.run() == .finished)
    #expect(try Tiny.bits(second.a.model) == alone(seed: 1, count: 20).bits)
    #expect(try Tiny.bits(second.b.model) == alone(seed: 2, count: 18).bits)
  }

  /// A crash between A's checkpoint and B's leaves them at different steps.
  @Test func aPairKilledBetweenItsCheckpointsContinues() throws {
    let folder = try TemporaryFolder()
    let first = try pair(folder)
    // A is at its checkpoint of step 6, B at its checkpoint of step 3 and one step further.
    while first.a.state.step < 6 { _ = try first.a.advance() }
    while first.b.state.step < 4 { _ = try first.b.advance() }
    var starts: [String] = []
    var compared: [Int] = []
    let second = try pair(folder) { event in
      switch event {
      case .student(let student, .started(let step)):
        starts.append("\(student.rawValue)\(step)")
      case .compared(let step, _): compared.append(step)
      default: break
      }
    }
    #expect(try second.run() == .finished)
    #expect(starts == ["A6", "B3"])
    // The comparison that both had before the crash, then the new ones.
    #expect(compared == [0, 4, 8])
    #expect(try Tiny.bits(second.a.model) == alone(seed: 1, count: 20).bits)
    #expect(try Tiny.bits(second.b.model) == alone(seed: 2, count: 18).bits)
    #expect(try Tiny.facts(folder.file("b")) == alone(seed: 2, count: 18).facts)
  }

  @Test func studentsWithOtherWeightsAreNoPair() throws {
    let folder = try TemporaryFolder()
    #expect(throws: TrainingError.self) { try pair(folder, seedOfB: 6) }
  }
}
