public import TensorKit

/// Activations and scratch for micro-batches up to a size, mapped once and used by every pass.
///
/// Belongs to one job and one configuration. Not Sendable.
public final class Workspace {
  public let configuration: ModelConfiguration
  /// Of the products; that of the model.
  public let precision: Precision
  /// What products read their inputs in.
  let inputPrecision: Precision
  public let purpose: WorkspacePurpose
  /// The most input positions of a batch.
  public let maximumTokens: Int
  /// The most sequences of a batch, where memory depends on their number.
  public let maximumSequences: Int
  let activations: Activations
  let scratch: Arena
  private let start: UnsafeMutablePointer<Float>
  private let buffer: Buffer

  /// Maps memory for batches of at most `maximumTokens` positions in `maximumSequences` sequences
  /// (by default one sequence per 64 tokens, and at least 16).
  ///
  /// - Throws: `TensorError.memory` when the system has too little; ask ``MemoryPlan`` first.
  public init(
    configuration: ModelConfiguration, maximumTokens: Int, maximumSequences: Int? = nil,
    precision: Precision = .f32, purpose: WorkspacePurpose, compute: Compute
  ) throws {
    guard maximumTokens > 0 else {
      throw ModelError.batch(
        found: "room for \(maximumTokens) tokens", expected: "a workspace of at least 1")
    }
    self.configuration = configuration
    self.precision = precision
    inputPrecision = compute.capability.inputPrecision(of: precision)
    self.purpose = purpose
    activations = Activations(
      configuration, tokens: maximumTokens, sequences: maximumSequences,
      inputPrecision: inputPrecision, purpose: purpose)
    self.maximumTokens = maximumTokens
    self.maximumSequences = activations.maximumSequences
    buffer = try Buffer(floats: activations.floatCount)
    start = buffer.start.bindMemory(to: Float.self, capacity: activations.floatCount)
    scratch = try Arena(
      byteCount: ScratchPlan.bytes(
        configuration, tokens: maximumTokens, sequences: activations.maximumSequences,
        precision: precision, purpose: purpose, compute: compute))
    activations.family.writeTables(to: start)
  }

  /// A workspace for `model`.
  public convenience init(
    for model: any CausalLanguageModel, maximumTokens: Int, maximumSequences: Int? = nil,
    purpose: WorkspacePurpose
  ) throws {
    try self.init(
      configuration: model.configuration, maximumTokens: maximumTokens,
      maximumSequences: maximumSequences, precision: model.precision, purpose: purpose,
      compute: model.compute)
  }

  func pointer(_ slot: Slot) -> UnsafeMutablePointer<Float> { start + slot.offset }

  /// Writes what the layers need to know of the lengths of a pass's sequences.
  func writePassTables(
    positions: UnsafeMutablePointer<Int32>, offsets: SequenceOffsets, lengths: [Int]
  ) {
    activations.family.writePassTables(
      to: start, positions: positions, offsets: offsets, lengths: lengths)
  }
}

/// Temporary memory of the operations: the most that any of them takes at once.
enum ScratchPlan {
  static func bytes(
    _ configuration: ModelConfiguration, tokens: Int, sequences: Int, precision: Precision,
    purpose: WorkspacePurpose, compute: Compute
  ) -> Int {
    // One long sequence and empty ones: the most of every measure that the operations look at.
    let offsets = SequenceOffsets(
      lengths: [tokens] + Array(repeating: 0, count: max(0, sequences - 1)))
    var needs = [
      Ops.headScratch(tokens: tokens, vocabulary: configuration.vocabularySize)
    ]
    if purpose.trains {
      needs.append(
        Ops.headBackwardScratch(
          tokens: tokens, hidden: configuration.hiddenSize,
          vocabulary: configuration.vocabularySize, precision: precision))
      needs.append(Ops.rmsNormBackwardScratch(rows: tokens, size: configuration.hiddenSize))
    }
    needs.append(configuration.architecture.scratchBytes(offsets, purpose, compute))
    return needs.max() ?? 0
  }
}
