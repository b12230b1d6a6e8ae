import Foundation

/// What work costs, whatever else the machine does.
enum WorkTime {
  /// Seconds of the processor that the calling thread spends on `work`.
  static func seconds(_ work: () -> Void) -> Double {
    let start = now
    work()
    return now - start
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
