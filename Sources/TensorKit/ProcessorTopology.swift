import CKernels

/// The processors that this process may use.
public enum ProcessorTopology {
  /// Physical cores among the allowed processors, no more than the control group's share of time,
  /// at least 1: the default number of threads.
  public static func physicalCores() -> Int {
    let cores = Set(allowedProcessors().map { siblings(of: $0) ?? "\($0)" })
    return max(1, min(cores.count, controlGroupShare() ?? Int.max))
  }

  /// The indices of the processors in this process's affinity mask.
  public static func allowedProcessors() -> [Int] {
    (0..<Int(ck_processor_limit())).filter { ck_processor_allowed(Int32($0)) }
  }

  /// The list of processors that share a core with `processor`, as the kernel writes it.
  private static func siblings(of processor: Int) -> String? {
    SystemFile.text("/sys/devices/system/cpu/cpu\(processor)/topology/thread_siblings_list")
  }

  /// Processors' worth of time that the control group allows, rounded up; nil without a limit.
  private static func controlGroupShare() -> Int? {
    let numbers = SystemFile.numbers("/sys/fs/cgroup/cpu.max")
    guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], period > 0 else {
      return nil
    }
    return (quota + period - 1) / period
  }
}
