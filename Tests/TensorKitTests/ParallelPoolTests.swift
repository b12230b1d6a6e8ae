import Synchronization
import TensorKit
import Testing

/// An atomic that fits in an array.
private final class AtomicBox: Sendable {
  let value: Atomic<Int>

  init(_ value: Int) { self.value = Atomic(value) }
}

@Suite struct ParallelPoolTests {
  @Test(arguments: [1, 2, 3, 8]) func everyTaskRunsOnceAndWorkersAreDistinct(threads: Int) throws {
    let pool = try ParallelPool(threads: threads)
    for count in [0, 1, 2, 7, 100] {
      let runs = (0..<max(1, count)).map { _ in AtomicBox(0) }
      let busy = (0..<threads).map { _ in AtomicBox(0) }
      let clashes = Atomic<Int>(0)
      for _ in 0..<200 {
        pool.run(count) { index, worker in
          if busy[worker].value.exchange(1, ordering: .acquiring) != 0 {
            clashes.wrappingAdd(1, ordering: .relaxed)
          }
          runs[index].value.wrappingAdd(1, ordering: .relaxed)
          busy[worker].value.store(0, ordering: .releasing)
        }
      }
      for index in 0..<count { #expect(runs[index].value.load(ordering: .relaxed) == 200) }
      #expect(clashes.load(ordering: .relaxed) == 0)
    }
  }

  @Test func nestedRunsAreInlineWithTheSameWorker() throws {
    let pool = try ParallelPool(threads: 3)
    let sum = Atomic<Int>(0)
    pool.run(10) { _, worker in
      pool.run(5) { index, inner in
        #expect(inner == worker)
        sum.wrappingAdd(index, ordering: .relaxed)
      }
    }
    #expect(sum.load(ordering: .relaxed) == 100)
  }

  @Test func sleepingWorkersWake() async throws {
    let pool = try ParallelPool(threads: 2)
    for _ in 0..<20 {
      let sum = Atomic<Int>(0)
      pool.run(100) { index in _ = sum.wrappingAdd(index, ordering: .relaxed) }
      #expect(sum.load(ordering: .relaxed) == 4950)
      try await Task.sleep(for: .milliseconds(2))
    }
  }
}
