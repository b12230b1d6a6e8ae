import Corpus
import Store

/// What all chunks hold that a run reads, in parts, so that a resumed run can say where its data
/// differ.
///
/// Unlike `ChunkSource.fingerprint`, which looks at no more than 4096 chunks, it takes in every token
/// that any step of the run reads: hundreds of millions a second, where training takes thousands.
struct DataDigest: Codable, Sendable, Equatable {
  /// Ranges of equal numbers of chunks that the corpus is cut into.
  static let parts = 64
  /// Chunks after which the reader asks whether to go on.
  static let patience = 4096

  /// SHA-256 of each part, by the order of the chunks.
  let digests: [String]

  /// Reads the chunks of steps `0..<steps` of `plan`; nil where `goesOn` said no.
  init?(
    of chunks: any ChunkSource, plan: BatchPlan, steps: Int,
    goesOn: (_ done: Int, _ count: Int) throws -> Bool = { _, _ in true }
  ) throws {
    let numbers = plan.chunks(ofSteps: steps)
    var digests: [String] = []
    var tokens: [Int32] = []
    var next = 0
    for part in 0..<Self.parts {
      let end = Self.range(part, of: plan.chunkCount).upperBound
      var hasher = try Digest.Hasher()
      while next < numbers.count, numbers[next] < end {
        if next % Self.patience == 0, next > 0, try !goesOn(next, numbers.count) { return nil }
        try chunks.copyStoredTokens(of: numbers[next], into: &tokens)
        withUnsafeBytes(of: Int64(tokens.count).littleEndian) { hasher.update($0) }
        tokens.withUnsafeBytes { hasher.update($0) }
        next += 1
      }
      digests.append(hasher.finish())
    }
    self.digests = digests
  }

  /// - Throws: `TrainingError.dataChanged`, naming the chunks among which other tokens are.
  func require(_ begun: DataDigest, of plan: BatchPlan) throws(TrainingError) {
    let differing = zip(digests, begun.digests).enumerated().filter { $0.element.0 != $0.element.1 }
    guard let first = differing.first?.offset, let last = differing.last?.offset else { return }
    let range =
      Self.range(first, of: plan.chunkCount)
      .lowerBound..<Self.range(last, of: plan.chunkCount).upperBound
    throw .dataChanged(
      found: range.count == 1
        ? "other tokens in chunk \(range.lowerBound)"
        : "other tokens among the chunks \(range.lowerBound) to \(range.upperBound - 1)",
      expected: "those that they had")
  }

  private static func range(_ part: Int, of chunkCount: Int) -> Range<Int> {
    part * chunkCount / parts..<(part + 1) * chunkCount / parts
  }
}
