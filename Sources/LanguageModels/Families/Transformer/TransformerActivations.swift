import TensorKit

/// Buffers of a transformer's pass over T tokens, beside the residual stream.
///
/// Backward needs of each layer the two residual inputs, q k v after the rotation (and q k before
/// their norms, where they have some), the attention's output and log-sum-exp, and gate and up; the normalised inputs and the SwiGLU product are
/// computed again. In scoring all layers share one set, and both residual slots are the same. With
/// block checkpointing only each layer's input is kept and the rest is one set.
struct TransformerActivations: LayerActivations {
  struct Layer {
    /// 1 / rms of the layer's input [T].
    let inputScale: Slot
    /// q, k, v side by side [T, (heads + 2 kv heads) hd].
    let queryKeyValue: Slot
    /// What backward needs where the heads of q and k are normalised.
    let headNorms: HeadNorms?
    /// Attention's output [T, heads hd].
    let attention: Slot
    /// Log-sum-exp of the attention scores [heads, T].
    let logSumExp: Slot
    /// Residual stream between attention and MLP [T, d].
    let middle: Slot
    let middleScale: Slot
    /// gate, up side by side [T, 2 f].
    let gateUp: Slot
  }

  struct HeadNorms {
    /// q and k before their norms, side by side [T, (heads + kv heads) hd].
    let inputs: Slot
    /// 1 / rms of the heads of q [T, heads], and of k [T, kv heads].
    let queryScale: Slot
    let keyScale: Slot
  }

  struct Gradients {
    let stream: ResidualStream.Gradients
    /// Of the attention's output [T, heads hd].
    let attention: Slot
    /// [T, (heads + 2 kv heads) hd]
    let queryKeyValue: Slot
    /// Of the SwiGLU product [T, f].
    let product: Slot
  }

  let layers: [Layer]
  /// SwiGLU product [T, f].
  let product: Slot
  /// Rotation tables [T, hd / 2]: of the positions 0 ..< T, or where rotations depend on the lengths of
  /// sequences those of the pass's tokens.
  let cosines: Slot
  let sines: Slot
  let gradients: Gradients?
  private let shape: TransformerShape
  private let tokens: Int

  init(
    _ c: TransformerShape, _ room: ActivationRoom, stream: ResidualStream, plan: inout BufferPlan
  ) {
    let f = c.intermediateSize
    let tokens = room.tokens
    let purpose = room.purpose
    shape = c
    self.tokens = tokens
    layers = plan.each(c.layerCount, apart: purpose == .training) { plan in
      Layer(
        inputScale: plan.reserve(tokens),
        queryKeyValue: plan.reserve(tokens * c.queryKeyValueSize),
        headNorms: c.hasQueryKeyNorm && purpose.trains
          ? HeadNorms(
            inputs: plan.reserve(tokens * (c.querySize + c.keyValueSize)),
            queryScale: plan.reserve(tokens * c.headCount),
            keyScale: plan.reserve(tokens * c.keyValueHeadCount)) : nil,
        attention: plan.reserve(tokens * c.querySize),
        logSumExp: plan.reserve(tokens * c.headCount),
        middle: purpose.trains ? plan.reserve(tokens * c.hiddenSize) : stream.output,
        middleScale: plan.reserve(tokens), gateUp: plan.reserve(tokens * 2 * f))
    }
    product = plan.reserveOperand(
      tokens: tokens, width: f, roundedWidth: f, precision: room.precision)
    cosines = plan.reserve(tokens * c.headDimension / 2)
    sines = plan.reserve(tokens * c.headDimension / 2)
    gradients = stream.gradients.map {
      Gradients(
        stream: $0, attention: plan.reserve(tokens * c.querySize),
        queryKeyValue: plan.reserve(tokens * c.queryKeyValueSize),
        product: plan.reserve(tokens * f))
    }
  }

  func writeTables(to start: UnsafeMutablePointer<Float>) {
    guard !shape.rotary.dependsOnLength else { return }
    shape.rotary.fill(
      cosines: start + cosines.offset, sines: start + sines.offset, positions: 0..<tokens,
      length: tokens, headDimension: shape.headDimension)
  }

  /// Leaves in `positions` the tables' rows of the tokens.
  func writePassTables(
    to start: UnsafeMutablePointer<Float>, positions: UnsafeMutablePointer<Int32>,
    offsets: SequenceOffsets, lengths: [Int]
  ) {
    guard shape.rotary.dependsOnLength else { return }
    for (sequence, length) in lengths.enumerated() {
      let range = offsets.range(sequence)
      let place = range.lowerBound * shape.headDimension / 2
      shape.rotary.fill(
        cosines: start + cosines.offset + place, sines: start + sines.offset + place,
        positions: range.lazy.map { Int(positions[$0]) }, length: length,
        headDimension: shape.headDimension)
      for token in range { positions[token] = Int32(token) }
    }
  }
}
