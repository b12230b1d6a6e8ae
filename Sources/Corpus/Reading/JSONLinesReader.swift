/// Picks text, source and name out of the lines of one jsonl file.
final class JSONLinesReader {
  /// What a line gave.
  enum Entry {
    case document(text: [UInt8], source: String?, name: String?)
    case reject(RejectReason, LineReader.Line)
  }

  private let lines: LineReader
  private let parser: LineParser

  /// Reads `lines`; fields are named by keys joined by dots.
  init(_ lines: LineReader, options: ReaderOptions) throws(CorpusError) {
    self.lines = lines
    parser = try LineParser(options)
  }

  /// Where the next line starts.
  var position: (offset: Int, lines: Int) { lines.position }

  /// The next line that is not blank; nil at the end.
  func next() throws(CorpusError) -> Entry? {
    while let line = try lines.next() {
      if line.overlong { return .reject(.tooLong, line) }
      switch parser.parse(line.bytes, isFirst: line.offset == 0) {
      case .blank: continue
      case .reject(let reason): return .reject(reason, line)
      case .text(let text):
        let entry = Entry.document(
          text: Array(text), source: parser.source.map { String(decoding: $0, as: UTF8.self) },
          name: parser.name.map { String(decoding: $0, as: UTF8.self) })
        parser.release(after: line.bytes.count)
        return entry
      }
    }
    return nil
  }
}
