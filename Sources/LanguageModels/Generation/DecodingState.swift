import TensorKit

/// What a model keeps of the sequences that it continues, such as keys and values.
///
/// Made for one model with the weights that it has now; one state belongs to one job. Not Sendable.
public final class DecodingState {
  public let plan: DecodingPlan
  let configuration: ModelConfiguration
  private let slots: DecodingSlots
  let workspace: Workspace
  private let cacheBuffer: Buffer
  private let start: UnsafeMutablePointer<Float>
  private let next: NextTokenBuffers
  private let nextBuffer: Buffer
  private let nextStart: UnsafeMutablePointer<Float>
  private var lengths: [Int]

  /// Maps the memory of `plan`.
  ///
  /// - Throws: `TensorError.memory` when the system has too little; ask ``DecodingPlan`` first.
  public init(for model: any CausalLanguageModel, plan: DecodingPlan) throws {
    self.plan = plan
    configuration = model.configuration
    workspace = try Workspace(
      for: model, maximumTokens: plan.passTokens, maximumSequences: plan.sequences,
      purpose: .scoring)
    slots = DecodingSlots(
      model.configuration, sequences: plan.sequences, capacity: plan.capacity)
    cacheBuffer = try Buffer(floats: slots.floatCount)
    start = cacheBuffer.start.bindMemory(to: Float.self, capacity: slots.floatCount)
    next = NextTokenBuffers(model.configuration, sequences: plan.sequences)
    nextBuffer = try Buffer(floats: next.floatCount)
    nextStart = nextBuffer.start.bindMemory(to: Float.self, capacity: next.floatCount)
    lengths = Array(repeating: 0, count: plan.sequences)
    try model.prepare(self)
  }

  /// Tokens that the sequence in `slot` holds.
  public func length(_ slot: Int) -> Int { lengths[slot] }

  /// Empties `slot` for another sequence.
  public func reset(_ slot: Int) {
    lengths[slot] = 0
    slots.cache.reset(slot, in: self)
  }

  /// What the family's layers keep.
  ///
  /// - Throws: `ModelError.foreignWorkspace` for what another family keeps.
  func cache<Cache: LayerCache>() throws(ModelError) -> Cache {
    guard let cache = slots.cache as? Cache else { throw .foreignWorkspace }
    return cache
  }

  func pointer(_ slot: Slot) -> UnsafeMutablePointer<Float> { start + slot.offset }

  /// Room for the last hidden states of a pass [rows, d].
  func hidden(rows: Int) -> Matrix {
    Matrix(nextStart + next.hidden.offset, rows: rows, columns: configuration.hiddenSize)
  }

  /// Room for the logits of a pass [rows, V].
  func logits(rows: Int) -> Matrix {
    Matrix(nextStart + next.logits.offset, rows: rows, columns: configuration.vocabularySize)
  }

  /// Records what a pass has added.
  func advance(_ pieces: [DecodingPiece]) {
    for piece in pieces { lengths[piece.slot] += piece.tokens.count }
  }
}
