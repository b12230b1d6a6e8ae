public import Corpus
public import CorpusStudy
import Store
public import Tokenizers

/// Counts equal and nearly equal texts, lengths, scripts and tokens of a corpus, by source.
public struct Study: Sendable {
  /// What is studied.
  public enum Input: Sendable {
    /// Documents in files of text.
    case documents(CorpusInputs, ReaderOptions)
    /// The parts of chunks between end-of-text tokens.
    case shards(TokenShards, Tokenizer)
  }

  public struct Settings: Sendable {
    /// Whether nearly equal texts are looked for, too.
    public var findsNearDuplicates: Bool
    /// Least similarity of nearly equal texts, above 0, at most 1.
    public var threshold: Double
    /// Folder for scratch files; nil: the system's own.
    public var scratch: String?
    public var threads: Int

    public init(
      findsNearDuplicates: Bool = true, threshold: Double = 0.7, scratch: String? = nil,
      threads: Int
    ) {
      self.findsNearDuplicates = findsNearDuplicates
      self.threshold = threshold
      self.scratch = scratch
      self.threads = threads
    }

    var options: CorpusStudy.Options {
      var options = CorpusStudy.Options()
      options.findsNearDuplicates = findsNearDuplicates
      options.threshold = threshold
      if let scratch { options.scratch = scratch }
      return options
    }
  }

  private let input: Input
  private let settings: Settings
  private let report: String?

  /// - Parameter report: file that the report is written to, besides being the result.
  public init(_ input: Input, report: String? = nil, _ settings: Settings) {
    self.input = input
    self.settings = settings
    self.report = report
  }

  /// Studies all texts.
  ///
  /// - Throws: `CorpusError`, also when the tokenizer names no end-of-text token; `StoreError`,
  ///   also when another program writes the report; `WorkStopped`, which leaves nothing.
  public func run(_ work: Work) throws -> StudyReport {
    guard let report else { return try study(work) }
    let output = try OutputPath(report).path
    return try work.holding([.output(output)]) {
      let found = try study(work)
      try JSONFile.write(found, to: output)
      return found
    }
  }

  private func study(_ work: Work) throws -> StudyReport {
    work.report(WorkProgress(0, detail: "reading texts"))
    let study =
      switch input {
      case .documents(let inputs, let reader):
        try CorpusStudy(inputs: inputs, reader: reader, options: settings.options)
      case .shards(let shards, let tokenizer):
        try CorpusStudy(
          shards: shards, tokenizer: tokenizer,
          endOfText: ShardsTokenizer(ofShards: shards.folder).endOfText,
          options: settings.options)
      }
    // Comparing is the smaller part.
    let reading = work.part(0...(settings.findsNearDuplicates ? 0.7 : 1))
    let comparing = work.part(0.7...1)
    let found = try stoppable {
      try study.run(threads: settings.threads) { phase, fraction in
        switch phase {
        case .reading: reading.goesOn(WorkProgress(fraction, detail: "reading texts"))
        case .comparing: comparing.goesOn(WorkProgress(fraction, detail: "comparing texts"))
        }
      }
    }
    try work.checkpoint()
    if case .shards(let shards, _) = input { try shards.requireUnchanged() }
    guard found.all.texts > 0 else {
      guard case .documents(let inputs, _) = input else {
        throw CorpusError.noChunks(documents: 0, tokens: 0)
      }
      throw CorpusError.emptyCorpus(inputs: inputs.paths, rejects: study.rejects)
    }
    work.note(study.rejects)
    return found
  }
}
