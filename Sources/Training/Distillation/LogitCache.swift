public import LanguageModels
import TensorKit

/// A cache of a teacher's distributions that a run reads instead of the teacher. Any number of students
/// of the same chunks may read one.
public final class LogitCache: DistillationSource {
  public let manifest: LogitCacheManifest
  private let folder: String
  /// Parts that were read last, by their numbers; a shuffled run jumps between them.
  private var parts: [Int: LogitCachePart] = [:]
  private var order: [Int] = []

  /// The columns of a part stay in memory but for the largest, which are mapped.
  private static let openParts = 64

  /// Opens a whole cache.
  ///
  /// - Throws: `DistillationError.cache`, `StoreError`.
  public init(folder: String) throws {
    self.folder = folder
    manifest = try LogitCacheManifest.read(folder: folder)
  }

  public var vocabularySize: Int { manifest.vocabularySize }

  public func withTarget<Result>(
    of batch: PackedBatch, chunks: [Int], _ body: (DistillationTarget) throws -> Result
  ) throws -> Result {
    var tokens = WeightedTokens(vocabulary: manifest.vocabularySize)
    for (sequence, chunk) in chunks.enumerated() {
      let positions = batch.sequenceOffsets[sequence + 1] - batch.sequenceOffsets[sequence]
      guard chunk < manifest.chunks else {
        throw DistillationError.cache(
          path: folder, found: "\(manifest.chunks) chunks", expected: "chunk \(chunk)",
          advice: "Make a cache of the run's shards.")
      }
      let part = chunk / manifest.chunksPerPart
      try open(part).append(
        chunk - manifest.chunks(ofPart: part).lowerBound, positions: positions, to: &tokens)
    }
    return try body(.tokens(tokens))
  }

  private func open(_ part: Int) throws -> LogitCachePart {
    if let known = parts[part] { return known }
    if order.count == Self.openParts { parts[order.removeFirst()] = nil }
    let opened = try LogitCachePart(
      path: "\(folder)/\(manifest.partName(part))", part: part, of: manifest)
    parts[part] = opened
    order.append(part)
    return opened
  }
}
