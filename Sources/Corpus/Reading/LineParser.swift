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
  /// Paths of the fields: texts, then source and name where they are asked for.
  private let paths: [String]
  private let textCount: Int
  private let sourceIndex: Int?
  private let nameIndex: Int?
  /// The texts of a line where there are several.
  private var joined = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)
  private let keepsEmptyTexts: Bool
  /// A parser that read a longer line is replaced by a fresh one, which gives its memory back.
  private static let largestKept = 4 << 20

  /// Looks for the fields that `options` name.
  init(_ options: ReaderOptions) throws(CorpusError) {
    var paths = FieldNames.split(options.textField)
    textCount = paths.count
    sourceIndex = options.sourceField == nil ? nil : paths.count
    if let source = options.sourceField { paths.append(source) }
    nameIndex = options.nameField == nil ? nil : paths.count
    if let name = options.nameField { paths.append(name) }
    self.paths = paths
    keepsEmptyTexts = options.keepsEmptyTexts
    fields = .allocate(capacity: max(1, paths.count))
    fields.initialize(repeating: csj_field(), count: max(1, paths.count))
    parser = Self.makeParser(paths, textCount)
    if parser == nil { throw .unreadable(path: "JSON lines", reason: "simdjson has no memory") }
    if textCount == 0 {
      throw .setting(
        name: "the field of the text", found: "\"\(options.textField)\"",
        expected: "a name, or several with commas between them")
    }
  }

  deinit {
    csj_parser_destroy(parser)
    fields.deallocate()
    joined.deallocate()
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
    if textCount > 1 { return joinedText() }
    let text = fields[0]
    switch text.kind {
    case CSJ_MISSING: return .reject(.missingText)
    case CSJ_STRING: break
    default: return .reject(.textNotString)
    }
    if text.count == 0 && !keepsEmptyTexts { return .reject(.emptyText) }
    return .text(UnsafeBufferPointer(start: text.bytes, count: text.count))
  }

  /// Several fields, joined by blank lines; those that are empty or null leave none.
  private func joinedText() -> Outcome {
    let all = UnsafeBufferPointer(start: fields, count: textCount)
    let most = all.reduce(0) { $0 + ($1.kind == CSJ_STRING ? $1.count + 2 : 0) }
    if joined.count < most {
      joined.deallocate()
      joined = .allocate(capacity: most)
    }
    var count = 0
    for field in all {
      switch field.kind {
      case CSJ_MISSING: return .reject(.missingText)
      case CSJ_NONE: continue
      case CSJ_STRING: break
      default: return .reject(.textNotString)
      }
      guard field.count > 0, let start = field.bytes, let target = joined.baseAddress else {
        continue
      }
      if count > 0 {
        target[count] = 0x0A
        target[count + 1] = 0x0A
        count += 2
      }
      (target + count).initialize(from: start, count: field.count)
      count += field.count
    }
    if count == 0 && !keepsEmptyTexts { return .reject(.emptyText) }
    return .text(UnsafeBufferPointer(rebasing: joined[..<count]))
  }

  /// The source of the line just read; nil if it names none.
  var source: UnsafeBufferPointer<UInt8>? { sourceIndex.flatMap { string(fields[$0]) } }

  /// The name of the document just read; nil if it has none.
  var name: UnsafeBufferPointer<UInt8>? { nameIndex.flatMap { string(fields[$0]) } }

  /// Gives back the memory that a line of `count` bytes took, if it took much. What the line gave
  /// is valid no more.
  func release(after count: Int) {
    guard count > Self.largestKept, let fresh = Self.makeParser(paths, textCount) else { return }
    csj_parser_destroy(parser)
    parser = fresh
    joined.deallocate()
    joined = UnsafeMutableBufferPointer(start: nil, count: 0)
  }

  private func string(_ field: csj_field) -> UnsafeBufferPointer<UInt8>? {
    guard field.kind == CSJ_STRING || field.kind == CSJ_SCALAR, field.count > 0 else { return nil }
    return UnsafeBufferPointer(start: field.bytes, count: field.count)
  }

  private static func makeParser(_ paths: [String], _ textCount: Int) -> OpaquePointer? {
    let copies = paths.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return copies.map { UnsafePointer($0) }.withUnsafeBufferPointer {
      csj_parser_create($0.baseAddress, textCount, paths.count)
    }
  }
}

let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

private func isJSONSpace(_ byte: UInt8) -> Bool {
  byte == 0x20 || byte == 0x0D || byte == 0x09 || byte == 0x0A
}
