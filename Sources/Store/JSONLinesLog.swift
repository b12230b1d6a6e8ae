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
    try cutTornLine()
  }

  deinit { close(descriptor) }

  /// Appends `value` as one line: all of it, or, where the disk is full, none.
  public func append(_ value: some Encodable) throws(StoreError) {
    let line = Array((try JSONFile.text(of: value, pretty: false) + "\n").utf8)
    // Where even the first part of a line stays, the next opening cuts it.
    try Descriptor.appendWhole(line, to: descriptor, path: path)
  }

  /// Makes what was appended durable.
  public func sync() throws(StoreError) { try Descriptor.sync(descriptor, path: path) }

  /// Cuts what stands behind the last line end; a device or a pipe has nothing to be cut.
  private func cutTornLine() throws(StoreError) {
    let size = lseek(descriptor, 0, SEEK_END)
    guard size > 0 else { return }
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var end = size
    while end > 0 {
      let start = max(0, end - off_t(piece.count))
      let count = pread(descriptor, &piece, Int(end - start), start)
      if count < 0, errno == EINTR { continue }
      guard count == Int(end - start) else { throw .system(operation: "read", path: path) }
      if let last = piece[..<count].lastIndex(of: UInt8(ascii: "\n")) {
        end = start + off_t(last) + 1
        break
      }
      end = start
    }
    if end < size, ftruncate(descriptor, end) != 0 { throw .system(operation: "cut", path: path) }
  }

  /// Reads every whole line of a log; a missing file is an empty log.
  public static func read<Value: Decodable>(
    _ type: Value.Type, from path: String
  ) throws(StoreError) -> [Value] {
    guard let data = try FileContents.readIfPresent(path) else { return [] }
    var values: [Value] = []
    let decoder = JSONDecoder()
    let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
    for (number, line) in lines.enumerated() {
      do {
        values.append(try decoder.decode(type, from: Data(line)))
      } catch {
        // Only the last line can be torn by a crash; anything before it is damage.
        if number == lines.count - 1, data.last != UInt8(ascii: "\n") { break }
        let fault = DecodingFault(error, in: Data(line))
        throw .malformed(
          path: path, found: "\(fault.found) in line \(number + 1)", expected: fault.expected)
      }
    }
    return values
  }
}
