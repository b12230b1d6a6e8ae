public import DifferenceSampling
import Foundation
public import Numerics

/// What a selection keeps of each source, and what that makes of the mixture.
public struct KeepRates: Codable, Sendable, Equatable {
  /// One source, or all.
  public struct Row: Codable, Sendable, Equatable {
    public var source: String
    public var chunks: Int
    public var kept: Int
    public var tokens: Int
    public var keptTokens: Int
    /// Share of the chunks that is kept; 0 without chunks.
    public var keepRate: Double
    /// 95 % interval by Wilson: of the rate that such chunks have, of which these are a sample.
    public var interval: Interval?
  }

  public var sources: [Row]
  public var all: Row
  /// Entropy of the mixture of sources by tokens, bits, of each group.
  public var mixtureEntropy: [String: Double]
  /// Scored chunks without a finite score, which are dropped.
  public var nonFinite: Int

  public init(_ summary: SelectionSummary) {
    sources = summary.sources.filter { $0.totalChunks > 0 }.map(Row.init)
    all = Row(summary.all)
    nonFinite = summary.nonFinite
    mixtureEntropy = [
      ChunkGroup.all.rawValue: summary.entropyOfAll,
      ChunkGroup.kept.rawValue: summary.entropyOfKept,
      ChunkGroup.dropped.rawValue: Self.entropy(
        summary.sources.map { $0.totalTokens - $0.keptTokens }),
    ]
  }

  /// Shannon entropy of counts, bits.
  private static func entropy(_ counts: [Int]) -> Double {
    let total = Double(counts.reduce(0, +))
    return counts.reduce(0) { sum, count in
      count > 0 ? sum - Double(count) / total * log2(Double(count) / total) : sum
    }
  }

  /// Wilson's interval of a share (Wilson 1927); nil without a count.
  public static func wilson(_ part: Int, of count: Int) -> Interval? {
    guard count > 0 else { return nil }
    let z = 1.959963984540054
    let (n, share) = (Double(count), Double(part) / Double(count))
    let middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    let half =
      z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    return Interval(low: max(0, middle - half), high: min(1, middle + half))
  }
}

extension KeepRates.Row {
  fileprivate init(_ share: SourceShare) {
    self.init(
      source: share.source, chunks: share.totalChunks, kept: share.keptChunks,
      tokens: share.totalTokens, keptTokens: share.keptTokens, keepRate: share.keepRate,
      interval: KeepRates.wilson(share.keptChunks, of: share.totalChunks))
  }
}
