import Store
import Testing
import Training

/// Several passes over a small corpus: where they end, in which order the chunks come.
@Suite struct EpochTests {
  /// Twenty chunks, six a step: three steps an epoch, two chunks left out.
  private func settings(steps: Int) -> TrainingConfiguration {
    var settings = Tiny.settings(steps: steps)
    settings.evaluationInterval = nil
    return settings
  }

  private func borders(_ folder: String) throws -> [EpochRecord] {
    try MetricsLog.read(runFolder: folder).compactMap {
      if case .epoch(let record) = $0 { record } else { nil }
    }
  }

  @Test(arguments: ChunkOrder.allCases) func everyBorderIsLoggedAndTold(order: ChunkOrder) throws {
    let folder = try TemporaryFolder()
    var settings = settings(steps: 7)
    settings.order = order
    var told: [EpochRecord] = []
    var tokens: [Int: Int] = [:]
    try Tiny.trainer(.qwen2, settings, folder: folder.path) { event in
      switch event {
      case .epoch(let record): told.append(record)
      case .step(let metrics): tokens[metrics.step] = metrics.tokensSeen
      default: break
      }
    }.run()
    #expect(told.map(\.step) == [3, 6])
    #expect(told.map(\.epoch) == [1, 2])
    #expect(told.allSatisfy { $0.stepsPerEpoch == 3 && $0.chunksLeftOut == 2 && $0.order == order })
    #expect(told.map(\.tokensSeen) == [tokens[3], tokens[6]])
    #expect(try borders(folder.path) == told)
  }

  /// However often a run is stopped, each border stands in its log once.
  @Test func aResumedRunHasEveryBorderOnce() throws {
    let folder = try TemporaryFolder()
    for _ in 0..<20 {
      let control = TrainingControl()
      let phase = try Tiny.trainer(
        .qwen2, settings(steps: 9), folder: folder.path, control: control
      ) { if case .step = $0 { control.stop() } }.run()
      if phase == .finished { break }
    }
    #expect(try borders(folder.path).map(\.step) == [3, 6, 9])
  }

  /// Held-out losses at the borders too, where that is no more often than the interval.
  @Test(arguments: [(3, [0, 3, 6, 8]), (2, [0, 2, 3, 4, 6, 8]), (4, [0, 4, 8])])
  func aBorderIsAPointOfTheCurve(interval: Int, steps: [Int]) throws {
    let folder = try TemporaryFolder()
    var settings = settings(steps: 8)
    settings.evaluationInterval = interval
    var evaluated: [Int] = []
    try Tiny.trainer(.qwen2, settings, folder: folder.path) { event in
      if case .evaluated(let record, _) = event { evaluated.append(record.step) }
    }.run()
    #expect(evaluated == steps)
  }

  @Test func passesComeToSteps() throws {
    let plan = try BatchPlan(chunkCount: 20, chunksPerStep: 6, order: .sequential, seed: 1)
    #expect(plan.chunksLeftOut == 2)
    #expect(plan.steps(ofEpochs: 4) == 12)
    #expect(plan.steps(ofEpochs: 0.5) == 1)
    #expect(plan.steps(ofEpochs: 0.01) == 1)
    #expect((0...6).filter { plan.isEpochBorder(afterSteps: $0) } == [3, 6])
  }

  /// In the order of the corpus every pass reads the same batches; shuffled, none does.
  @Test func passesRepeatOrAreReshuffled() throws {
    func pass(_ order: ChunkOrder, _ epoch: Int) throws -> [[Int]] {
      let plan = try BatchPlan(chunkCount: 20, chunksPerStep: 6, order: order, seed: 1)
      return (0..<3).map { plan.chunks(ofStep: 3 * epoch + $0) }
    }
    #expect(try pass(.sequential, 0) == pass(.sequential, 1))
    #expect(try pass(.shuffled, 0) != pass(.shuffled, 1))
    #expect(try Set(pass(.shuffled, 1).joined()).count == 18)
  }
}
