public import Corpus

/// Which fields of JSON lines hold a document: what the caller names, the rest as the first lines
/// show it.
public struct TextFields: Sendable, Equatable {
  /// Field of the text; nil: the first lines decide.
  public var text: String?
  /// Field of the source label; nil: the first lines decide.
  public var source: String?
  /// Whether a line that cannot be used ends the work.
  public var isStrict: Bool

  public init(text: String? = nil, source: String? = nil, isStrict: Bool = false) {
    self.text = text
    self.source = source
    self.isStrict = isStrict
  }

  /// How `inputs` are read. What was judged by the first lines is noted, so that a wrong guess is
  /// seen before hours have gone into it.
  ///
  /// - Parameter windowLog: how far back a zstd frame may look; see `DecompressionLimit`.
  /// - Throws: `CorpusError.unclearFields` when several fields could hold the text, and what inputs
  ///   that cannot be read give.
  public func options(
    for inputs: [String], windowLog: Int = DecompressionLimit.windowLog, _ work: Work
  ) throws -> ReaderOptions {
    var options = ReaderOptions()
    options.strict = isStrict
    if text == nil || source == nil,
      let guess = try FieldGuess.guess(inputs: inputs, text: text, windowLog: windowLog)
    {
      options.textField = guess.text
      options.sourceField = source ?? guess.source ?? options.sourceField
      work.note(guess.summary)
    }
    options.textField = text ?? options.textField
    options.sourceField = source ?? options.sourceField
    return options
  }
}
