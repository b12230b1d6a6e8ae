import Synchronization

/// Temporary memory for every worker of a pool, grown when more is asked for.
///
/// A range that was handed out stays valid for the owner's life: a run in another thread may still
/// use it. Runs of one pool take turns, so workers of two runs never meet in one range.
final class WorkerScratch: Sendable {
  private let workers: Int
  private let buffers = Mutex<[Buffer]>([])

  init(workers: Int) { self.workers = workers }

  /// Memory for all workers; worker w's range starts at `start + w * stride`.
  struct Ranges: @unchecked Sendable {
    let start: UnsafeMutableRawPointer
    let stride: Int

    subscript(worker: Int) -> UnsafeMutableRawPointer { start + worker * stride }
  }

  /// At least `byteCount` bytes for every worker, aligned to cache lines.
  func ranges(byteCount: Int) throws -> Ranges {
    let stride = (max(byteCount, 1) + 63) & ~63
    return try buffers.withLock { buffers in
      if let last = buffers.last, last.byteCount >= stride * workers {
        return Ranges(start: last.start, stride: stride)
      }
      let doubled = 2 * (buffers.last?.byteCount ?? 0)
      let buffer = try Buffer(byteCount: max(stride * workers, doubled))
      buffers.append(buffer)
      return Ranges(start: buffer.start, stride: stride)
    }
  }
}
