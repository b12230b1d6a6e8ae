import TensorKit

/// Buffers of a Mamba pass over T tokens.
///
/// Backward needs of each layer the residual input, x and z, the projection to time step, B and C,
/// the gated scan output and the states at chunk starts; the convolution's output and the full-rank
/// time steps are computed again. With block checkpointing only each layer's input is kept.
struct MambaActivations {
  struct Layer {
    /// Residual stream before the layer [T, d].
    let input: Slot
    let inputScale: Slot
    /// x, z side by side [T, 2 D].
    let xz: Slot
    /// Time step, B, C side by side [T, R + 2 N].
    let projected: Slot
    /// Scan output after the gate [T, D].
    let gated: Slot
    /// State before each chunk of 64 tokens [chunks, N, D]; nil in scoring.
    let states: Slot?
  }

  struct Gradients {
    /// Of the residual stream [T, d].
    let residual: Slot
    /// Of the normalised input [T, d].
    let normalized: Slot
    /// Of the gated output [T, D].
    let gated: Slot
    /// [T, 2 D]
    let xz: Slot
    /// Of the convolution's output [T, D].
    let convolved: Slot
    /// Of the full-rank time step before softplus [T, D].
    let timeStep: Slot
    /// [T, R + 2 N]
    let projected: Slot
    /// Of A, transposed [N, D].
    let decay: Slot
    /// Of the convolution's weight, transposed [K, D].
    let convolution: Slot
    /// A gradient in the precision of the products.
    let rounded: Slot
  }

  let layers: [Layer]
  let output: Slot
  let outputScale: Slot
  /// What the next product reads: the normalised input of a block or of the head [T, d], or the
  /// gated scan output in the precision of the products [T, D].
  let operand: Slot
  /// u, the convolution's output after SiLU [T, D].
  let convolved: Slot
  /// Full-rank time step before bias and softplus [T, D].
  let timeStep: Slot
  /// A = -exp(A_log), transposed [N, D].
  let decay: Slot
  /// Convolution weight, transposed [K, D].
  let convolution: Slot
  let gradients: Gradients?
  let isCheckpointed: Bool

  init(
    _ c: MambaConfiguration, tokens: Int, stateChunks: Int, precision: Precision,
    purpose: WorkspacePurpose, plan: inout BufferPlan
  ) {
    let d = c.hiddenSize
    let inner = c.innerSize
    isCheckpointed = purpose == .checkpointedTraining
    func layer(_ plan: inout BufferPlan, input: Slot) -> Layer {
      Layer(
        input: input, inputScale: plan.reserve(tokens), xz: plan.reserve(tokens * 2 * inner),
        projected: plan.reserve(tokens * c.projectionSize), gated: plan.reserve(tokens * inner),
        states: purpose.trains ? plan.reserve(stateChunks * c.stateSize * inner) : nil)
    }
    output = plan.reserve(tokens * d)
    switch purpose {
    case .training:
      layers = (0..<c.layerCount).map { _ in layer(&plan, input: plan.reserve(tokens * d)) }
    case .checkpointedTraining:
      let one = layer(&plan, input: output)
      layers = (0..<c.layerCount).map { _ in one.reading(plan.reserve(tokens * d)) }
    case .scoring:
      layers = Array(repeating: layer(&plan, input: output), count: c.layerCount)
    }
    outputScale = plan.reserve(tokens)
    operand = plan.reserveOperand(
      tokens: tokens, width: d, roundedWidth: inner, precision: precision)
    convolved = plan.reserve(tokens * inner)
    timeStep = plan.reserve(tokens * inner)
    decay = plan.reserve(c.stateSize * inner)
    convolution = plan.reserve(c.convolutionTaps * inner)
    gradients =
      purpose == .scoring
      ? nil
      : Gradients(
        residual: plan.reserve(tokens * d), normalized: plan.reserve(tokens * d),
        gated: plan.reserve(tokens * inner), xz: plan.reserve(tokens * 2 * inner),
        convolved: plan.reserve(tokens * inner), timeStep: plan.reserve(tokens * inner),
        projected: plan.reserve(tokens * c.projectionSize),
        decay: plan.reserve(c.stateSize * inner),
        convolution: plan.reserve(c.convolutionTaps * inner),
        rounded: plan.reserveOperand(
          tokens: tokens, width: 0, roundedWidth: 2 * inner, precision: precision))
  }
}

extension MambaActivations.Layer {
  /// The same slots with another input.
  fileprivate func reading(_ input: Slot) -> Self {
    Self(
      input: input, inputScale: inputScale, xz: xz, projected: projected, gated: gated,
      states: states)
  }
}
