import Corpus

/// The texts of an input one after the other, for work that gives something out for each: a line that
/// cannot be used ends it, since what came out would stand beside the wrong text.
public struct EachText {
  private let inputs: CorpusInputs
  private let options: ReaderOptions

  /// - Parameter field: of JSON lines; nil: the first lines decide.
  public init(_ path: String, field: String? = nil, _ work: Work) throws {
    inputs = try work.inputs([path])
    options = try TextFields(text: field, source: "none", isStrict: true).options(for: inputs, work)
  }

  /// Gives `body` one text after another.
  ///
  /// - Throws: `CorpusError.rejected` with the place of a line that cannot be used, `emptyCorpus`
  ///   where there is no text at all; `WorkStopped`.
  public func forEach(_ work: Work, _ body: (String) throws -> Void) throws {
    var reader = try CorpusReader(inputs, options: options)
    var count = 0
    while let document = try stoppable({ try reader.next() }) {
      try body(String(decoding: document.text, as: UTF8.self))
      count += 1
      try work.checkpoint()
    }
    if count == 0 {
      throw CorpusError.emptyCorpus(inputs: inputs.paths, rejects: reader.rejectSummaries)
    }
  }
}
