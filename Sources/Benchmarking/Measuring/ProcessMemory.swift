import Foundation

/// Memory of this process as Linux counts it.
public enum ProcessMemory {
  /// The most bytes that were resident since the start or the last ``resetPeak()`` (VmHWM).
  public static func peakBytes() -> Int { status("VmHWM") }

  /// Bytes that are resident now (VmRSS).
  public static func residentBytes() -> Int { status("VmRSS") }

  /// Starts a new peak, so that one process can measure several models. Where the system refuses,
  /// the peak stays that of the whole process.
  public static func resetPeak() {
    guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
    try? file.write(contentsOf: Array("5".utf8))
    try? file.close()
  }

  private static func status(_ key: String) -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
      return 0
    }
    let line = text.split(separator: "\n").first { $0.hasPrefix(key + ":") }
    return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 << 10 } ?? 0
  }
}
