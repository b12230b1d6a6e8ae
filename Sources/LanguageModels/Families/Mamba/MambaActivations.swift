import TensorKit

/// Buffers of a Mamba pass over T tokens, beside the residual stream.
///
/// Backward needs of each layer the residual input, x and z, the projection to time step, B and C,
/// the gated scan output and the states at chunk starts; the convolution's output and the full-rank
/// time steps are computed again. With block checkpointing only each layer's input is kept.
struct MambaActivations: LayerActivations {
  struct Layer {
    /// 1 / rms of the layer's input [T].
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
    let stream: ResidualStream.Gradients
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
  }

  let layers: [Layer]
  /// u, the convolution's output after SiLU [T, D].
  let convolved: Slot
  /// Full-rank time step before bias and softplus [T, D].
  let timeStep: Slot
  /// A = -exp(A_log), transposed [N, D].
  let decay: Slot
  /// Convolution weight, transposed [K, D].
  let convolution: Slot
  let gradients: Gradients?
  /// Saved states have room for a partly filled chunk in each planned sequence.
  let sequenceLimit: Int?

  /// Tokens between two saved states of the scan.
  private static let scanChunk = 64

  init(
    _ c: MambaShape, _ room: ActivationRoom, stream: ResidualStream, plan: inout BufferPlan
  ) {
    let inner = c.innerSize
    let tokens = room.tokens
    let purpose = room.purpose
    let stateChunks = tokens / Self.scanChunk + room.sequences
    sequenceLimit = purpose.trains ? room.sequences : nil
    layers = plan.each(c.layerCount, apart: purpose == .training) { plan in
      Layer(
        inputScale: plan.reserve(tokens), xz: plan.reserve(tokens * 2 * inner),
        projected: plan.reserve(tokens * c.projectionSize), gated: plan.reserve(tokens * inner),
        states: purpose.trains ? plan.reserve(stateChunks * c.stateSize * inner) : nil)
    }
    convolved = plan.reserve(tokens * inner)
    timeStep = plan.reserve(tokens * inner)
    decay = plan.reserve(c.stateSize * inner)
    convolution = plan.reserve(c.convolutionTaps * inner)
    gradients = stream.gradients.map {
      Gradients(
        stream: $0, gated: plan.reserve(tokens * inner), xz: plan.reserve(tokens * 2 * inner),
        convolved: plan.reserve(tokens * inner), timeStep: plan.reserve(tokens * inner),
        projected: plan.reserve(tokens * c.projectionSize),
        decay: plan.reserve(c.stateSize * inner),
        convolution: plan.reserve(c.convolutionTaps * inner))
    }
  }
}
