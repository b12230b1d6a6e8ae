public import Corpus
import Numerics
import Store
public import Tokenizers

/// Makes a tokenized corpus: text becomes token shards, shards that are there already get a second
/// name.
public struct Pack {
  /// What a corpus is made of.
  public enum Input: Sendable {
    /// Files of text, folders of them, patterns, or `-` for standard input.
    case text([String])
    /// The same, looked at before: pipes may be among them.
    case inputs(CorpusInputs)
    /// Shards that somebody has packed.
    case shards(GivenShards)
    /// Shards of whole documents, as Megatron-LM writes them, to be cut into chunks.
    case documents(String)

    /// What `paths` hold: shards where they name one folder of them, else text.
    public init(_ paths: [String]) {
      self = GivenShards(paths).map(Self.shards) ?? .text(paths)
    }

    /// What is read, and where the corpus may therefore not go.
    var places: [(path: String, what: String)] {
      switch self {
      case .text(let paths): paths.filter { $0 != "-" }.map { ($0, "the input") }
      case .inputs(let inputs): inputs.paths.filter { $0 != "-" }.map { ($0, "the input") }
      case .shards(let given): [(given.folder, "the shards")]
      case .documents(let path): WhatIsRead.shards(path)
      }
    }
  }

  public struct Settings: Sendable {
    /// What decides the bytes.
    public var corpus: CorpusSettings
    /// How the machine is used.
    public var pipeline: PipelineOptions
    /// Whether a corpus of other inputs or settings makes room.
    public var replacesOthers: Bool

    public init(
      corpus: CorpusSettings, pipeline: PipelineOptions, replacesOthers: Bool = false
    ) {
      self.corpus = corpus
      self.pipeline = pipeline
      self.replacesOthers = replacesOthers
    }
  }

  private let input: Input
  private let tokenizer: TokenizerEncoding
  private let folder: String
  private let settings: Settings

  /// - Parameter folder: where the shards go.
  public init(
    _ input: Input, tokenizer: TokenizerEncoding, into folder: String, _ settings: Settings
  ) {
    self.input = input
    self.tokenizer = tokenizer
    self.folder = folder
    self.settings = settings
  }

  /// What packs texts with a tokenizer; says which token ends documents, and what names it.
  ///
  /// - Parameters:
  ///   - place: where the tokenizer was read from: a file, or its folder.
  ///   - endOfText: given by a caller.
  /// - Throws: `CorpusError.tokenizer` when nothing names such a token.
  public static func encoding(
    _ tokenizer: Tokenizer, at place: String, endOfText: Int32?, _ work: Work
  ) throws(CorpusError) -> TokenizerEncoding {
    guard endOfText == nil, let end = tokenizer.documentEnd(at: place) else {
      return try TokenizerEncoding(tokenizer, endOfText: endOfText)
    }
    work.note("documents end with \(end.words)")
    return try TokenizerEncoding(tokenizer, endOfText: end.id)
  }

  /// Makes the corpus, goes on with one that was begun, or finds it done. Documents that could not
  /// be used are noted.
  ///
  /// - Throws: `CorpusError`; `PipelineError.setting` for shards of another tokenizer;
  ///   `WorkStopped` with a state to go on from.
  public func run(_ work: Work) throws -> CorpusManifest {
    let output = try OutputPath(folder: folder, isPublished: true)
    try output.requireApart(from: input.places)
    return try work.holding([.output(output.path)]) {
      try Folder.finishPublishing(output.path + ".building", as: output.path)
      switch input {
      case .text(let paths):
        let inputs = try work.inputs(paths, windowLog: settings.pipeline.windowLog)
        return try pack(inputs, into: output.path, work)
      case .inputs(let inputs): return try pack(inputs, into: output.path, work)
      case .documents(let path): return try rechunk(path, into: output.path, work)
      case .shards(let given):
        return try given.link(
          into: output.path, tokenizer: tokenizer, settings: settings.corpus,
          replacing: settings.replacesOthers, work)
      }
    }
  }

  private func rechunk(
    _ path: String, into folder: String, _ work: Work
  ) throws -> CorpusManifest {
    let made = try ShardsTokenizer(ofShards: path)
    guard made.digest == nil else {
      throw CorpusError.setting(
        name: "the input \(path)", found: "shards that are chunked already",
        expected: "text; 'miniplm convert' changes the tokenizer of shards")
    }
    try made.require(tokenizer, at: "the tokenizer given", option: "tokenizer", work)
    let shards = try TokenShards(folder: path)
    let builder = ShardRechunking(shards, settings: settings.corpus, tokenizer: tokenizer)
    return try stoppable {
      try builder.build(into: folder, replacing: settings.replacesOthers) {
        work.goesOn(
          WorkProgress(
            Double($0) / Double(max(1, shards.count)),
            detail: "\(Number.grouped($0)) of \(Number.grouped(shards.count)) sequences"))
      }
    }
  }

  private func pack(
    _ inputs: CorpusInputs, into folder: String, _ work: Work
  ) throws -> CorpusManifest {
    let twice = RepeatedFiles.within(inputs)
    if let first = twice.first {
      work.note(
        "\(twice.count == 1 ? first : "\(first) and \(twice.count - 1) more files") "
          + "\(twice.count == 1 ? "is" : "are") given twice: their texts stand twice in the corpus",
        .warning)
    }
    let builder = CorpusBuilder(
      inputs: inputs, settings: settings.corpus, tokenizer: tokenizer, options: settings.pipeline)
    var pace = Pace()
    let manifest = try stoppable {
      try builder.build(
        into: folder, replacing: settings.replacesOthers,
        progress: { state in
          // Nobody knows how long standard input is.
          let done =
            state.totalBytes > 0
            ? min(1, Double(state.bytesRead) / Double(state.totalBytes)) : nil
          return work.goesOn(
            WorkProgress(
              done, secondsLeft: done.flatMap { pace.secondsLeft(at: $0) },
              detail: "\(Number.grouped(state.documents)) documents, "
                + "\(Number.grouped(state.chunks)) chunks"))
        }, rest: work.control.waitWhilePaused)
    }
    let log = folder + "/rejects.jsonl"
    work.note(RejectSummary.of(manifest.rejected, log: log), listedIn: log)
    return manifest
  }
}
