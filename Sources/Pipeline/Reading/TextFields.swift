public import Corpus
import Numerics

/// Which fields of JSON lines hold a document: what the caller names, the rest as the first lines
/// show it.
public struct TextFields: Sendable, Equatable {
  /// Field of the text, or several with commas between them; nil: the first lines decide.
  public var text: String?
  /// Field of the source label, "none" for none; nil: the first lines decide.
  public var source: String?
  /// Whether a line that cannot be used ends the work.
  public var isStrict: Bool

  /// The word for no field.
  private static let none = "none"

  public init(text: String? = nil, source: String? = nil, isStrict: Bool = false) {
    self.text = text
    self.source = source
    self.isStrict = isStrict
  }

  /// How `inputs` are read. What was judged by the first lines is noted, so that a wrong guess is
  /// seen before hours have gone into it.
  ///
  /// - Parameter windowLog: how far back a zstd frame may look; see `DecompressionLimit`.
  /// - Throws: `CorpusError.unclearFields` when no field is surely the text, `noSuchField` for one
  ///   that is named and that no line has, and what inputs that cannot be read give;
  ///   `PipelineError.setting` for a name that is none.
  public func options(
    for inputs: [String], windowLog: Int = DecompressionLimit.windowLog, _ work: Work
  ) throws -> ReaderOptions {
    try options(for: work.inputs(inputs, windowLog: windowLog), work)
  }

  /// The same for inputs that are read afterwards.
  public func options(for inputs: CorpusInputs, _ work: Work) throws -> ReaderOptions {
    try check()
    for note in inputs.notes { work.note(note, .warning) }
    var options = ReaderOptions()
    options.strict = isStrict
    let source = source == Self.none ? "" : self.source
    if let guess = try stoppable({ try FieldGuess.guess(inputs, text: text, source: source) }) {
      options.textField = guess.text
      options.sourceField = guess.source
      if text == nil || self.source == nil { work.note(guess.summary) }
    } else if let source {
      options.sourceField = source.isEmpty ? nil : source
    }
    options.textField = text ?? options.textField
    return options
  }

  private func check() throws(PipelineError) {
    guard let text else { return }
    let names = FieldNames.split(text)
    if names.isEmpty || Set(names).count < names.count {
      throw .setting(
        name: "--text-field", found: "\"\(text)\"",
        expected: "a name, or different names with commas between them")
    }
  }
}

extension Work {
  /// Inputs whose reads end when the work is asked to stop, also where they wait for a pipe.
  public func inputs(
    _ paths: [String], windowLog: Int = DecompressionLimit.windowLog
  ) throws -> CorpusInputs {
    let control = control
    return try stoppable {
      try CorpusInputs(paths, windowLog: windowLog) { control.isStopping }
    }
  }

  /// Says what could not be used, why, and where the first was.
  func note(_ rejects: [RejectSummary], listedIn path: String? = nil) {
    let total = rejects.reduce(0) { $0 + $1.count }
    guard total > 0 else { return }
    note(
      "\(Number.grouped(total)) \(total == 1 ? "document" : "documents") could not be used ("
        + rejects.map(\.text).joined(separator: "; ") + ")" + (path.map { "; see \($0)" } ?? ""),
      .warning)
  }
}
