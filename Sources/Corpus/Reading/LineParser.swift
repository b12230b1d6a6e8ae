import CSimdjson
import Glibc

/// Finds the wanted fields in one JSON line after the other. One thread at a time.
final class LineParser {
  /// What a line gave.
  enum Outcome {
    case blank
    /// The text, unescaped; valid until the next line.
    case text(UnsafeBufferPointer<UInt8>)
    case reject(RejectReason)
  }

  private var parser: OpaquePointer?
  private let fields: UnsafeMutablePointer<csj_field>
  private let paths: [String]
  private let keepsEmptyTexts: Bool
  /// A parser that read a longer line is replaced by a fresh one, which gives its memory back.
  private static let largestKept = 4 << 20

  /// Looks for the fields that `options` name, by keys joined by dots.
  init(_ options: ReaderOptions) throws(CorpusError) {
    paths = [options.textField, options.sourceField] + (options.nameField.map { [$0] } ?? [])
    keepsEmptyTexts = options.keepsEmptyTexts
    fields = .allocate(capacity: 3)
    fields.initialize(repeating: csj_field(), count: 3)
    parser = Self.makeParser(paths)
    if parser == nil { throw .unreadable(path: "JSON lines", reason: "simdjson has no memory") }
  }

  deinit {
    csj_parser_destroy(parser)
    fields.deallocate()
  }

  /// Reads a line, without its end, with `csj_padding()` more readable bytes; the first line of a
  /// file may start with a byte order mark.
  func parse(_ line: UnsafeRawBufferPointer, isFirst: Bool) -> Outcome {
    var line = line
    if isFirst, line.starts(with: byteOrderMark) {
      line = UnsafeRawBufferPointer(rebasing: line[byteOrderMark.count...])
    }
    if line.allSatisfy(isJSONSpace) { return .blank }
    let bytes = line.bindMemory(to: UInt8.self)
    switch csj_extract(parser, bytes.baseAddress, bytes.count, fields) {
    case CSJ_OK: break
    case CSJ_BAD_UTF8: return .reject(.badUTF8)
    case CSJ_BAD_STRING: return .reject(.badString)
    case CSJ_NOT_OBJECT: return .reject(.notAnObject)
    case CSJ_TOO_DEEP: return .reject(.tooDeep)
    case CSJ_TOO_LONG, CSJ_NO_MEMORY: return .reject(.tooLong)
    default: return .reject(.brokenJSON)
    }
    let text = fields[0]
    switch text.kind {
    case CSJ_MISSING: return .reject(.missingText)
    case CSJ_OTHER: return .reject(.textNotString)
    default: break
    }
    if text.count == 0 && !keepsEmptyTexts { return .reject(.emptyText) }
    return .text(UnsafeBufferPointer(start: text.bytes, count: text.count))
  }

  /// The source of the line just read; nil if it names none.
  var source: UnsafeBufferPointer<UInt8>? { string(fields[1]) }

  /// The name of the document just read; nil if it has none.
  var name: UnsafeBufferPointer<UInt8>? { paths.count > 2 ? string(fields[2]) : nil }

  /// Gives back the memory that a line of `count` bytes took, if it took much. What the line gave
  /// is valid no more.
  func release(after count: Int) {
    guard count > Self.largestKept, let fresh = Self.makeParser(paths) else { return }
    csj_parser_destroy(parser)
    parser = fresh
  }

  private func string(_ field: csj_field) -> UnsafeBufferPointer<UInt8>? {
    guard field.kind == CSJ_STRING, field.count > 0 else { return nil }
    return UnsafeBufferPointer(start: field.bytes, count: field.count)
  }

  private static func makeParser(_ paths: [String]) -> OpaquePointer? {
    let copies = paths.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return copies.map { UnsafePointer($0) }.withUnsafeBufferPointer {
      csj_parser_create($0.baseAddress, paths.count)
    }
  }
}

let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

private func isJSONSpace(_ byte: UInt8) -> Bool {
  byte == 0x20 || byte == 0x0D || byte == 0x09 || byte == 0x0A
}
