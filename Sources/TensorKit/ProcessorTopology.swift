import CKernels
import Glibc

/// The processors that this process may run on.
public enum ProcessorTopology {
  /// Physical cores among the allowed processors, at least 1: the default number of threads.
  public static func physicalCores() -> Int {
    let processors = allowedProcessors()
    let cores = Set(processors.map { siblings(of: $0) ?? "\($0)" })
    return max(1, cores.count)
  }

  /// The indices of the processors in this process's affinity mask.
  public static func allowedProcessors() -> [Int] {
    (0..<Int(ck_processor_limit())).filter { ck_processor_allowed(Int32($0)) }
  }

  /// The list of processors that share a core with `processor`, as the kernel writes it.
  private static func siblings(of processor: Int) -> String? {
    let path = "/sys/devices/system/cpu/cpu\(processor)/topology/thread_siblings_list"
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var line = [UInt8](repeating: 0, count: 256)
    let count = fread(&line, 1, line.count, file)
    return count > 0 ? String(decoding: line.prefix(count), as: UTF8.self) : nil
  }
}
