import TensorKit

/// Places of the keys and values of the sequences that a transformer continues, per layer and
/// sequence, and of the rotations of all positions.
struct TransformerCache: LayerCache {
  /// Keys and values of each layer and sequence (see `KeyValueRows`).
  let rows: [[Slot]]
  /// Rotation tables [capacity, hd / 2]; empty where every pass has its own.
  let cosines: Slot
  let sines: Slot

  init(
    _ c: TransformerShape, sequences: Int, capacity: Int, plan: inout BufferPlan
  ) {
    let rotations = c.rotary.dependsOnLength ? 0 : capacity * c.headDimension / 2
    cosines = plan.reserve(rotations)
    sines = plan.reserve(rotations)
    let floats = KeyValueRows.floatCount(
      capacity: capacity, keyValueHeads: c.keyValueHeadCount, headSize: c.headDimension)
    rows = (0..<c.layerCount).map { _ in (0..<sequences).map { _ in plan.reserve(floats) } }
  }

  /// Keys and values beyond a sequence's length are never read.
  func reset(_ sequence: Int, in state: DecodingState) {}
}

/// What one attention layer keeps of the sequences of a pass.
struct AttentionCache {
  let rows: KeyValueRows
  /// Rotation tables [capacity, hd / 2].
  let cosines: UnsafePointer<Float>
  let sines: UnsafePointer<Float>
}

extension DecodingPass {
  /// Keys, values and rotations of layer `index`.
  func attentionCache(layer index: Int) throws(ModelError) -> AttentionCache {
    let slots: TransformerCache = try state.cache()
    return AttentionCache(
      rows: KeyValueRows(
        starts: places.map { state.pointer(slots.rows[index][$0]) }, past: past,
        capacity: state.plan.capacity),
      cosines: state.pointer(slots.cosines), sines: state.pointer(slots.sines))
  }
}
