import Foundation

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

    public init(source: Int, tokens: Int, nllSum: Double, bytes: Int? = nil) {
      self.source = source
      self.tokens = tokens
      self.nllSum = nllSum
      self.bytes = bytes
    }

    /// Mean negative log-likelihood of the chunk.
    var mean: Double { nllSum / Double(tokens) }
  }

  /// Names of the sources.
  public var sourceNames: [String]
  /// Every chunk with at least one counted target, in the order of the corpus.
  public var chunks: [Chunk]

  public init(sourceNames: [String], chunks: [Chunk]) {
    self.sourceNames = sourceNames
    self.chunks = chunks
  }

  /// The losses by source and of all.
  public func summary() throws -> EvaluationSummary {
    guard !chunks.isEmpty else { throw TrainingError.nothingToEvaluate }
    let groups = Dictionary(grouping: chunks, by: \.source)
    let sources = sourceNames.indices.compactMap { index in
      groups[index].map { SourceLoss(name: sourceNames[index], chunks: $0) }
    }
    let macro = sources.reduce(0) { $0 + $1.chunkMean } / Double(sources.count)
    return EvaluationSummary(
      all: SourceLoss(name: "all", chunks: chunks), macroLoss: macro, sources: sources)
  }
}

/// The held-out losses of one model, nats a token.
public struct EvaluationSummary: Codable, Sendable, Equatable {
  /// All chunks; `all.chunkMean` is the loss as MiniPLM publishes it.
  public var all: SourceLoss
  /// Unweighted mean of the sources' `chunkMean`.
  public var macroLoss: Double
  /// The sources that have chunks, in the order of the corpus's labels.
  public var sources: [SourceLoss]
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

  /// e to the `tokenMean`.
  public var perplexity: Double { exp(tokenMean) }

  init(name: String, chunks: [EvaluationResult.Chunk]) {
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
  }
}
