public import LanguageModels

/// Where a run gets its teacher's distributions for a micro-batch.
public protocol DistillationSource: AnyObject {
  /// Columns of the vocabulary that they are over.
  var vocabularySize: Int { get }

  /// Gives `body` the distributions of every position of a batch.
  ///
  /// - Parameter chunks: the numbers of the batch's sequences in the run's chunks.
  func withTarget<Result>(
    of batch: PackedBatch, chunks: [Int], _ body: (DistillationTarget) throws -> Result
  ) throws -> Result
}

/// A teacher that passes over every batch beside its student.
public final class TeacherModel: DistillationSource {
  let model: any CausalLanguageModel
  private let workspace: Workspace

  /// - Parameters:
  ///   - model: made for scoring; of the student's tokenizer.
  ///   - training: decides the largest batch.
  /// - Throws: `TensorError.memory`; ask `TrainingMemory` first.
  public init(_ model: any CausalLanguageModel, training: TrainingConfiguration) throws {
    self.model = model
    workspace = try Workspace(
      for: model, maximumTokens: training.tokensPerMicroBatch,
      maximumSequences: training.chunksPerMicroBatch, purpose: .scoring)
  }

  public var vocabularySize: Int { model.configuration.vocabularySize }

  public func withTarget<Result>(
    of batch: PackedBatch, chunks: [Int], _ body: (DistillationTarget) throws -> Result
  ) throws -> Result {
    try withHead(of: batch) { try body(.head($0)) }
  }

  /// Gives `body` the teacher's head of a batch.
  func withHead<Result>(
    of batch: PackedBatch, _ body: (HeadFactors) throws -> Result
  ) throws -> Result {
    try model.withHead(batch, workspace: workspace, body)
  }
}
