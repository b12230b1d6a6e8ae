import Corpus
public import Store
public import Training

/// What a run is trained on: `inputs.json` in its folder, so that its batches can be looked at later.
public struct RunInputs: Codable, Sendable, Equatable {
  /// Name of the file in a run's folder.
  public static let fileName = "inputs.json"

  /// Token shards: a folder, or one shard's path without its suffix.
  public var shards: String
  /// Whether their chunks are converted to another tokenizer while they are read.
  public var isConverted: Bool
  /// Where the student's tokenizer is; nil where none is known.
  public var tokenizer: String?

  init(_ place: TrainingPlace, _ chunks: any ChunkSource, tokenizer: String?) {
    shards = OutputPath.canonical(place.shards)
    isConverted = chunks is ConvertedChunks
    self.tokenizer = tokenizer.map(OutputPath.canonical)
  }

  func write(runFolder: String) throws(StoreError) {
    try Folder.make(runFolder)
    try JSONFile.write(self, to: "\(runFolder)/\(Self.fileName)")
  }

  /// Those of a run; nil where an earlier version trained it.
  public static func read(runFolder: String) throws(StoreError) -> RunInputs? {
    let path = "\(runFolder)/\(fileName)"
    return Folder.exists(path) ? try JSONFile.read(Self.self, from: path) : nil
  }
}

extension TrainingDataRecord {
  /// The record with what the files of a run say of forks and of batches without an update.
  func with(runFolder: String) throws -> TrainingDataRecord {
    var record = self
    record.fork = try RunFork.read(runFolder: runFolder).map {
      Fork(
        run: $0.parent, step: $0.step, checkpointStep: $0.checkpointStep,
        droppedChunks: $0.droppedChunks)
    }
    let left = try Decisions.read(runFolder: runFolder).leftOut
    record.leftOut =
      left.isEmpty
      ? nil
      : left.map {
        LeftOutBatch(step: $0.fault.step, chunks: $0.fault.chunks, reason: $0.fault.text)
      }
    return record
  }
}

extension RunFork {
  /// "this run branches off runs/a behind step 40, without 3 chunks".
  public var words: String {
    "this run branches off \(parent) behind step \(checkpointStep), without "
      + Self.words(chunks: droppedChunks.count)
  }
}
