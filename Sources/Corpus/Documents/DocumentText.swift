import CSimdjson
import Glibc
import Store

extension DocumentTable {
  /// The text of a document out of its input file.
  ///
  /// A plain file is read at its offset. A compressed one has to be decompressed from its start,
  /// about a gigabyte a second: nil where the text stands behind `limit` bytes, and nil for what came
  /// through standard input.
  ///
  /// - Throws: `changedInput` where the file does not hold this text any more, `unreadable`.
  public func text(
    of record: DocumentRecord, limit: Int = 64 << 20
  ) throws(CorpusError) -> [UInt8]? {
    let state = InputState(of: record.file)
    // What came through a pipe is gone.
    guard record.file != InputFile.standardInput, state?.isRegular ?? true else { return nil }
    let file = try RawFile(path: record.file, digesting: false)
    let stream = try openStream(file)
    if stream === file {
      try file.seek(to: record.offset)
    } else {
      guard record.offset + record.bytes <= limit else { return nil }
      try skip(record.offset, of: stream)
    }
    let text = record.line > 0 ? try line(of: stream, record) : try whole(stream, record)
    guard let text, text.count == record.bytes,
      text.withUnsafeBytes({ Fingerprint.hash64($0) }) == record.fingerprint
    else {
      throw .changedInput(
        path: record.file, found: "another text at byte \(record.offset)",
        expected: "\(record.bytes) bytes of document \(record.id)")
    }
    return text
  }

  private func skip(_ count: Int, of stream: any ByteStream) throws(CorpusError) {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { piece.deallocate() }
    var left = count
    while left > 0 {
      let size = min(left, piece.count)
      let got = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: piece[..<size]))
      if got == 0 { return }
      left -= got
    }
  }

  private func line(
    of stream: any ByteStream, _ record: DocumentRecord
  ) throws(CorpusError) -> [UInt8]? {
    let lines = LineReader(stream, longestLine: info.reader.longestDocument, window: 1 << 16)
    guard let line = try lines.next(), !line.overlong else { return nil }
    let parser = try LineParser(info.reader)
    guard case .text(let text) = parser.parse(line.bytes, isFirst: record.offset == 0) else {
      return nil
    }
    return Array(text)
  }

  private func whole(
    _ stream: any ByteStream, _ record: DocumentRecord
  ) throws(CorpusError) -> [UInt8]? {
    let content = try wholeContent(of: stream, limit: record.bytes + byteOrderMark.count)
    return content.starts(with: byteOrderMark)
      ? Array(content.dropFirst(byteOrderMark.count)) : content
  }
}
