public import Corpus
public import DifferenceSampling
import Store

/// Token shards with the scores of their chunks, and what is selected of them.
public struct ScoredShards: Sendable {
  public let shards: TokenShards
  public let scores: ChunkScores
  public let selection: Selection

  /// Opens both, and looks whether they belong together.
  ///
  /// - Parameters:
  ///   - path: Token shards, or a part of them.
  ///   - scores: `scores.safetensors`, or the folder that holds it.
  /// - Throws: `PipelineError.otherSettings` for scores of other shards; `CorpusError`, `StoreError`,
  ///   `DifferenceSamplingError`, `WorkStopped`.
  public init(
    _ path: String, scores: String, _ settings: SelectionSettings, _ work: Work
  ) throws {
    shards = try TokenShards(ShardLocation(path))
    let metadata: [String: String]
    (self.scores, metadata) = try ChunkScoresFile.read(Self.table(scores))
    try work.checkpoint()
    let record = ScoringRecord(metadata: metadata)
    if let stated = record.corpus {
      let identity = try shards.identity()
      if stated.digest != identity {
        throw PipelineError.otherSettings(
          path: scores, found: "the corpus \(stated.name) (sha256 \(stated.digest.prefix(12)))",
          expected: "\(path) (sha256 \(identity.prefix(12)))")
      }
    }
    if let last = self.scores.chunks.last, last >= Int64(shards.count) {
      throw PipelineError.otherSettings(
        path: scores, found: "chunk \(last)", expected: "the \(shards.count) chunks of \(path)")
    }
    let index = SelectionIndex(
      scores: self.scores, sourceNames: record.sourceNames ?? shards.sources,
      chunkCount: shards.count)
    selection = try index.select(settings)
  }

  /// The table itself.
  static func table(_ path: String) -> String {
    Folder.isFolder(path) ? "\(path)/\(ChunkScoresFile.name)" : path
  }
}
