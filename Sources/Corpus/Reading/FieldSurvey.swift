import CSimdjson
import Glibc

/// What the fields of many lines hold.
final class FieldSurvey {
  private(set) var lines = 0
  private(set) var bytes = 0
  /// Bytes of the lines that were read whole.
  private(set) var lineBytes = 0
  private(set) var fields: [String: FieldFacts] = [:]
  private let parser: OpaquePointer

  init() throws(CorpusError) {
    guard let parser = csj_parser_create(nil, 0, 0) else {
      throw .unreadable(path: "JSON lines", reason: "simdjson has no memory")
    }
    self.parser = parser
  }

  deinit { csj_parser_destroy(parser) }

  func add(_ line: LineReader.Line) {
    guard !line.overlong else { return }
    var content = line.bytes
    if content.starts(with: byteOrderMark) {
      content = UnsafeRawBufferPointer(rebasing: content[byteOrderMark.count...])
    }
    let text = content.bindMemory(to: UInt8.self)
    let context = Unmanaged.passUnretained(self).toOpaque()
    let isWhole = csj_survey(parser, text.baseAddress, text.count, noteField, context)
    if isWhole == 1 {
      lines += 1
      lineBytes += text.count
    }
    bytes += text.count
  }

  fileprivate func note(_ path: String, _ value: csj_value) {
    // A file of ever new keys must not fill the memory.
    guard fields[path] != nil || fields.count < 10_000 else { return }
    fields[path, default: FieldFacts()].note(value, line: lines)
  }

  /// Whether the field is a text in half of the lines or more.
  func isCommon(_ path: String) -> Bool { (fields[path]?.texts ?? 0) * 2 >= lines }

  /// The largest fields, for people.
  func candidates(first names: [String] = []) -> [String] {
    let order = fields.sorted {
      let (left, right) = (names.contains($0.key), names.contains($1.key))
      if left != right { return left }
      let (one, other) = ($0.value.bytes, $1.value.bytes)
      return one == other ? $0.key < $1.key : one > other
    }
    return order.prefix(8).map { $0.value.description($0.key, of: lines) }
  }
}

private func noteField(
  _ context: UnsafeMutableRawPointer?, _ path: UnsafePointer<CChar>?,
  _ value: UnsafePointer<csj_value>?
) {
  guard let context, let path, let value else { return }
  Unmanaged<FieldSurvey>.fromOpaque(context).takeUnretainedValue().note(
    String(cString: path), value.pointee)
}
