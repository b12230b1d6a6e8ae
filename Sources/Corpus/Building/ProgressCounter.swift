import Synchronization

/// How far a build is, written by the thread that packs and read by the one that shows it.
final class ProgressCounter: Sendable {
  private let value: Mutex<CorpusProgress>

  init(totalBytes: Int) {
    var progress = CorpusProgress()
    progress.totalBytes = totalBytes
    value = Mutex(progress)
  }

  /// The latest state.
  var progress: CorpusProgress { value.withLock { $0 } }

  /// Takes everything but the total.
  func set(_ progress: CorpusProgress) {
    value.withLock {
      let total = $0.totalBytes
      $0 = progress
      $0.totalBytes = total
    }
  }
}

/// Named points of a build at which a test ends it as a killed process would: nothing after the
/// point happens, nothing is tidied up.
package final class FaultPoints: @unchecked Sendable {
  // Unchecked: passed only by the thread that packs, then by the caller when all others are gone.

  private let stops: (String) -> Bool

  /// `stops` is asked at every point.
  package init(_ stops: @escaping (String) -> Bool = { _ in false }) { self.stops = stops }

  func pass(_ name: String) throws(CorpusError) {
    if stops(name) { throw .setting(name: "a fault point", found: name, expected: "none") }
  }
}
