import Foundation

/// Computes numbered blocks on several threads and hands them over in order.
///
/// What a block is depends on its number alone, so the results, and their order, are the same for
/// any number of threads. At most a few blocks a thread wait to be taken: memory stays bounded when
/// the taker is slow.
public enum OrderedBlocks {
  /// Runs `produce` for the blocks `0..<count` on threads of their own, and `consume` for each in
  /// order on the calling thread.
  ///
  /// - Parameters:
  ///   - makeWorker: makes what a thread keeps from block to block; called on that thread.
  ///   - produce: must not depend on anything but the number of the block.
  ///   - consume: false stops everything.
  /// - Returns: whether all blocks were taken.
  /// - Throws: the error of the lowest block that failed, or of `consume`.
  public static func run<Worker, Product: Sendable>(
    count: Int, threads: Int,
    makeWorker: @escaping @Sendable () throws -> Worker,
    produce: @escaping @Sendable (_ worker: inout Worker, _ block: Int) throws -> Product,
    consume: (_ block: Int, _ product: Product) throws -> Bool
  ) throws -> Bool {
    guard count > 0 else { return true }
    let threadCount = max(1, min(threads, count))
    let queue = BlockQueue<Product>(count: count, window: 4 * threadCount)
    for number in 0..<threadCount {
      let thread = Thread { workOnBlocks(queue, makeWorker: makeWorker, produce: produce) }
      thread.name = "blocks \(number)"
      thread.stackSize = 8 << 20
      thread.start()
    }
    defer { queue.stopAndWait(for: threadCount) }
    for block in 0..<count {
      guard try consume(block, queue.take(block).get()) else { return false }
    }
    return true
  }
}

/// What a thread does: takes the lowest free block, until there is none.
private func workOnBlocks<Worker, Product: Sendable>(
  _ queue: BlockQueue<Product>, makeWorker: @Sendable () throws -> Worker,
  produce: @Sendable (inout Worker, Int) throws -> Product
) {
  var worker: Worker?
  while let block = queue.next() {
    let result: Result<Product, any Error>
    do {
      var own = try worker ?? makeWorker()
      // Moved out and back in, so that what it holds is not copied when it changes.
      worker = nil
      result = .success(try produce(&own, block))
      worker = own
    } catch {
      result = .failure(error)
    }
    queue.put(block, result)
  }
  queue.leave()
}

/// Blocks on their way from the threads to the taker.
private final class BlockQueue<Product: Sendable>: @unchecked Sendable {
  // Sendable: everything that changes is guarded by `condition`.
  private let condition = NSCondition()
  private let count: Int
  private let window: Int
  private var free = 0
  private var taken = 0
  private var left = 0
  private var isStopped = false
  private var results: [Int: Result<Product, any Error>] = [:]

  init(count: Int, window: Int) {
    self.count = count
    self.window = window
  }

  /// The next block to compute; nil when there is none, or nobody wants more.
  func next() -> Int? {
    condition.withLock {
      while !isStopped, free < count, free >= taken + window { condition.wait() }
      guard !isStopped, free < count else { return nil }
      free += 1
      return free - 1
    }
  }

  func put(_ block: Int, _ result: Result<Product, any Error>) {
    condition.withLock {
      results[block] = result
      condition.broadcast()
    }
  }

  /// Waits for a block.
  func take(_ block: Int) -> Result<Product, any Error> {
    condition.withLock {
      while true {
        if let result = results.removeValue(forKey: block) {
          taken = block + 1
          condition.broadcast()
          return result
        }
        condition.wait()
      }
    }
  }

  func leave() {
    condition.withLock {
      left += 1
      condition.broadcast()
    }
  }

  /// Ends the threads after the blocks that they work on.
  func stopAndWait(for threads: Int) {
    condition.withLock {
      isStopped = true
      condition.broadcast()
      while left < threads { condition.wait() }
    }
  }
}
