public import DifferenceSampling
import Store

/// What a selection keeps of scored chunks; writes nothing.
public struct Select {
  /// What came out.
  public struct Result: Sendable {
    public let selection: Selection
    /// What the table states about how it was made.
    public let record: ScoringRecord
  }

  private let scores: String
  private let settings: SelectionSettings

  /// - Parameter scores: `scores.safetensors`, or the folder that holds it.
  public init(scores: String, settings: SelectionSettings) {
    self.scores = scores
    self.settings = settings
  }

  /// Reads the table and selects.
  ///
  /// - Throws: `StoreError`, `DifferenceSamplingError.invalidSetting`, `WorkStopped`.
  public func run(_ work: Work) throws -> Result {
    let path = Folder.isFolder(scores) ? "\(scores)/\(ChunkScoresFile.name)" : scores
    let (table, metadata) = try ChunkScoresFile.read(path)
    try work.checkpoint()
    let record = ScoringRecord(metadata: metadata)
    let index = SelectionIndex(scores: table, sourceNames: record.sourceNames ?? [])
    return Result(selection: try index.select(settings), record: record)
  }
}
