import Foundation
public import Numerics

/// Two models on the same held-out chunks: losses by source, and paired differences with 95 %
/// intervals.
///
/// Pairing removes what makes a chunk hard for both, so that the interval is far narrower than
/// those of the two losses. There are two: `halfWidth` by Student's t counts the chunks of one document
/// as independent, which they are not quite, so that it is a little too narrow where documents span many
/// chunks; `band` by the bootstrap draws whole documents, and is too narrow where there are few of them.
///
/// Models of different tokenizers have no tokens in common. Of whole texts, whose bytes are known, they are
/// compared in bits a byte instead.
public struct EvaluationComparison: Codable, Sendable, Equatable {
  /// What losses and differences are given in.
  public enum Unit: String, Codable, Sendable {
    case natsPerToken
    /// Where the two models have other tokens.
    case bitsPerByte
  }

  /// One line of the table.
  public struct Row: Codable, Sendable, Equatable {
    public var name: String
    /// Number of chunks.
    public var chunks: Int
    /// Loss of the first model, nats a token.
    public var lossA: Double
    /// Loss of the second model.
    public var lossB: Double
    /// `lossB - lossA`: below zero when the second model is better.
    public var delta: Double
    /// Half the width of the 95 % interval of `delta`; nil for fewer than two chunks.
    public var halfWidth: Double?
    /// 95 % interval of `delta` over documents; nil for fewer than two.
    public var band: Interval?

    /// Whether zero is outside of the interval, of both where there are two.
    public var isSignificant: Bool {
      halfWidth.map { abs(delta) > $0 && !(band?.contains(0) ?? false) } ?? false
    }
  }

  /// A row for each source: means over chunks.
  public var sources: [Row]
  /// Mean of the sources' losses.
  public var macro: Row
  /// Unweighted mean over all chunks, as MiniPLM publishes it.
  public var chunkMean: Row
  /// Mean over all tokens.
  public var tokenMean: Row
  /// Bits a byte, where they are known of both models.
  public var bitsPerByte: Row?
  /// What the intervals over documents were drawn from.
  public var bands: BandOrigin?
  /// Of all rows but `bitsPerByte`; nil in older files, which have nats a token.
  public var unit: Unit?

  /// The whole table, as every door shows it: the sources, then all chunks by each measure.
  public var rows: [Row] { sources + [chunkMean, macro, tokenMean] }

  /// Compares `b` with `a`.
  ///
  /// - Throws: `TrainingError.incomparable` when they are not of the same chunks.
  public init(
    _ a: EvaluationResult, _ b: EvaluationResult, bootstrap: Bootstrap = Bootstrap()
  ) throws {
    guard a.chunks.count == b.chunks.count, a.sourceNames == b.sourceNames else {
      throw TrainingError.incomparable(
        found: "\(b.chunks.count) chunks of \(b.sourceNames.joined(separator: ", "))",
        expected: "\(a.chunks.count) chunks of \(a.sourceNames.joined(separator: ", "))")
    }
    unit = .natsPerToken
    var (a, b) = (a, b)
    if zip(a.chunks, b.chunks).contains(where: { $0.tokens != $1.tokens }), a.windows != nil {
      guard let (first, second) = Self.byBytes(a, b) else {
        throw TrainingError.incomparable(
          found: "texts in other tokens of which not the same bytes count",
          expected: "the same bytes: what stands before a text decides (--start boundary)")
      }
      (a, b) = (first, second)
      unit = .bitsPerByte
    }
    let pairs = Array(zip(a.chunks, b.chunks))
    if let index = pairs.firstIndex(where: { $0.source != $1.source || $0.tokens != $1.tokens }) {
      throw TrainingError.incomparable(
        found: "chunk \(index) of \(b.chunks[index].tokens) tokens",
        expected: "\(a.chunks[index].tokens) tokens of the same source")
    }
    guard !pairs.isEmpty else { throw TrainingError.nothingToEvaluate }
    let groups = Dictionary(grouping: pairs, by: { $0.0.source })
    let drawn = LossBands(from: a, to: b, bootstrap)
    bands = drawn.origin
    sources = a.sourceNames.indices.compactMap { index in
      groups[index].map {
        Self.chunkMeanRow(a.sourceNames[index], $0, drawn.sources[index].chunkMean)
      }
    }
    let (texts, tokens) =
      unit == .bitsPerByte ? ("texts", "bytes") : ("chunks, as published", "tokens")
    chunkMean = Self.chunkMeanRow("all (mean over \(texts))", pairs, drawn.all.chunkMean)
    tokenMean = Self.tokenMeanRow("all (mean over \(tokens))", pairs, drawn.all.tokenMean)
    macro = Self.macroRow("all (mean over sources)", sources, chunks: pairs.count, drawn.macro)
    bitsPerByte =
      unit == .bitsPerByte
      ? nil : Self.bitsPerByteRow("all (bits per byte)", pairs, drawn.all.bitsPerByte)
  }

