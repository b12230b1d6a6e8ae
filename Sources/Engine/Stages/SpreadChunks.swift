import Pipeline
import Training

/// Some chunks of others, spread evenly, so that every source has its share.
struct SpreadChunks: TokenChunks {
  let count: Int
  private let base: any TokenChunks

  /// At most `limit` chunks of `base`.
  init(_ base: any TokenChunks, limit: Int) {
    self.base = base
    count = min(max(0, limit), base.count)
  }

  var sources: [String] { base.sources }
  func source(of chunk: Int) -> Int { base.source(of: place(chunk)) }
  func tokens(of chunk: Int) throws -> [Int32] { try base.tokens(of: place(chunk)) }

  private func place(_ chunk: Int) -> Int { chunk * base.count / max(1, count) }
}
