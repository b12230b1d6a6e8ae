import Glibc

/// Small files of /proc and /sys.
enum SystemFile {
  /// The content, at most 8 KiB; nil when it cannot be read.
  static func text(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = fread(&bytes, 1, bytes.count, file)
    return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
  }

  /// The numbers of a file of numbers and words, in order; words such as "max" are nil.
  static func numbers(_ path: String) -> [Int?] {
    (text(path) ?? "").split(whereSeparator: \.isWhitespace).map { Int($0) }
  }
}
