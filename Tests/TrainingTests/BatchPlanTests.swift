import Testing
import Training

@Suite struct BatchPlanTests {
  @Test func sequentialOrderDropsTheRemainderAndRepeats() throws {
    let plan = try BatchPlan(chunkCount: 10, chunksPerStep: 3, order: .sequential, seed: 1)
    #expect(plan.stepsPerEpoch == 3)
    #expect(plan.chunks(ofStep: 0) == [0, 1, 2])
    #expect(plan.chunks(ofStep: 2) == [6, 7, 8])
    #expect(plan.chunks(ofStep: 3) == [0, 1, 2])
    #expect(plan.epoch(ofStep: 2) == 0)
    #expect(plan.epoch(ofStep: 3) == 1)
  }

  @Test(arguments: [1, 2, 3, 7, 64, 100, 1023, 1024, 1025])
  func shuffledEpochsCoverEveryChunkOnce(count: Int) throws {
    let plan = try BatchPlan(chunkCount: count, chunksPerStep: 1, order: .shuffled, seed: 42)
    for epoch in 0..<3 {
      let read = (0..<count).flatMap { plan.chunks(ofStep: epoch * count + $0) }
      #expect(read.sorted() == Array(0..<count))
    }
  }

  @Test func shuffledOrderDependsOnSeedAndEpochOnly() throws {
    func order(seed: UInt64, epoch: Int) throws -> [Int] {
      let plan = try BatchPlan(chunkCount: 400, chunksPerStep: 4, order: .shuffled, seed: seed)
      return (0..<100).flatMap { plan.chunks(ofStep: epoch * 100 + $0) }
    }
    let first = try order(seed: 7, epoch: 0)
    #expect(try order(seed: 7, epoch: 0) == first)
    #expect(try order(seed: 7, epoch: 1) != first)
    #expect(try order(seed: 8, epoch: 0) != first)
    #expect(first != first.sorted())
  }

  /// In a fair shuffle, every chunk is as likely to come early as late.
  @Test func shuffleHasNoBias() throws {
    let count = 50
    let epochs = 400
    let plan = try BatchPlan(chunkCount: count, chunksPerStep: 1, order: .shuffled, seed: 3)
    var places = [Double](repeating: 0, count: count)
    for step in 0..<count * epochs {
      places[plan.chunks(ofStep: step)[0]] += Double(step % count)
    }
    // The mean place of a chunk over 400 epochs has a standard deviation of 0.72 around 24.5.
    for sum in places { #expect(abs(sum / Double(epochs) - 24.5) < 3.6) }
  }

  @Test func aCorpusOfLessThanOneStepIsRefused() {
    #expect(throws: TrainingError.corpusTooSmall(chunks: 3, chunksPerStep: 4)) {
      try BatchPlan(chunkCount: 3, chunksPerStep: 4, order: .sequential, seed: 0)
    }
  }
}
