import TensorKit

/// Buffers of the residual stream over T tokens, which every family of models has.
struct ResidualStream {
  struct Gradients {
    /// Of the residual stream [T, d].
    let residual: Slot
    /// Of a normalised input [T, d].
    let normalized: Slot
    /// A gradient in the precision of the products.
    let rounded: Slot
  }

  /// The stream before each layer and after the last [T, d]: one slot in scoring, where layers add
  /// in place; kept for backward otherwise.
  let states: [Slot]
  /// 1 / rms of the stream after the last layer [T].
  let outputScale: Slot
  /// What the next product reads: the normalised input of a block or of the head [T, d], or a
  /// block's result in the precision of the products.
  let operand: Slot
  let gradients: Gradients?

  /// - Parameters:
  ///   - operandWidth: columns of the widest result of a block that products read rounded.
  ///   - gradientWidth: columns of the widest gradient that products read rounded.
  init(
    hiddenSize d: Int, layers: Int, tokens: Int, operandWidth: Int, gradientWidth: Int,
    precision: Precision, purpose: WorkspacePurpose, plan: inout BufferPlan
  ) {
    states = plan.each(layers + 1, apart: purpose.trains) { $0.reserve(tokens * d) }
    outputScale = plan.reserve(tokens)
    operand = plan.reserveOperand(
      tokens: tokens, width: d, roundedWidth: operandWidth, precision: precision)
    gradients =
      purpose.trains
      ? Gradients(
        residual: plan.reserve(tokens * d), normalized: plan.reserve(tokens * d),
        rounded: plan.reserveOperand(
          tokens: tokens, width: 0, roundedWidth: gradientWidth, precision: precision))
      : nil
  }

  /// The stream after the last layer.
  var output: Slot { states[states.count - 1] }
}

extension BufferPlan {
  /// `count` slots or groups of slots, each with memory of its own if they are `apart`.
  mutating func each<Slots>(
    _ count: Int, apart: Bool, _ reserve: (inout BufferPlan) -> Slots
  ) -> [Slots] {
    apart
      ? (0..<count).map { _ in reserve(&self) } : Array(repeating: reserve(&self), count: count)
  }

  /// A slot of `tokens` rows for what products read: `width` values of f32, or `roundedWidth` in
  /// reduced precision, whichever is longer.
  mutating func reserveOperand(
    tokens: Int, width: Int, roundedWidth: Int, precision: Precision
  ) -> Slot {
    let rounded =
      precision == .f32
      ? 0
      : precision.byteCount * Operand.rowStride(columns: roundedWidth, precision: precision)
    return reserve((tokens * max(4 * width, rounded) + 3) / 4)
  }
}
