public import LanguageModels
import Numerics
public import Store
public import TensorKit
import Tokenizers

/// Continues prompts with a model: text to read, lines, or a file of many lines.
public struct Generate {
  /// Where the text goes.
  public enum Destination {
    /// A file of JSON lines that is safe on disk batch by batch.
    case file(String)
    /// Every batch as it is done.
    case lines(([GeneratedLine]) throws -> Void)
    /// The characters of the first sequence as they come, a line end behind the last: for one prompt
    /// with one sample.
    case text((String) throws -> Void)
  }

  /// What came out.
  public struct Result: Sendable, Equatable {
    /// Sequences, those of an earlier run included.
    public var sequences: Int
    /// New tokens of this run.
    public var newTokens: Int
  }

  private let model: ModelFolder
  private let tokenizerFolder: String
  private let settings: GenerationSettings
  private let digests: FileDigests
  private let compute: Ops

  /// - Parameters:
  ///   - tokenizer: its folder; nil: the model's.
  ///   - digests: for the record of a file, which names model, tokenizer and prompts.
  public init(
    model: ModelFolder, tokenizer: String? = nil, _ settings: GenerationSettings,
    digests: FileDigests, compute: Ops
  ) {
    self.model = model
    tokenizerFolder = tokenizer ?? model.tokenizerFolder
    self.settings = settings
    self.digests = digests
    self.compute = compute
  }

  /// Continues `prompts` in order. What cannot work is refused before the weights are read.
  ///
  /// - Throws: `ModelError`, `TokenizerError`, `CorpusError`; `StoreError.occupied` when the file is
  ///   there already, `PipelineError.otherSettings` when it was begun by another run; `WorkStopped`, with all whole batches written.
  public func run(
    _ prompts: Prompts, to destination: Destination, _ work: Work
  ) throws -> Result {
    try prompts.requireFile()
    let configuration = try work.examine(
      model, precision: settings.precision, for: .scoring, compute: compute)
    _ = try DecodingPlan.check(
      configuration: configuration, sequences: 1,
      capacity: 1 + settings.maximumNewTokens, precision: settings.precision, compute: compute,
      limitBytes: SystemMemory.available())
    guard case .file(let path) = destination else {
      return try run(prompts, to: destination, nil, work)
    }
    // Said before digests of gigabytes are made.
    let output = try OutputPath(file: path)
    return try work.holding([.output(output.path)]) {
      try run(prompts, to: destination, open(output.path, prompts, work), work)
    }
  }

  private func run(
    _ prompts: Prompts, to destination: Destination, _ file: GenerationFile?, _ work: Work
  ) throws -> Result {
    let tokenizer = try Tokenizer.load(from: tokenizerFolder)
    let run = GenerationRun(
      model: try model.load(
        precision: settings.precision, purpose: .scoring, compute: compute, work),
      tokenizer: tokenizer, endOfText: try model.endsOfText(), settings: settings)
    var last: GenerationRun.Progress?
    let goesOn = { (try? work.checkpoint()) != nil }
    let isFinished =
      switch destination {
      case .file: try write(run, prompts, to: file, work) { last = $0 }
      case .lines(let take):
        try run.run(
          prompts, onToken: { _, _ in goesOn() }, onProgress: { last = $0 }, onBatch: take)
      case .text(let take):
        try stream(run, prompts, tokenizer, work, take) { last = $0 }
      }
    guard isFinished else { throw WorkStopped() }
    try file?.finish()
    return Result(sequences: last?.sequenceCount ?? 0, newTokens: last?.newTokens ?? 0)
  }

  private func open(
    _ path: String, _ prompts: Prompts, _ work: Work
  ) throws -> GenerationFile {
    let identities = Identities(digests, work)
    let (tokenizer, artifact) = try identities.tokenizer(tokenizerFolder)
    let file = try GenerationFile(
      path,
      identity: GenerationFile.Identity(
        model: identities.model(model), tokenizer: artifact,
        prompts: digest(of: prompts, work), settings: settings,
        tokenizerFingerprint: tokenizer.identity().fingerprint))
    if file.restored > 0 {
      work.note("\(Number.grouped(file.restored)) sequences are there already")
    }
    return file
  }

  private func digest(of prompts: Prompts, _ work: Work) throws -> String {
    switch prompts {
    case .file(let path, let field):
      let file = try work.reading(path) { goesOn throws(StoreError) in
        try digests.sha256(of: path, goesOn: goesOn)
      }
      return try Digest.sha256(Array((file + field).utf8))
    case .texts(let texts):
      return try Digest.sha256(Array(texts.joined(separator: "\0").utf8))
    }
  }

  /// Writes lines batch by batch; whether all are there.
  private func write(
    _ run: GenerationRun, _ prompts: Prompts, to file: GenerationFile?, _ work: Work,
    _ progress: (GenerationRun.Progress) -> Void
  ) throws -> Bool {
    guard let file else { return true }
    var pace = Pace()
    return try run.run(
      prompts, from: file.restored, onToken: { _, _ in (try? work.checkpoint()) != nil },
      onProgress: { state in
        progress(state)
        let done =
          (Double(state.sequencesDone) + state.underWay) / Double(max(1, state.sequenceCount))
        let speed = Double(state.newTokens) / max(0.001, pace.seconds)
        work.report(
          WorkProgress(
            done, secondsLeft: pace.secondsLeft(at: done),
            detail: "\(Number.grouped(state.sequencesDone)) of "
              + "\(Number.grouped(state.sequenceCount)) sequences, "
              + "\(Number.grouped(Int(speed))) tokens/s"))
      }, onBatch: { try file.append($0) })
  }

  /// Gives out text as it comes; whether it came to its end.
  private func stream(
    _ run: GenerationRun, _ prompts: Prompts, _ tokenizer: Tokenizer, _ work: Work,
    _ take: (String) throws -> Void, _ progress: (GenerationRun.Progress) -> Void
  ) throws -> Bool {
    var text = GrowingText(tokenizer)
    var tokens = 0
    // What takes the text may fail; the generator knows only whether to go on.
    var failure: (any Error)?
    let pace = Pace()
    let isFinished = try run.run(
      prompts,
      onToken: { _, token in
        tokens += 1
        do {
          try take(text.append(token))
          try work.checkpoint()
          return true
        } catch {
          failure = error
          return false
        }
      }, onProgress: progress, onBatch: { _ in })
    if let failure, !(failure is WorkStopped) { throw failure }
    try take(text.finish() + "\n")
    work.note(
      "\(tokens) tokens in \(Number.fixed(pace.seconds, 1)) s, prompt included: "
        + "\(Number.fixed(Double(tokens) / pace.seconds, 1)) tokens/s")
    return isFinished
  }
}
