public import Store

/// `reserve.json`: what was set aside for the reference model, and by which rule.
public struct ReserveRecord: Codable, Sendable, Equatable {
  /// Name of the file, in both folders of a split.
  public static let fileName = "reserve.json"

  /// Identity of the corpus that was split.
  public var corpus: String
  public var rule: ReserveRule
  /// Tokens that were asked for.
  public var wantedTokens: Int
  public var reservedChunks: Int
  public var reservedTokens: Int
  public var restChunks: Int
  public var restTokens: Int
  /// Chunks that hold documents of both sides and stand in neither.
  public var leftOutChunks: Int
  /// Whether no document lies on both sides.
  public var separatesDocuments: Bool
  /// What made the tokens, where the corpus says it: SHA-256 of the tokenizer.json, the token that
  /// ends documents, the number of ids.
  public var tokenizer: String?
  /// What the tokenizer is, whatever file it came from; nil in older records.
  public var tokenizerFingerprint: TokenizerFingerprint?
  public var endOfText: Int32?
  public var vocabularySize: Int?
}

extension ReserveRecord {
  /// The record in a folder of a split.
  public init(path folder: String) throws(StoreError) {
    self = try JSONFile.read(Self.self, from: "\(folder)/\(Self.fileName)")
  }
}

/// Which chunks are set aside.
public enum ReserveRule: Codable, Sendable, Equatable {
  /// The last ones, as the published split does with whole shards.
  case tail
  /// Runs of documents drawn by a seed; single chunks where documents are not known.
  case random(seed: UInt64)
}

/// `training_data.json` in a model's folder: what the model was trained on.
public struct TrainingDataRecord: Codable, Sendable, Equatable {
  /// Name of the file.
  public static let fileName = "training_data.json"

  /// Where the shards stood.
  public var shards: String
  /// Their identity.
  public var identity: String
  public var chunks: Int
  /// The run that the model's run branches off; nil for one of its own.
  public var fork: Fork?
  /// Batches that the run came to and was not trained on; nil where there are none.
  public var leftOut: [LeftOutBatch]?

  /// Where a run branches off another, and what it leaves out since.
  public struct Fork: Codable, Sendable, Equatable {
    /// Folder of the other run.
    public var run: String
    /// The step, from 1, because of whose batch it was made.
    public var step: Int
    /// Steps of the other run that it begins behind.
    public var checkpointStep: Int
    /// Chunks that it is not trained on, ascending.
    public var droppedChunks: [Int]

    public init(run: String, step: Int, checkpointStep: Int, droppedChunks: [Int]) {
      self.run = run
      self.step = step
      self.checkpointStep = checkpointStep
      self.droppedChunks = droppedChunks
    }
  }

  /// A batch without an update.
  public struct LeftOutBatch: Codable, Sendable, Equatable {
    /// From 1.
    public var step: Int
    public var chunks: [Int]
    public var reason: String

    public init(step: Int, chunks: [Int], reason: String) {
      self.step = step
      self.chunks = chunks
      self.reason = reason
    }
  }

  /// Describes shards.
  public init(shards: TokenShards, path: String) throws(CorpusError) {
    self.shards = path
    identity = try shards.identity()
    chunks = shards.count
  }

  /// The record of a model's folder; nil if there is none.
  public static func read(folder: String) throws(StoreError) -> TrainingDataRecord? {
    let path = "\(folder)/\(fileName)"
    return Folder.exists(path) ? try JSONFile.read(Self.self, from: path) : nil
  }

  /// Writes the record into a model's folder.
  public func write(folder: String) throws(StoreError) {
    try JSONFile.write(self, to: "\(folder)/\(Self.fileName)")
  }
}
