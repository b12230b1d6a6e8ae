import CSimdjson
import Glibc

/// Finds the documents in a slab, one after the other: the one place that knows which lines and texts
/// can be used, for whoever packs them, studies them or trains on them. One thread at a time.
///
/// Blank lines are passed over; a byte order mark at the start of a file is none of its text; what is
/// too long, not UTF-8, empty or without a text is a reject, and so is a stream that broke off.
final class SlabScanner {
  /// What stands in a slab.
  enum Entry {
    case document(Found)
    /// Its line counts from 1 at the start of the slab.
    case reject(Reject)
  }

  /// A document; its bytes are valid until the next call.
  struct Found {
    let text: UnsafeBufferPointer<UInt8>
    /// The label that its line gives, if it gives one.
    let label: UnsafeBufferPointer<UInt8>?
    /// The name that its line gives, if it gives one.
    let name: UnsafeBufferPointer<UInt8>?
    /// Where its line, or its text, starts in the content of the file.
    let offset: Int
    /// Lines count from 1 at the start of the slab; 0 for a whole text.
    let line: Int
  }

  private let options: ReaderOptions
  private let parser: LineParser
  /// Label and name of a line whose parser has given its memory back.
  private var held: [UnsafeMutableBufferPointer<UInt8>] = []
  /// Where the next line starts in the slab, and what is still to come of it.
  private var start = 0
  private var rest = Rest.content

  private enum Rest { case content, overlong, damage, nothing }

  init(_ options: ReaderOptions) throws(CorpusError) {
    self.options = options
    parser = try LineParser(options)
  }

  deinit { letGo() }

  /// Starts with a slab.
  func begin() {
    letGo()
    (start, rest) = (0, .content)
  }

  /// The next document or reject of the slab that was begun with; nil behind the last.
  ///
  /// - Throws: what broke the stream, where that cannot be passed over, or nothing may be.
  func next(in slab: Slab) throws(CorpusError) -> Entry? {
    letGo()
    while true {
      switch rest {
      case .content:
        if slab.content == .lines, let entry = nextLine(of: slab) { return entry }
        rest = .overlong
        if slab.content == .text, let entry = wholeText(of: slab) { return entry }
        if let refused = slab.refused {
          return .reject(
            Reject(
              file: slab.file?.path ?? "", offset: 0, line: 0, reason: refused.reason,
              start: refused.what))
        }
      case .overlong:
        rest = .damage
        if let long = slab.overlong { return .reject(overlong(long, in: slab)) }
      case .damage:
        rest = .nothing
        if let damage = slab.damage { return .reject(try broken(damage, in: slab)) }
      case .nothing: return nil
      }
    }
  }

  private func nextLine(of slab: Slab) -> Entry? {
    let base = UnsafeRawPointer(slab.bytes)
    while start < slab.count {
      let found = memchr(base + start, 0x0A, slab.count - start)
      let end = found.map { base.distance(to: UnsafeRawPointer($0)) } ?? slab.count
      let offset = slab.offset + start
      let line = UnsafeRawBufferPointer(start: base + start, count: end - start)
      slab.lines += 1
      start = end + 1
      if line.count > options.longestDocument {
        return reject(slab, .tooLong, offset: offset, line: slab.lines, bytes: line)
      }
      switch parser.parse(line, isFirst: offset == 0) {
      case .blank: continue
      case .reject(let reason):
        return reject(slab, reason, offset: offset, line: slab.lines, bytes: line)
      case .text(let text):
        return .document(document(text, of: line, offset: offset, line: slab.lines))
      }
    }
    return nil
  }

  /// A very long text moves over its own line, so that the parser's memory is free before anything
  /// is made of the text.
  private func document(
    _ text: UnsafeBufferPointer<UInt8>, of line: UnsafeRawBufferPointer, offset: Int,
    line number: Int
  ) -> Found {
    guard line.count > Slab.largeSize, text.count <= line.count, let start = line.baseAddress,
      let source = text.baseAddress
    else {
      return Found(
        text: text, label: parser.source, name: parser.name, offset: offset, line: number)
    }
    let (label, name) = (hold(parser.source), hold(parser.name))
    // Unescaping never makes a text longer.
    memmove(UnsafeMutableRawPointer(mutating: start), source, text.count)
    parser.release(after: line.count)
    let moved = UnsafeRawBufferPointer(start: start, count: text.count)
    return Found(
      text: moved.bindMemory(to: UInt8.self), label: label, name: name, offset: offset,
      line: number)
  }

  private func hold(_ bytes: UnsafeBufferPointer<UInt8>?) -> UnsafeBufferPointer<UInt8>? {
    guard let bytes else { return nil }
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = copy.initialize(from: bytes)
    held.append(copy)
    return UnsafeBufferPointer(copy)
  }

  private func letGo() {
    for copy in held { copy.deallocate() }
    held.removeAll(keepingCapacity: true)
  }

  private func wholeText(of slab: Slab) -> Entry? {
    var bytes = slab.contentBytes
    // What came before the stream broke is not the text.
    guard slab.damage == nil else { return nil }
    if bytes.count > options.longestDocument {
      return reject(slab, .tooLong, offset: 0, line: 0, bytes: bytes)
    }
    if bytes.starts(with: byteOrderMark) {
      bytes = UnsafeRawBufferPointer(rebasing: bytes[byteOrderMark.count...])
    }
    let text = bytes.bindMemory(to: UInt8.self)
    if text.isEmpty && !options.keepsEmptyTexts {
      return reject(slab, .emptyText, offset: 0, line: 0, bytes: bytes)
    }
    if csj_is_utf8(text.baseAddress, text.count) == 0 {
      return reject(slab, .badUTF8, offset: 0, line: 0, bytes: bytes)
    }
    if let start = bytes.baseAddress, let zero = memchr(start, 0, bytes.count) {
      let place = start.distance(to: UnsafeRawPointer(zero))
      return .reject(
        Reject(
          file: slab.file?.path ?? "", offset: 0, line: 0, reason: .notText,
          start: "a zero byte at byte \(place), which no text has", length: bytes.count))
    }
    return .document(Found(text: text, label: nil, name: nil, offset: 0, line: 0))
  }

  private func reject(
    _ slab: Slab, _ reason: RejectReason, offset: Int, line: Int, bytes: UnsafeRawBufferPointer
  ) -> Entry {
    .reject(
      Reject(
        file: slab.file?.path ?? "", offset: offset, line: line, reason: reason,
        start: String(decoding: bytes.prefix(200), as: UTF8.self), length: bytes.count))
  }

  private func overlong(
    _ long: (offset: Int, length: Int, start: String), in slab: Slab
  ) -> Reject {
    let isLine = slab.file?.kind == .jsonLines
    if isLine { slab.lines += 1 }
    return Reject(
      file: slab.file?.path ?? "", offset: long.offset, line: isLine ? slab.lines : 0,
      reason: .tooLong, start: long.start, length: long.length)
  }

  private func broken(_ damage: CorpusError, in slab: Slab) throws(CorpusError) -> Reject {
    guard case .damagedStream(_, let offset, let reason) = damage else { throw damage }
    if options.strict { throw damage }
    return Reject(
      file: slab.file?.path ?? "", offset: offset, line: 0, reason: .damagedStream, start: reason)
  }
}
