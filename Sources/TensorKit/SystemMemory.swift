/// How much memory the process may still take.
public enum SystemMemory {
  /// Bytes that can be taken without swapping: what the kernel calls available, and no more than the
  /// control group has left; 256 TiB when neither can be read.
  public static func available() -> Int { min(ofMachine(), ofControlGroup()) }

  private static let unknown = 1 << 48

  private static func ofMachine() -> Int {
    let lines = (SystemFile.text("/proc/meminfo") ?? "").split(separator: "\n")
    guard let line = lines.first(where: { $0.hasPrefix("MemAvailable:") }) else { return unknown }
    return Int(line.filter { $0.isASCII && $0.isNumber }).map { $0 << 10 } ?? unknown
  }

  /// The limit less what cannot be given back: file pages count as free.
  private static func ofControlGroup() -> Int {
    let folder = "/sys/fs/cgroup/"
    guard let limit = SystemFile.numbers(folder + "memory.max").first ?? nil,
      let used = SystemFile.numbers(folder + "memory.current").first ?? nil
    else { return unknown }
    let lines = (SystemFile.text(folder + "memory.stat") ?? "").split(separator: "\n")
    let files = lines.first { $0.hasPrefix("file ") }.flatMap { Int($0.dropFirst(5)) } ?? 0
    return max(0, limit - used + files)
  }
}
