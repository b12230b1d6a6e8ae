public import Corpus
public import LanguageModels
public import Numerics
import TensorKit
import Training

/// Where the weights come from that a training begins with.
public enum TrainingStart {
  /// A model folder; its tokenizer goes with the trained model.
  case folder(ModelFolder)
  /// Fresh weights by a seed.
  case fresh(ModelConfiguration, RandomSource)

  /// The model's shape.
  func configuration() throws(ModelError) -> ModelConfiguration {
    switch self {
    case .folder(let folder): try folder.configuration()
    case .fresh(let configuration, _): configuration
    }
  }

  /// Looks at the model before anything is done with it.
  ///
  /// - Throws: as `Work.examine`.
  func examine(precision: Precision, compute: Ops, _ work: Work) throws(ModelError) {
    switch self {
    case .folder(let folder):
      try work.examine(folder, precision: precision, for: .training, compute: compute)
    case .fresh: try compute.require(precision, for: .training)
    }
  }

  /// The model, for training in `precision`.
  func model(
    precision: Precision, compute: Ops, _ work: Work
  ) throws -> any CausalLanguageModel {
    switch self {
    case .folder(let folder):
      try folder.load(precision: precision, compute: compute, work)
    case .fresh(let configuration, let seeds):
      try LanguageModel.make(
        configuration, initialization: .seeded(seeds), precision: precision, compute: compute)
    }
  }

  var folder: ModelFolder? {
    if case .folder(let folder) = self { folder } else { nil }
  }

  /// The token that ends the documents of `place`: where chunks are converted the model's own, else
  /// that of the shards' manifest, or else the model's.
  func endOfText(of place: TrainingPlace, _ work: Work) throws -> Int32? {
    switch self {
    case .fresh(let configuration, _): configuration.specialTokens.end.first.map { Int32($0) }
    case .folder(let folder) where place.chunks != nil:
      try (place.chunks as? ConvertedChunks)?.settings.newEndOfText ?? folder.endOfText()
    case .folder(let folder):
      try EndOfText.find(given: nil, shards: place.shards, model: folder, work)
    }
  }
}

/// What one training reads and where it goes.
public struct TrainingPlace {
  /// Token shards: a folder, or one shard's path without its suffix.
  public var shards: String
  /// The chunks, if they are not those of `shards` as they stand (converted ones).
  public var chunks: (any ChunkSource)?
  /// Metrics and checkpoints.
  public var runFolder: String
  /// Folder for the finished model; nil saves none beside the checkpoints.
  public var output: String?
  /// Folder for the event files of TensorBoard; nil writes none.
  public var tensorBoard: String?

  public init(
    shards: String, chunks: (any ChunkSource)? = nil, runFolder: String, output: String? = nil,
    tensorBoard: String? = nil
  ) {
    self.shards = shards
    self.chunks = chunks
    self.runFolder = runFolder
    self.output = output
    self.tensorBoard = tensorBoard
  }

  func open() throws -> any ChunkSource {
    try chunks ?? TokenShards(ShardLocation(shards))
  }

  /// Saves a finished model with its tokenizer and the record of what it was trained on; one that
  /// stands there already is this run's (`checked`).
  func save(
    _ model: any CausalLanguageModel, tokenizerFolder: String?, data: TrainingDataRecord?,
    announcement: TrainingAnnouncement, _ work: Work
  ) throws {
    guard let output else { return }
    if ModelFolder(output).isPresent {
      work.note("the run was done, and its model stands in \(output)")
      if try TrainingDataRecord.read(folder: output) != nil { return }
    } else {
      try model.save(to: output, tokenizerFolder: tokenizerFolder)
      work.noteTokenizer(of: ModelFolder(output))
    }
    try announcement.training.distillation?.write(folder: output)
    try ModelCard(
      announcement, at: self, output: output, data: data, hasTokenizer: tokenizerFolder != nil
    ).write(folder: output)
    // Last: what has it is whole.
    try data?.with(runFolder: runFolder).write(folder: output)
  }

  /// What the model's folder will say that it was trained on, as it is before the training; nil where
  /// none is made.
  func record(of chunks: any ChunkSource) throws -> TrainingDataRecord? {
    guard output != nil else { return nil }
    let read =
      try chunks as? TokenShards ?? (chunks as? ConvertedChunks)?.shards
      ?? TokenShards(ShardLocation(shards))
    return try TrainingDataRecord(shards: read, path: shards)
  }
}

extension TrainingConfiguration {
  /// Says before a model is made that the chunks do not fill one step.
  func requireOneStep(of chunks: any ChunkSource) throws(TrainingError) {
    guard chunks.count >= chunksPerStep else {
      throw .corpusTooSmall(chunks: chunks.count, chunksPerStep: chunksPerStep)
    }
  }
}
