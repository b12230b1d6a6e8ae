import Corpus
import LanguageModels
import Numerics
import Store
import Tokenizers
public import Training

/// Whole texts that a model's loss is measured on, one after the other.
public struct HeldOutTexts {
  /// Where they are.
  public enum Place {
    /// Files of text, folders of them, patterns, or `-` for the standard input.
    case files([String], TextFields)
    /// The documents of token shards.
    case shards(String)
  }

  public var place: Place
  /// At most so many texts.
  public var limit: Int
  /// A tokenizer.json or its folder; nil takes the one of the model.
  public var tokenizer: String?
  /// What comes before a text.
  public var start: TextStart

  public init(
    _ place: Place, limit: Int = .max, tokenizer: String? = nil, start: TextStart = .tokenizer
  ) {
    self.place = place
    self.limit = limit
    self.tokenizer = tokenizer
    self.start = start
  }

  /// Opens them for a model.
  ///
  /// - Parameter endOfText: of the shards; given by a caller.
  /// - Throws: `CorpusError`, `TokenizerError`, `PipelineError.setting`.
  func open(
    for model: ModelFolder, endOfText: Int32?, _ work: Work
  ) throws -> any TextSource {
    switch place {
    case .files(let paths, let fields):
      guard let place = tokenizer ?? model.tokenizerIfPresent else {
        throw PipelineError.setting(
          name: "tokenizer", found: "none in \(model.path)",
          expected: "the model's tokenizer.json or its folder")
      }
      let inputs = try work.inputs(paths)
      return try FileTexts(
        inputs, options: fields.options(for: inputs, work), Tokenizer.load(from: place), at: place,
        start, limit: limit, work)
    case .shards(let path):
      let heldOut = HeldOut(shards: path, tokenizer: tokenizer)
      try ShardsTokenizer(ofShards: path).compare(with: model, tokenizer: tokenizer, work)
      let end = try EndOfText.find(given: endOfText, shards: path, model: model, work)
      return try ShardTexts(
        path, end: end, bytes: heldOut.tokenByteCounts(model, work),
        tokenizer: (tokenizer ?? model.tokenizerIfPresent).flatMap {
          try? Tokenizer.load(from: $0)
        }, start, limit: limit, work)
    }
  }
}

/// What a loss is measured on: chunks as they are, or whole texts.
public enum HeldOutMaterial {
  case chunks(HeldOut)
  case texts(HeldOutTexts, StridedWindows)

  /// The token shards, where there are any.
  var shards: String? {
    switch self {
    case .chunks(let heldOut): heldOut.shards
    case .texts(let texts, _): if case .shards(let path) = texts.place { path } else { nil }
    }
  }
}

/// Texts in their order.
protocol TextSource: AnyObject {
  /// Names of the sources so far.
  var sources: [String] { get }
  /// Texts given so far.
  var count: Int { get }
  /// Shares of all texts: those before the one that was given last, and that one; nil where nobody
  /// knows how much there is.
  var progress: (before: Double, current: Double)? { get }
  func next() throws -> EvaluatedText?
  /// What has to be said when all was read.
  func finish(_ work: Work) throws
}

/// Texts of files, as the tokenizer cuts them.
final class FileTexts: TextSource {
  private var reader: CorpusReader?
  private var table = SourceTable()
  private let inputs: CorpusInputs
  private let tokenizer: Tokenizer
  private let encoder: TokenEncoder
  private let frame: TextFrame
  private let limit: Int
  /// Bytes of all texts; nil for a stream, which is read only once.
  private let totalBytes: Int?
  private var bytes = (before: 0, current: 0)
  private(set) var count = 0

  init(
    _ inputs: CorpusInputs, options: ReaderOptions, _ tokenizer: Tokenizer, at place: String,
    _ start: TextStart, limit: Int, _ work: Work
  ) throws {
    self.inputs = inputs
    self.tokenizer = tokenizer
    self.limit = limit
    encoder = TokenEncoder(tokenizer)
    frame = try TextFrame(start, tokenizer, at: place)
    totalBytes =
      inputs.stream == nil ? try Self.countBytes(of: inputs, options, limit: limit, work) : nil
    reader = try CorpusReader(inputs, options: options)
  }

  /// Bytes of the texts: a pass over them takes a moment beside what a model needs for them.
  private static func countBytes(
    of inputs: CorpusInputs, _ options: ReaderOptions, limit: Int, _ work: Work
  ) throws -> Int {
    var reader = try CorpusReader(inputs, options: options)
    var (count, bytes) = (0, 0)
    while count < limit, let document = try stoppable({ try reader.next() }) {
      count += 1
      bytes += document.text.count
      if count % 1024 == 1 {
        try work.checkpoint()
        work.report(WorkProgress(nil, detail: "reading texts"))
      }
    }
    return bytes
  }

  var sources: [String] { table.names }

  var progress: (before: Double, current: Double)? {
    totalBytes.map { total in
      let all = Double(max(1, total))
      return (Double(bytes.before) / all, Double(bytes.current) / all)
    }
  }

  func next() throws -> EvaluatedText? {
    guard count < limit, let document = try stoppable({ try reader?.next() }) else { return nil }
    defer { count += 1 }
    bytes = (bytes.before + bytes.current, document.text.count)
    let own = encoder.encode(document.string)
    var counted = document.text.count
    // What is no target stands for none of the bytes.
    if frame.prefix.isEmpty, let first = own.first { counted -= tokenizer.bytes(of: first).count }
    return EvaluatedText(
      document: Int64(count), source: Int(try table.id(of: document.source)),
      tokens: frame.prefix + own + frame.suffix, firstTarget: max(1, frame.prefix.count),
      bytes: max(0, counted))
  }

  func finish(_ work: Work) throws {
    work.note(reader?.rejectSummaries ?? [])
    if count == 0 {
      throw CorpusError.emptyCorpus(
        inputs: inputs.paths, rejects: reader?.rejectSummaries ?? [])
    }
  }
}
