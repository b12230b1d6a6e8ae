import Foundation
public import Numerics

/// The held-out loss of one model, chunk by chunk: what summaries and paired comparisons come from.
public struct EvaluationResult: Codable, Sendable, Equatable {
  /// The loss of one chunk.
  public struct Chunk: Codable, Sendable, Equatable {
    /// Index into `sourceNames`.
    public var source: Int
    /// Counted targets.
    public var tokens: Int
    /// Sum of their negative log-likelihoods, nats.
    public var nllSum: Double
    /// UTF-8 bytes of the counted targets, where known.
    public var bytes: Int?
    /// The same by document, where the documents of the chunk are known.
    public var parts: [Part]?

    public init(
      source: Int, tokens: Int, nllSum: Double, bytes: Int? = nil, parts: [Part]? = nil
    ) {
      self.source = source
      self.tokens = tokens
      self.nllSum = nllSum
      self.bytes = bytes
      self.parts = parts
    }

    /// Mean negative log-likelihood of the chunk.
    var mean: Double { nllSum / Double(tokens) }

    /// The chunk as if it were one document.
    var whole: Part { Part(document: 0, tokens: tokens, nllSum: nllSum, bytes: bytes) }
  }

  /// The counted targets of one document inside of one chunk.
  public struct Part: Codable, Sendable, Equatable {
    /// Which document.
    public var document: Int64
    public var tokens: Int
    public var nllSum: Double
    public var bytes: Int?

    public init(document: Int64, tokens: Int, nllSum: Double, bytes: Int? = nil) {
      self.document = document
      self.tokens = tokens
      self.nllSum = nllSum
      self.bytes = bytes
    }
  }

  /// Names of the sources.
  public var sourceNames: [String]
  /// Every chunk with at least one counted target, in the order of the corpus; where whole texts are
  /// measured, one for each of them.
  public var chunks: [Chunk]
  /// How texts were read, where whole texts were measured.
  public var windows: StridedWindows?

  public init(sourceNames: [String], chunks: [Chunk], windows: StridedWindows? = nil) {
    self.sourceNames = sourceNames
    self.chunks = chunks
    self.windows = windows
  }

  /// The losses by source and of all.
  ///
  /// - Parameter bootstrap: gives every mean its interval; nil leaves them out.
  /// - Throws: `TrainingError.nothingToEvaluate`.
  public func summary(bands bootstrap: Bootstrap? = nil) throws -> EvaluationSummary {
    guard !chunks.isEmpty else { throw TrainingError.nothingToEvaluate }
    let bands = bootstrap.map { LossBands(self, $0) }
    let groups = Dictionary(grouping: chunks, by: \.source)
    let sources = sourceNames.indices.compactMap { index in
      groups[index].map {
        SourceLoss(name: sourceNames[index], chunks: $0, bands?.sources[index], bands?.origin)
      }
    }
    let macro = sources.reduce(0) { $0 + $1.chunkMean } / Double(sources.count)
    return EvaluationSummary(
      all: SourceLoss(name: "all", chunks: chunks, bands?.all, bands?.origin), macroLoss: macro,
      macroBand: bands?.macro, sources: sources, bands: bands?.origin, windows: windows)
  }
}

/// The held-out losses of one model, nats a token.
public struct EvaluationSummary: Codable, Sendable, Equatable {
  /// All chunks; `all.chunkMean` is the loss as MiniPLM publishes it.
  public var all: SourceLoss
  /// Unweighted mean of the sources' `chunkMean`.
  public var macroLoss: Double
  /// 95 % interval of `macroLoss`; nil where nobody asked, or where a source has one document.
  public var macroBand: Interval?
  /// The sources that have chunks, in the order of the corpus's labels.
  public var sources: [SourceLoss]
  /// What the intervals were drawn from; nil where nobody asked for them.
  public var bands: BandOrigin?
  /// How texts were read, where whole texts were measured: `chunks` then counts texts.
  public var windows: StridedWindows?
}

/// The held-out loss of one source.
public struct SourceLoss: Codable, Sendable, Equatable {
  public var name: String
  /// Number of chunks.
  public var chunks: Int
  /// Counted targets.
  public var tokens: Int
  /// Unweighted mean over chunks of each chunk's mean negative log-likelihood (method of the paper).
  public var chunkMean: Double
  /// Standard error of `chunkMean`; nil for a single chunk.
  public var standardError: Double?
  /// Mean negative log-likelihood over all tokens.
  public var tokenMean: Double
  /// Bits a UTF-8 byte, comparable between tokenizers; nil where bytes are not known.
  public var bitsPerByte: Double?
  /// Documents, where intervals were drawn from them.
  public var documents: Int?
  /// 95 % intervals by the bootstrap; nil where nobody asked, or for a single document.
  public var chunkMeanBand: Interval?
  public var tokenMeanBand: Interval?
  public var bitsPerByteBand: Interval?

  /// e to the `tokenMean`.
  public var perplexity: Double { exp(tokenMean) }

  init(
    name: String, chunks: [EvaluationResult.Chunk], _ bands: LossBands.Group? = nil,
    _ origin: BandOrigin? = nil
  ) {
    self.name = name
    self.chunks = chunks.count
    tokens = chunks.reduce(0) { $0 + $1.tokens }
    let nll = chunks.reduce(0) { $0 + $1.nllSum }
    let means = MeanEstimate(chunks.map(\.mean))
    chunkMean = means.mean
    standardError = means.standardError
    tokenMean = nll / Double(tokens)
    let bytes = chunks.compactMap(\.bytes)
    let byteCount = bytes.reduce(0, +)
    bitsPerByte =
      bytes.count == chunks.count && byteCount > 0 ? nll / log(2) / Double(byteCount) : nil
    documents = origin?.unit == .documents ? bands?.units : nil
    chunkMeanBand = bands?.chunkMean
    tokenMeanBand = bands?.tokenMean
    bitsPerByteBand = bands?.bitsPerByte
  }
}

extension SourceLoss {
  private enum DerivedKeys: CodingKey { case perplexity }

  /// All fields, and the perplexity that follows from them.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(name, forKey: .name)
    try values.encode(chunks, forKey: .chunks)
    try values.encode(tokens, forKey: .tokens)
    try values.encode(chunkMean, forKey: .chunkMean)
    try values.encodeIfPresent(standardError, forKey: .standardError)
    try values.encode(tokenMean, forKey: .tokenMean)
    try values.encodeIfPresent(bitsPerByte, forKey: .bitsPerByte)
    try values.encodeIfPresent(documents, forKey: .documents)
    try values.encodeIfPresent(chunkMeanBand, forKey: .chunkMeanBand)
    try values.encodeIfPresent(tokenMeanBand, forKey: .tokenMeanBand)
    try values.encodeIfPresent(bitsPerByteBand, forKey: .bitsPerByteBand)
    var derived = encoder.container(keyedBy: DerivedKeys.self)
    // JSON has no infinity: beyond the largest number the loss says it all.
    if perplexity.isFinite { try derived.encode(perplexity, forKey: .perplexity) }
  }
}
