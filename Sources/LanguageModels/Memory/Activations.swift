/// The slots of a workspace for one model.
struct Activations {
  enum Family {
    case decoder(DecoderActivations)
    case mamba(MambaActivations)
  }

  let family: Family
  let floatCount: Int
  let maximumTokens: Int
  let maximumSequences: Int

  /// Tokens between two saved states of the scan.
  static let scanChunk = 64

  init(
    _ configuration: ModelConfiguration, tokens: Int, sequences: Int?, purpose: WorkspacePurpose
  ) {
    maximumTokens = tokens
    maximumSequences = min(tokens, sequences ?? max(16, tokens / Self.scanChunk))
    var plan = BufferPlan()
    switch configuration {
    case .decoder(let decoder):
      family = .decoder(
        DecoderActivations(decoder, tokens: tokens, purpose: purpose, plan: &plan))
    case .mamba(let mamba):
      family = .mamba(
        MambaActivations(
          mamba, tokens: tokens, stateChunks: tokens / Self.scanChunk + maximumSequences,
          purpose: purpose, plan: &plan))
    }
    floatCount = plan.floatCount
  }
}

/// Buffers of a Qwen2 or Llama pass over T tokens.
///
/// Backward needs of each layer the two residual inputs, q k v after the rotation, the attention's
/// output and log-sum-exp, and gate and up; the normalised inputs and the SwiGLU product are
/// computed again. In scoring all layers share one set, and both residual slots are the same.
struct DecoderActivations {
  struct Layer {
    /// Residual stream before the layer [T, d].
    let input: Slot
    /// 1 / rms of the input [T].
    let inputScale: Slot
    /// q, k, v side by side [T, (heads + 2 kv heads) hd].
    let queryKeyValue: Slot
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

  struct Gradients {
    /// Of the residual stream [T, d].
    let residual: Slot
    /// Of a normalised input [T, d].
    let normalized: Slot
    /// Of the attention's output [T, heads hd].
    let attention: Slot
    /// [T, (heads + 2 kv heads) hd]
    let queryKeyValue: Slot
    /// Of the SwiGLU product [T, f].
    let product: Slot
  }

  let layers: [Layer]
  /// Residual stream after the last layer [T, d].
  let output: Slot
  let outputScale: Slot
  /// Normalised input of a block or of the head [T, d].
  let normalized: Slot
  /// SwiGLU product [T, f].
  let product: Slot
  /// Rotation tables [T, hd / 2].
  let cosines: Slot
  let sines: Slot
  let gradients: Gradients?

  init(
    _ c: DecoderConfiguration, tokens: Int, purpose: WorkspacePurpose, plan: inout BufferPlan
  ) {
    let d = c.hiddenSize
    func layer(_ plan: inout BufferPlan, residual: (inout BufferPlan) -> Slot) -> Layer {
      Layer(
        input: residual(&plan), inputScale: plan.reserve(tokens),
        queryKeyValue: plan.reserve(tokens * c.queryKeyValueSize),
        attention: plan.reserve(tokens * c.querySize),
        logSumExp: plan.reserve(tokens * c.headCount),
        middle: residual(&plan), middleScale: plan.reserve(tokens),
        gateUp: plan.reserve(tokens * 2 * c.intermediateSize))
    }
    switch purpose {
    case .training:
      layers = (0..<c.layerCount).map { _ in layer(&plan) { $0.reserve(tokens * d) } }
      output = plan.reserve(tokens * d)
    case .scoring:
      let shared = plan.reserve(tokens * d)
      let one = layer(&plan) { _ in shared }
      layers = Array(repeating: one, count: c.layerCount)
      output = shared
    }
    outputScale = plan.reserve(tokens)
    normalized = plan.reserve(tokens * d)
    product = plan.reserve(tokens * c.intermediateSize)
    cosines = plan.reserve(tokens * c.headDimension / 2)
    sines = plan.reserve(tokens * c.headDimension / 2)
    gradients =
      purpose == .scoring
      ? nil
      : Gradients(
        residual: plan.reserve(tokens * d), normalized: plan.reserve(tokens * d),
        attention: plan.reserve(tokens * c.querySize),
        queryKeyValue: plan.reserve(tokens * c.queryKeyValueSize),
        product: plan.reserve(tokens * c.intermediateSize))
  }
}

/// Buffers of a Mamba pass over T tokens.
///
/// Backward needs of each layer the residual input, x and z, the projection to time step, B and C,
/// the gated scan output and the states at chunk starts; the convolution's output and the full-rank
/// time steps are computed again.
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
  }

  let layers: [Layer]
  let output: Slot
  let outputScale: Slot
  /// Normalised input of a block or of the head [T, d].
  let normalized: Slot
  /// u, the convolution's output after SiLU [T, D].
  let convolved: Slot
  /// Full-rank time step before bias and softplus [T, D].
  let timeStep: Slot
  /// A = -exp(A_log), transposed [N, D].
  let decay: Slot
  /// Convolution weight, transposed [K, D].
  let convolution: Slot
  let gradients: Gradients?

  init(
    _ c: MambaConfiguration, tokens: Int, stateChunks: Int, purpose: WorkspacePurpose,
    plan: inout BufferPlan
  ) {
    let d = c.hiddenSize
    let inner = c.innerSize
    func layer(_ plan: inout BufferPlan, input: Slot, keepsStates: Bool) -> Layer {
      Layer(
        input: input, inputScale: plan.reserve(tokens), xz: plan.reserve(tokens * 2 * inner),
        projected: plan.reserve(tokens * c.projectionSize), gated: plan.reserve(tokens * inner),
        states: keepsStates ? plan.reserve(stateChunks * c.stateSize * inner) : nil)
    }
    switch purpose {
    case .training:
      layers = (0..<c.layerCount).map { _ in
        layer(&plan, input: plan.reserve(tokens * d), keepsStates: true)
      }
      output = plan.reserve(tokens * d)
    case .scoring:
      output = plan.reserve(tokens * d)
      layers = Array(
        repeating: layer(&plan, input: output, keepsStates: false), count: c.layerCount)
    }
    outputScale = plan.reserve(tokens)
    normalized = plan.reserve(tokens * d)
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
        convolution: plan.reserve(c.convolutionTaps * inner))
  }
}
