import Glibc

/// This process as others are told of it.
enum ProcessText {
  /// "process 4711 on node3 (miniplm score ...), since 2026-11-28 20:45:01": number, machine,
  /// command and the time of the call.
  static var own: String {
    "process \(getpid())\(host) (\(command)), since \(now)"
  }

  private static let longest = 200

  private static var host: String {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0, bytes[0] != 0 else { return "" }
    return " on "
      + String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static var command: String {
    var words = CommandLine.arguments
    if let program = words.first { words[0] = String(program.split(separator: "/").last ?? "") }
    let text = words.joined(separator: " ")
    return text.count > longest ? "\(text.prefix(longest))..." : text
  }

  private static var now: String {
    var (seconds, parts) = (time(nil), tm())
    localtime_r(&seconds, &parts)
    var bytes = [CChar](repeating: 0, count: 64)
    let count = strftime(&bytes, bytes.count, "%Y-%m-%d %H:%M:%S", &parts)
    return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
