import Glibc

/// How much memory the process may still take.
public enum SystemMemory {
  /// Bytes that can be taken without swapping: MemAvailable of the kernel; 256 TiB when it
  /// cannot be read.
  public static func available() -> Int {
    guard let file = fopen("/proc/meminfo", "r") else { return 1 << 48 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = line.withUnsafeBufferPointer { bytes in
        String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      }
      guard text.hasPrefix("MemAvailable:") else { continue }
      let digits = text.filter { $0.isASCII && $0.isNumber }
      return Int(digits).map { $0 << 10 } ?? 1 << 48
    }
    return 1 << 48
  }
}
