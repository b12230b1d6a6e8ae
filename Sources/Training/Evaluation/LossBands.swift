import Foundation
import Numerics

/// What intervals of losses were drawn from.
public struct BandOrigin: Codable, Sendable, Equatable {
  /// What is drawn.
  public enum Unit: String, Codable, Sendable {
    /// Documents: whatever of one document lies in whichever chunks is drawn together.
    case documents
    /// Chunks, where nobody knows their documents: too narrow where a document spans several.
    case chunks
  }

  public var unit: Unit
  /// How many of them there are.
  public var units: Int
  public var replicates: Int
  public var seed: UInt64
  /// Share of the replicates inside an interval.
  public var confidence: Double

  public init(
    unit: Unit, units: Int, replicates: Int, seed: UInt64, confidence: Double = 0.95
  ) {
    self.unit = unit
    self.units = units
    self.replicates = replicates
    self.seed = seed
    self.confidence = confidence
  }
}

/// Bootstrap intervals of losses, or of the differences of two models' losses, over documents.
///
/// Every mean here is a ratio of two sums over documents. The mean over tokens divides a document's
/// negative log-likelihoods by its tokens. The mean over chunks divides what the document adds to the
/// means of its chunks, sum_c nll_cd / n_c, by the part of these chunks that is its own,
/// sum_c n_cd / n_c: over all documents these are the sum of the chunks' means and their number.
struct LossBands {
  /// Intervals of one source, or of all.
  struct Group {
    /// Documents, or chunks.
    var units = 0
    var chunkMean: Interval?
    var tokenMean: Interval?
    var bitsPerByte: Interval?
  }

  let origin: BandOrigin
  let all: Group
  /// By number of the source.
  let sources: [Group]
  /// Of the mean over sources: each one's documents are drawn among themselves.
  let macro: Interval?

  /// Intervals of one model's losses.
  init(_ result: EvaluationResult, _ bootstrap: Bootstrap) {
    self.init(LossUnits(result), bootstrap)
  }

  /// Intervals of the losses of `b` minus those of `a`, which are of the same chunks.
  init(from a: EvaluationResult, to b: EvaluationResult, _ bootstrap: Bootstrap) {
    self.init(LossUnits(from: a, to: b), bootstrap)
  }

  private init(_ units: LossUnits, _ bootstrap: Bootstrap) {
    origin = BandOrigin(
      unit: units.kind, units: units.source.count, replicates: bootstrap.replicates,
      seed: bootstrap.seed)
    all = Self.group(units, nil, bootstrap).group
    var groups: [Group] = []
    // Means over chunks by source and replicate.
    var means: [[Double]] = []
    for source in 0..<units.sourceCount {
      let (group, replicates) = Self.group(units, source, bootstrap)
      groups.append(group)
      if group.units > 0 { means.append(replicates) }
    }
    sources = groups
    guard groups.allSatisfy({ $0.units != 1 }), !means.isEmpty else {
      macro = nil
      return
    }
    macro = Bootstrap.interval(
      of: (0..<bootstrap.replicates).map { replicate in
        means.reduce(0) { $0 + $1[replicate] } / Double(means.count)
      })
  }

  private static func group(
    _ units: LossUnits, _ source: Int?, _ bootstrap: Bootstrap
  ) -> (group: Group, chunkMeans: [Double]) {
    let columns = units.columns(of: source)
    var group = Group(units: columns[0].count)
    // One unit drawn from one unit tells nothing.
    guard group.units > 1 else { return (group, []) }
    let sums = bootstrap.sums(of: columns, stream: source.map { "source \($0)" } ?? "all")
    let chunkMeans = zip(sums[1], sums[0]).map { $0 / $1 }
    group.chunkMean = Bootstrap.interval(of: chunkMeans)
    group.tokenMean = Bootstrap.interval(of: zip(sums[3], sums[2]).map { $0 / $1 })
    if units.knowsBytes {
      group.bitsPerByte = Bootstrap.interval(of: zip(sums[3], sums[4]).map { $0 / log(2) / $1 })
    }
    return (group, chunkMeans)
  }
}

/// Losses by document, or by chunk.
private struct LossUnits {
  let kind: BandOrigin.Unit
  let sourceCount: Int
  let knowsBytes: Bool
  /// Number of the source, by unit.
  private(set) var source: [Int] = []
  /// Chunks, and sum of their means.
  private var chunks: [Double] = []
  private var means: [Double] = []
  /// Counted tokens, and sum of their negative log-likelihoods.
  private var tokens: [Double] = []
  private var nll: [Double] = []
  private var bytes: [Double] = []

  init(_ result: EvaluationResult) { self.init([(result, 1)]) }

  init(from a: EvaluationResult, to b: EvaluationResult) { self.init([(b, 1), (a, -1)]) }

  /// Sums of results with their signs; the first gives tokens and bytes.
  private init(_ results: [(result: EvaluationResult, sign: Double)]) {
    let first = results[0].result
    let hasDocuments = results.allSatisfy { entry in
      zip(entry.result.chunks, first.chunks).allSatisfy { chunk, other in
        chunk.parts != nil && chunk.parts?.map(\.document) == other.parts?.map(\.document)
      }
    }
    kind = hasDocuments ? .documents : .chunks
    sourceCount = first.sourceNames.count
    knowsBytes = first.chunks.allSatisfy { $0.bytes != nil }
    var unitOfDocument: [Int64: Int] = [:]
    for (number, chunk) in first.chunks.enumerated() {
      let parts = hasDocuments ? chunk.parts ?? [] : [chunk.whole]
      for (place, part) in parts.enumerated() {
        let known = hasDocuments ? unitOfDocument[part.document] : nil
        let unit = known ?? source.count
        if known == nil {
          append(source: chunk.source)
          if hasDocuments { unitOfDocument[part.document] = unit }
        }
        chunks[unit] += Double(part.tokens) / Double(chunk.tokens)
        tokens[unit] += Double(part.tokens)
        bytes[unit] += Double(part.bytes ?? 0)
        for (result, sign) in results {
          let own = result.chunks[number]
          let sum = hasDocuments ? own.parts?[place].nllSum ?? 0 : own.nllSum
          nll[unit] += sign * sum
          means[unit] += sign * sum / Double(own.tokens)
        }
      }
    }
  }

  private mutating func append(source number: Int) {
    source.append(number)
    chunks.append(0)
    means.append(0)
    tokens.append(0)
    nll.append(0)
    bytes.append(0)
  }

  /// Chunks, sum of means, tokens, sum of negative log-likelihoods, bytes: of a source, or of all.
  func columns(of wanted: Int?) -> [[Double]] {
    let all = [chunks, means, tokens, nll, bytes]
    guard let wanted else { return all }
    let units = source.indices.filter { source[$0] == wanted }
    return all.map { column in units.map { column[$0] } }
  }
}
