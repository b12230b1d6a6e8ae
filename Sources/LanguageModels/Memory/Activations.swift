import TensorKit

/// The slots of a workspace for one model.
struct Activations {
  enum Family {
    case decoder(DecoderActivations)
    case mamba(MambaActivations)
  }

  let family: Family
  /// Scale of each row of an int8 operand [T].
  let rowScales: Slot
  let floatCount: Int
  let maximumTokens: Int
  let maximumSequences: Int

  /// Tokens between two saved states of the scan.
  static let scanChunk = 64

  init(
    _ configuration: ModelConfiguration, tokens: Int, sequences: Int?, precision: Precision,
    purpose: WorkspacePurpose
  ) {
    maximumTokens = tokens
    maximumSequences = min(tokens, sequences ?? max(16, tokens / Self.scanChunk))
    var plan = BufferPlan()
    rowScales = plan.reserve(precision == .int8 ? tokens : 0)
    switch configuration {
    case .decoder(let decoder):
      family = .decoder(
        DecoderActivations(
          decoder, tokens: tokens, precision: precision, purpose: purpose, plan: &plan))
    case .mamba(let mamba):
      family = .mamba(
        MambaActivations(
          mamba, tokens: tokens, stateChunks: tokens / Self.scanChunk + maximumSequences,
          precision: precision, purpose: purpose, plan: &plan))
    }
    floatCount = plan.floatCount
  }

  /// Gradient of the residual stream [T, d]; nil in scoring.
  var residualGradient: Slot? {
    switch family {
    case .decoder(let slots): slots.gradients?.residual
    case .mamba(let slots): slots.gradients?.residual
    }
  }
}

extension BufferPlan {
  /// A slot of `tokens` rows for what products read: `width` values of f32, or `roundedWidth` in
  /// reduced precision, whichever is longer.
  mutating func reserveOperand(
    tokens: Int, width: Int, roundedWidth: Int, precision: Precision
  ) -> Slot {
    let rounded = precision == .f32 ? 0 : precision.byteCount * roundedWidth
    return reserve((tokens * max(4 * width, rounded) + 3) / 4)
  }
}
