import Corpus
import Store
import Training

/// Makes a run that branches off another before a step and leaves chunks out from there on. `Train` on
/// its folder, with the settings of the parent, goes on with it.
public struct ForkRun {
  /// What came out.
  public struct Result: Encodable, Sendable, Equatable {
    /// Folder of the new run.
    public var run: String
    public var parent: String
    public var step: Int
    /// Steps of the parent that it begins behind.
    public var checkpointStep: Int
    /// Chunks that were named or hold a part of a named document, ascending.
    public var droppedChunks: [Int]
    /// Documents that are left out whole.
    public var droppedDocuments: [Int64]
  }

  private let parent: String
  private let step: Int
  private let chunks: [Int]
  private let wholeDocuments: Bool
  private let shards: String?
  private let output: String

  /// - Parameters:
  ///   - step: from 1: that of the batch, before which the fork begins.
  ///   - chunks: by their numbers in the parent's shards.
  ///   - wholeDocuments: whether all chunks with a part of a document of these chunks go, too.
  ///   - shards: the parent's; nil takes what its folder says.
  public init(
    of parent: String, step: Int, dropping chunks: [Int], wholeDocuments: Bool = false,
    shards: String? = nil, to output: String
  ) {
    self.parent = parent
    self.step = step
    self.chunks = chunks
    self.wholeDocuments = wholeDocuments
    self.shards = shards
    self.output = output
  }

  /// - Throws: `TrainingError.noRun`, `.cannotFork`; `PipelineError.setting`; `StoreError.occupied`;
  ///   `CorpusError`.
  public func run(_ work: Work) throws -> Result {
    guard !chunks.isEmpty else {
      throw PipelineError.setting(
        name: "drop-chunks", found: "none", expected: "at least one chunk of the run's shards")
    }
    let target = try OutputPath(folder: output, isPublished: true)
    try target.requireApart(from: [(parent, "the run")], mayBeInside: true)
    try target.requireFree()
    let (all, documents) = try wholeDocuments ? withDocuments(work) : (chunks, [])
    return try work.holding([.output(target.path)]) {
      let fork = try RunFork.make(
        of: parent, beforeStep: step, dropping: all, documents: documents, into: target.path)
      if fork.checkpointStep == 0 {
        work.note(
          "no checkpoint before step \(step) is kept: the fork begins from the start", .warning)
      }
      return Result(
        run: target.path, parent: fork.parent, step: step, checkpointStep: fork.checkpointStep,
        droppedChunks: fork.droppedChunks, droppedDocuments: fork.drops.last?.documents ?? [])
    }
  }

  /// The chunks with all others that hold a part of their documents.
  private func withDocuments(_ work: Work) throws -> ([Int], [Int64]) {
    let corpus = try RunShards.open(run: parent, shards: shards)
    var all = Set(chunks)
    var documents: Set<Int64> = []
    for chunk in chunks {
      let pieces = corpus.documents(of: chunk)
      if pieces.isEmpty {
        throw PipelineError.setting(
          name: "whole-documents", found: "chunk \(chunk) of unknown documents",
          expected: "shards that say which documents their chunks are of")
      }
      for piece in pieces where documents.insert(piece.document).inserted {
        try work.checkpoint()
        all.formUnion(corpus.places(ofDocument: piece.document).map(\.chunk))
      }
    }
    return (all.sorted(), documents.sorted())
  }
}

/// The shards of a run.
enum RunShards {
  /// - Throws: `PipelineError.setting` where nothing says which they are.
  static func path(run: String, shards: String?) throws -> String {
    if let shards { return shards }
    guard let inputs = try RunInputs.read(runFolder: run) else {
      throw PipelineError.setting(
        name: "shards", found: "none, and \(run) does not say which it was trained on",
        expected: "the folder of its token shards")
    }
    return inputs.shards
  }

  static func open(run: String, shards: String?) throws -> TokenShards {
    try TokenShards(ShardLocation(path(run: run, shards: shards)))
  }
}
