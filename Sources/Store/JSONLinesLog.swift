import Foundation
import Glibc

/// An append-only log, one JSON object a line.
///
/// A line goes out in one `write`, so a crash can cut only the last one; opening for append drops
/// such a torn tail. Not for concurrent use.
public final class JSONLinesLog {
  /// Where the log stands.
  public let path: String
  private let descriptor: Int32

  /// Opens `path` for append, creating it if needed, after cutting a torn last line.
  public init(appendingTo path: String) throws(StoreError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw .system(operation: "open", path: path) }
    if let data = FileManager.default.contents(atPath: path), let last = data.last,
      last != UInt8(ascii: "\n")
    {
      let keep = data.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      ftruncate(descriptor, off_t(keep))
    }
  }

  deinit { close(descriptor) }

  /// Appends `value` as one line.
  public func append(_ value: some Encodable) throws(StoreError) {
    let line = Array((try JSONFile.text(of: value, pretty: false) + "\n").utf8)
    let count = line.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    if count != line.count { throw .system(operation: "append to", path: path) }
  }

  /// Makes what was appended durable.
  public func sync() throws(StoreError) {
    if fsync(descriptor) != 0 { throw .system(operation: "sync", path: path) }
  }

  /// Reads every whole line of a log; a missing file is an empty log.
  public static func read<Value: Decodable>(
    _ type: Value.Type, from path: String
  ) throws(StoreError) -> [Value] {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    var values: [Value] = []
    let decoder = JSONDecoder()
    let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
    for (number, line) in lines.enumerated() {
      do {
        values.append(try decoder.decode(type, from: Data(line)))
      } catch {
        // Only the last line can be torn by a crash; anything before it is damage.
        if number == lines.count - 1, data.last != UInt8(ascii: "\n") { break }
        throw .malformed(
          path: path, found: "line \(number + 1) unreadable", expected: "JSON of \(type)")
      }
    }
    return values
  }
}
