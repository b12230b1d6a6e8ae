import CSimdjson
import Glibc

/// Picks text, source and name out of the lines of one jsonl file.
final class JSONLinesReader {
  /// What a line gave.
  enum Entry {
    case document(text: [UInt8], source: String?, name: String?)
    case reject(RejectReason, LineReader.Line)
  }

  private let lines: LineReader
  private let parser: OpaquePointer
  private let fields: UnsafeMutablePointer<csj_field>
  private let keepsEmptyTexts: Bool
  private static let fieldCount = 3

  /// Reads `lines`; fields are named by keys joined by dots.
  init(_ lines: LineReader, options: ReaderOptions, path: String) throws(CorpusError) {
    let paths = [options.textField, options.sourceField, options.nameField ?? ""]
    let copies = paths.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    let parser = copies.map { UnsafePointer($0) }.withUnsafeBufferPointer {
      csj_parser_create($0.baseAddress, options.nameField == nil ? 2 : 3)
    }
    guard let parser else { throw .unreadable(path: path, reason: "simdjson has no memory") }
    self.lines = lines
    self.parser = parser
    keepsEmptyTexts = options.keepsEmptyTexts
    fields = .allocate(capacity: Self.fieldCount)
    fields.initialize(repeating: csj_field(), count: Self.fieldCount)
  }

  deinit {
    csj_parser_destroy(parser)
    fields.deallocate()
  }

  /// Where the next line starts.
  var position: (offset: Int, lines: Int) { lines.position }

  /// The next line that is not blank; nil at the end.
  func next() throws(CorpusError) -> Entry? {
    while let line = try lines.next() {
      if line.overlong { return .reject(.tooLong, line) }
      var content = line.bytes
      if line.offset == 0, content.starts(with: byteOrderMark) {
        content = UnsafeRawBufferPointer(rebasing: content[byteOrderMark.count...])
      }
      if content.allSatisfy(isJSONSpace) { continue }
      if let reason = extract(content) { return .reject(reason, line) }
      let text = fields[0]
      switch text.kind {
      case CSJ_MISSING: return .reject(.missingText, line)
      case CSJ_OTHER: return .reject(.textNotString, line)
      default: break
      }
      if text.count == 0 && !keepsEmptyTexts { return .reject(.emptyText, line) }
      return .document(
        text: Array(UnsafeBufferPointer(start: text.bytes, count: text.count)),
        source: string(fields[1]), name: string(fields[2]))
    }
    return nil
  }

  private func extract(_ content: UnsafeRawBufferPointer) -> RejectReason? {
    let bytes = content.bindMemory(to: UInt8.self)
    switch csj_extract(parser, bytes.baseAddress, bytes.count, fields) {
    case CSJ_OK: return nil
    case CSJ_BAD_UTF8: return .badUTF8
    case CSJ_BAD_STRING: return .badString
    case CSJ_NOT_OBJECT: return .notAnObject
    case CSJ_TOO_DEEP: return .tooDeep
    case CSJ_TOO_LONG, CSJ_NO_MEMORY: return .tooLong
    default: return .brokenJSON
    }
  }

  private func string(_ field: csj_field) -> String? {
    guard field.kind == CSJ_STRING, field.count > 0 else { return nil }
    return String(
      decoding: UnsafeBufferPointer(start: field.bytes, count: field.count), as: UTF8.self)
  }
}

let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

private func isJSONSpace(_ byte: UInt8) -> Bool {
  byte == 0x20 || byte == 0x0D || byte == 0x09 || byte == 0x0A
}
