/// Which fields of JSON lines hold the text and its source, judged by the first lines.
///
/// The text needs evidence: a well-known name whose strings are no addresses or labels and that no
/// other field outdoes; or the one list of messages; or, under any name, words with space between
/// them and by far the most bytes. Where two fields could be the text, or none looks like one, the
/// caller has to name it. The source is the first well-known name with few enough labels.
public struct FieldGuess: Sendable, Equatable {
  /// Field of the text, as `ReaderOptions.textField` takes it.
  public let text: String
  /// Field of the source label; nil if none looks like one.
  public let source: String?
  /// Lines looked at.
  public let lines: Int
  /// Of these, how many hold the text.
  public let textLines: Int
  /// Mean bytes of the text.
  public let meanBytes: Int
  /// Labels of the source in these lines.
  public let labels: Int
  /// Lines that name a source.
  public let sourceLines: Int
  /// Whether the text is the joined contents of messages.
  public let isChat: Bool
  /// Whether all lines of all inputs were looked at.
  public let isWhole: Bool

  /// What a person is told.
  public var summary: String {
    let lacking = sourceLines < lines ? ", in \(sourceLines) of them" : ""
    let label = source.map { "\($0) (\(labels) labels\(lacking))" } ?? "none"
    let chat = isChat ? ", contents of its messages joined by blank lines, roles left out" : ""
    return "text field \(text) (in \(textLines) of the first \(lines) lines, \(meanBytes) bytes "
      + "each\(chat)), source field \(label)"
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
  /// Names of lists of messages.
  static let chatNames: Set<String> = [
    "messages", "conversations", "conversation", "dialog", "dialogue", "turns", "chat",
  ]
  static let lineLimit = 1000
  static let byteLimit = 8 << 20
  /// A field with more labels, and one for every other line, names documents, not kinds of text.
  static let fewLabels = 20

  /// Looks at the first lines of the first files of `inputs`; nil if they hold no JSON lines.
  ///
  /// - Parameters:
  ///   - text: fields that the caller names; only the source is looked for.
  ///   - source: the field of the source that the caller names; empty for none.
  /// - Throws: `CorpusError.unclearFields` when no field is surely the text, `refused` for one object
  ///   around the records, `noSuchField` for a named field that no line has.
  public static func guess(
    _ inputs: CorpusInputs, text: String? = nil, source: String? = nil
  ) throws(CorpusError) -> FieldGuess? {
    let files = inputs.files.filter { $0.kind == .jsonLines }
    guard let first = files.first else { return nil }
    let survey = try FieldSurvey()
    var isWhole = true
    var looked: (file: InputFile, compression: Compression)?
    for file in files {
      if survey.lines >= lineLimit || file != first && survey.bytes >= byteLimit {
        isWhole = false
        break
      }
      if try !look(at: file, inputs.windowLog, survey, &looked) { isWhole = false }
    }
    guard let (shown, compression) = looked else { return nil }
    return try FieldJudge(
      survey: survey, isWhole: isWhole, path: shown.path,
      advice: InputAdvice(path: shown.path, isStream: shown.isStream, compression: compression)
    ).guess(text: text, source: source)
  }

  /// The same for files and folders by name.
  public static func guess(
    inputs: [String], text: String? = nil, windowLog: Int = DecompressionLimit.windowLog
  ) throws(CorpusError) -> FieldGuess? {
    try guess(CorpusInputs(inputs, windowLog: windowLog), text: text)
  }

  /// Surveys lines of a file; false if some of it was left.
  ///
  /// - Parameter looked: becomes the first file that could be read, for people.
  private static func look(
    at file: InputFile, _ windowLog: Int, _ survey: FieldSurvey,
    _ looked: inout (file: InputFile, compression: Compression)?
  ) throws(CorpusError) -> Bool {
    do throws(CorpusError) {
      let raw = try RawFile(file, isLooking: true)
      let compression = Compression(magic: try raw.peek(4))
      if looked == nil { looked = (file, compression) }
      let stream = try openStream(raw, windowLog: windowLog)
      let lines = LineReader(stream, longestLine: ReaderOptions().longestDocument)
      while let line = try lines.next() {
        if survey.lines >= lineLimit || survey.bytes >= byteLimit { return false }
        survey.add(line)
      }
      return true
    } catch {
      switch error {
      case .damagedStream: return true
      case .unreadable where !file.isNamed: return true
      default: throw error
      }
    }
  }
}
