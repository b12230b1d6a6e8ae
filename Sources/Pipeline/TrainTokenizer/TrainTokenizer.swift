public import Corpus
import Numerics
import Store
public import Tokenizers

/// Trains a byte-level BPE tokenizer on text and writes its folder.
public struct TrainTokenizer {
  public struct Settings: Sendable {
    /// Tokens wanted, bytes and special tokens included.
    public var vocabularySize: Int
    /// How text is cut into words.
    public var preTokenization: PreTokenization
    /// How documents are found.
    public var reader: ReaderOptions

    public init(
      vocabularySize: Int, preTokenization: PreTokenization = .qwen2,
      reader: ReaderOptions = ReaderOptions()
    ) {
      self.vocabularySize = vocabularySize
      self.preTokenization = preTokenization
      self.reader = reader
    }
  }

  /// What was learned from what.
  public struct Result: Sendable, Equatable {
    /// Tokens; fewer than wanted where the text does not give more.
    public var vocabularySize: Int
    /// Documents, and bytes of text in them.
    public var documents: Int
    public var bytes: Int
    /// Documents that could not be used, by reason.
    public var rejected: [RejectReason: Int]
    /// The folder of the tokenizer.
    public var path: String
  }

  private let inputs: [String]
  private let opened: CorpusInputs?
  private let folder: String
  private let settings: Settings
  /// Documents between two looks at the clock.
  private static let interval = 256

  /// - Parameters:
  ///   - inputs: files of text, or folders of them.
  ///   - folder: where tokenizer.json and tokenizer_config.json go.
  public init(_ inputs: [String], into folder: String, _ settings: Settings) {
    (self.inputs, opened) = (inputs, nil)
    self.folder = folder
    self.settings = settings
  }

  /// Training on inputs that were looked at before: pipes may be among them.
  public init(_ inputs: CorpusInputs, into folder: String, _ settings: Settings) {
    (self.inputs, opened) = (inputs.paths, inputs)
    self.folder = folder
    self.settings = settings
  }

  /// Counts words and merges pairs; the files are written at the end. Notes documents that could not
  /// be used, and a vocabulary smaller than wanted.
  ///
  /// - Throws: `StoreError.occupied` for a folder that holds anything, `TokenizerError.training` for a size that cannot be, `CorpusError`; `WorkStopped`,
  ///   which leaves nothing: training does not go on in its middle.
  public func run(_ work: Work) throws -> Result {
    let output = try OutputPath(folder: folder)
    try output.requireApart(from: inputs.filter { $0 != "-" }.map { ($0, "the input") })
    try output.requireFree()
    return try work.holding([.output(output.path)]) { try train(into: output.path, work) }
  }

  private func train(into folder: String, _ work: Work) throws -> Result {
    let trainer = BytePairTrainer(.init(vocabularySize: settings.vocabularySize))
    try trainer.settings.validate()
    let rejects = try RejectLog()
    var (words, documents) = (WordCounter(preTokenization: settings.preTokenization), 0)
    try count(into: &words, &documents, rejects, work)
    guard documents > 0 else {
      throw CorpusError.emptyCorpus(inputs: inputs, rejects: rejects.summaries)
    }
    work.note(rejects.summaries)
    let merging = work.part(0.5...1)
    let trained = try stoppable {
      try trainer.train(on: words) { state in
        merging.goesOn(
          WorkProgress(
            Double(state.tokenCount) / Double(max(1, state.vocabularySize)),
            detail: "\(Number.grouped(state.tokenCount)) of "
              + "\(Number.grouped(state.vocabularySize)) tokens"))
      }
    }
    try work.checkpoint()
    if trained.vocabularySize < settings.vocabularySize {
      work.note(
        "\(Number.grouped(trained.vocabularySize)) tokens instead of "
          + "\(Number.grouped(settings.vocabularySize)): no more pairs come twice in this text",
        .warning)
    }
    let working = folder + ".partial"
    do {
      try Folder.remove(working)
      try trained.write(toFolder: working)
      try Folder.publish(working, as: folder)
    } catch {
      try? Folder.remove(working)
      throw error
    }
    return Result(
      vocabularySize: trained.vocabularySize, documents: documents, bytes: words.byteCount,
      rejected: rejects.counts, path: folder)
  }

  private func count(
    into words: inout WordCounter, _ documents: inout Int, _ rejects: RejectLog, _ work: Work
  ) throws {
    let work = work.part(0...0.5)
    let inputs = if let opened { opened } else { try work.inputs(inputs) }
    var reader = try CorpusReader(inputs, options: settings.reader, rejects: rejects)
    while let document = try stoppable({ try reader.next() }) {
      document.text.withUnsafeBufferPointer { words.add(utf8: $0) }
      documents += 1
      if documents % Self.interval == 0 {
        let done =
          reader.totalBytes > 0
          ? min(1, Double(reader.bytesRead) / Double(reader.totalBytes)) : nil
        work.report(
          WorkProgress(
            done, detail: "counting words, \(Number.grouped(documents)) documents"))
      }
      // A document may be large: asked behind each.
      try work.checkpoint()
    }
  }
}
