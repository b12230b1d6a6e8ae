import CSimdjson
import Glibc

/// Which fields of JSON lines hold the text and its source, judged by the first lines.
///
/// The text is the first well-known name that is a string in most lines; else the string field with
/// by far the most bytes. The source is the first well-known name with few enough labels. Where two
/// fields could be the text, the caller has to name one.
public struct FieldGuess: Sendable, Equatable {
  /// Field of the text: a key, or keys joined by dots.
  public let text: String
  /// Field of the source label; nil if none looks like one.
  public let source: String?
  /// Lines looked at.
  public let lines: Int
  /// Of these, how many hold the text as a string.
  public let textLines: Int
  /// Mean bytes of the text.
  public let meanBytes: Int
  /// Labels of the source in these lines.
  public let labels: Int

  /// What a person is told.
  public var summary: String {
    let label = source.map { "\($0) (\(labels) labels)" } ?? "none"
    return "text field \(text) (in \(textLines) of the first \(lines) lines, \(meanBytes) bytes "
      + "each), source field \(label)"
  }

  /// Well-known names of the text, best first.
  static let textNames = [
    "text", "content", "body", "document", "raw_content", "passage", "article", "story", "code",
    "markdown", "contents", "data.text", "doc.text",
  ]
  /// Well-known names of the source, best first.
  static let sourceNames = [
    "meta.pile_set_name", "meta.set_name", "meta.redpajama_set_name", "source", "subset",
    "domain", "meta.source", "metadata.source", "dataset", "set", "category", "genre",
    "meta.language", "language", "lang",
  ]
  static let lineLimit = 1000
  static let byteLimit = 8 << 20
  /// A field with more labels, and one for every other line, names documents, not kinds of text.
  static let fewLabels = 20

  /// Looks at the first lines of the first files of `inputs`; nil if they hold no JSON lines.
  ///
  /// - Parameters:
  ///   - text: a field that the caller names; only the source is looked for.
  ///   - Throws: `CorpusError.unclearFields` when two fields could be the text.
  public static func guess(
    inputs: [String], text: String? = nil, windowLog: Int = DecompressionLimit.windowLog
  ) throws(CorpusError) -> FieldGuess? {
    let files = try InputList.files(of: inputs, windowLog: windowLog).filter {
      $0.kind == .jsonLines && !$0.isStandardInput
    }
    let survey = try FieldSurvey()
    for file in files.prefix(3) where survey.lines < lineLimit {
      let raw = try RawFile(path: file.path, digesting: false)
      let stream = try openStream(raw, windowLog: windowLog)
      let lines = LineReader(stream, longestLine: byteLimit)
      do throws(CorpusError) {
        while survey.lines < lineLimit, survey.bytes < byteLimit, let line = try lines.next() {
          survey.add(line)
        }
      } catch .damagedStream {
        continue
      }
    }
    return try survey.guess(text: text)
  }
}

/// What the fields of many lines hold.
final class FieldSurvey {
  private struct Field {
    var strings = 0
    var bytes = 0
    var labels: Set<[UInt8]> = []
  }

  private(set) var lines = 0
  private(set) var bytes = 0
  private let parser: OpaquePointer
  private var fields: [String: Field] = [:]

  init() throws(CorpusError) {
    guard let parser = csj_parser_create(nil, 0) else {
      throw .unreadable(path: "JSON lines", reason: "simdjson has no memory")
    }
    self.parser = parser
  }

  deinit { csj_parser_destroy(parser) }

  func add(_ line: LineReader.Line) {
    guard !line.overlong else { return }
    let text = line.bytes.bindMemory(to: UInt8.self)
    let context = Unmanaged.passUnretained(self).toOpaque()
    let isWhole = csj_survey(parser, text.baseAddress, text.count, noteField, context)
    if isWhole == 1 { lines += 1 }
    bytes += text.count
  }

  fileprivate func note(_ path: String, _ text: UnsafeBufferPointer<UInt8>) {
    // A file of ever new keys must not fill the memory.
    guard fields[path] != nil || fields.count < 10_000 else { return }
    fields[path, default: Field()].strings += 1
    fields[path, default: Field()].bytes += text.count
    if text.count <= 200, fields[path, default: Field()].labels.count <= FieldGuess.lineLimit {
      fields[path, default: Field()].labels.insert(Array(text))
    }
  }

  func guess(text named: String?) throws(CorpusError) -> FieldGuess? {
    guard lines > 0 else { return nil }
    let text: String
    if let named {
      text = named
    } else if let known = FieldGuess.textNames.first(where: { isCommon($0) }) {
      text = known
    } else {
      text = try largest()
    }
    let source = FieldGuess.sourceNames.first {
      $0 != text && isCommon($0) && labels($0) <= max(FieldGuess.fewLabels, lines / 2)
    }
    let field = fields[text] ?? Field()
    return FieldGuess(
      text: text, source: source, lines: lines, textLines: min(lines, field.strings),
      meanBytes: field.bytes / max(1, field.strings), labels: source.map { labels($0) } ?? 0)
  }

  private func isCommon(_ path: String) -> Bool { (fields[path]?.strings ?? 0) * 2 >= lines }

  private func labels(_ path: String) -> Int { fields[path]?.labels.count ?? 0 }

  /// The field with at least four times the bytes of any other.
  private func largest() throws(CorpusError) -> String {
    let sorted = fields.sorted { ($1.value.bytes, $0.key) < ($0.value.bytes, $1.key) }
    let next = sorted.count > 1 ? sorted[1].value.bytes : 0
    if let first = sorted.first, first.value.bytes > 0, first.value.bytes >= 4 * next {
      return first.key
    }
    throw .unclearFields(
      candidates: sorted.prefix(8).map { path, field in
        "\(path) (string in \(min(lines, field.strings)) of \(lines) lines, "
          + "\(field.bytes / max(1, field.strings)) bytes each)"
      })
  }
}

private func noteField(
  _ context: UnsafeMutableRawPointer?, _ path: UnsafePointer<CChar>?, _ kind: csj_kind,
  _ bytes: UnsafePointer<UInt8>?, _ count: Int
) {
  guard let context, let path, kind == CSJ_STRING else { return }
  Unmanaged<FieldSurvey>.fromOpaque(context).takeUnretainedValue().note(
    String(cString: path), UnsafeBufferPointer(start: bytes, count: count))
}