  /// Both results with bytes in the place of tokens, and bits in the place of nats; nil where a text's
  /// bytes are not known, or are not the same for both.
  private static func byBytes(
    _ a: EvaluationResult, _ b: EvaluationResult
  ) -> (EvaluationResult, EvaluationResult)? {
    func converted(_ result: EvaluationResult) -> EvaluationResult? {
      var result = result
      for index in result.chunks.indices {
        guard let bytes = result.chunks[index].bytes, bytes > 0 else { return nil }
        result.chunks[index].tokens = bytes
        result.chunks[index].nllSum /= log(2)
        guard let parts = result.chunks[index].parts else { continue }
        result.chunks[index].parts = parts.map {
          EvaluationResult.Part(
            document: $0.document, tokens: $0.bytes ?? 0, nllSum: $0.nllSum / log(2),
            bytes: $0.bytes)
        }
      }
      return result
    }
    guard let first = converted(a), let second = converted(b) else { return nil }
    return zip(first.chunks, second.chunks).allSatisfy { $0.tokens == $1.tokens }
      ? (first, second) : nil
  }

  private typealias Pair = (EvaluationResult.Chunk, EvaluationResult.Chunk)

  private static func chunkMeanRow(
    _ name: String, _ pairs: [Pair], _ band: Interval?
  ) -> Row {
    let difference = MeanEstimate(pairs.map { $1.mean - $0.mean })
    return Row(
      name: name, chunks: pairs.count, lossA: MeanEstimate(pairs.map(\.0.mean)).mean,
      lossB: MeanEstimate(pairs.map(\.1.mean)).mean, delta: difference.mean,
      halfWidth: difference.standardError.map {
        $0 * StudentT.quantile975(degreesOfFreedom: pairs.count - 1)
      }, band: band)
  }

  /// The ratio of sums; its variance by linearisation (Cochran, "Sampling Techniques", ch. 6).
  private static func tokenMeanRow(
    _ name: String, _ pairs: [Pair], _ band: Interval?
  ) -> Row {
    let tokens = Double(pairs.reduce(0) { $0 + $1.0.tokens })
    let lossA = pairs.reduce(0) { $0 + $1.0.nllSum } / tokens
    let lossB = pairs.reduce(0) { $0 + $1.1.nllSum } / tokens
    let delta = lossB - lossA
    var halfWidth: Double?
    if pairs.count > 1 {
      let n = Double(pairs.count)
      let squares = pairs.reduce(0) { sum, pair in
        let residual = pair.1.nllSum - pair.0.nllSum - delta * Double(pair.0.tokens)
        return sum + residual * residual
      }
      halfWidth =
        (n / (n - 1) * squares).squareRoot() / tokens
        * StudentT.quantile975(degreesOfFreedom: pairs.count - 1)
    }
    return Row(
      name: name, chunks: pairs.count, lossA: lossA, lossB: lossB, delta: delta,
      halfWidth: halfWidth, band: band)
  }

  /// Bits a byte of all chunks; nil where a chunk's bytes are not known.
  private static func bitsPerByteRow(
    _ name: String, _ pairs: [Pair], _ band: Interval?
  ) -> Row? {
    let bytes = pairs.compactMap(\.0.bytes)
    let total = bytes.reduce(0, +)
    guard bytes.count == pairs.count, total > 0 else { return nil }
    func bits(_ value: (Pair) -> Double) -> Double {
      pairs.reduce(0) { $0 + value($1) } / log(2) / Double(total)
    }
    let (a, b) = (bits(\.0.nllSum), bits(\.1.nllSum))
    return Row(name: name, chunks: pairs.count, lossA: a, lossB: b, delta: b - a, band: band)
  }

  /// The mean of independent estimates: half widths add in squares.
  private static func macroRow(
    _ name: String, _ sources: [Row], chunks: Int, _ band: Interval?
  ) -> Row {
    let count = Double(sources.count)
    func mean(_ value: (Row) -> Double) -> Double { sources.reduce(0) { $0 + value($1) } / count }
    let widths = sources.compactMap(\.halfWidth)
    return Row(
      name: name, chunks: chunks, lossA: mean(\.lossA), lossB: mean(\.lossB),
      delta: mean(\.delta),
      halfWidth: widths.count == sources.count
        ? widths.reduce(0) { $0 + $1 * $1 }.squareRoot() / count : nil, band: band)
  }
}
