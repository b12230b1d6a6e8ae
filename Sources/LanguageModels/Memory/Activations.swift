import TensorKit

/// The slots of a workspace for one model.
struct Activations {
  enum Family {
    case decoder(DecoderActivations)
    case mamba(MambaActivations)
  }

  let stream: ResidualStream
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
    case .decoder(let shape):
      let f = shape.intermediateSize
      stream = ResidualStream(
        hiddenSize: shape.hiddenSize, layers: shape.layerCount, tokens: tokens,
        operandWidth: max(shape.querySize, purpose.trains ? f : 0),
        gradientWidth: max(2 * f, shape.queryKeyValueSize, shape.hiddenSize),
        precision: precision, purpose: purpose, plan: &plan)
      family = .decoder(
        DecoderActivations(
          shape, stream: stream, tokens: tokens, precision: precision, purpose: purpose,
          plan: &plan))
    case .mamba(let shape):
      stream = ResidualStream(
        hiddenSize: shape.hiddenSize, layers: shape.layerCount, tokens: tokens,
        operandWidth: shape.innerSize, gradientWidth: 2 * shape.innerSize,
        precision: precision, purpose: purpose, plan: &plan)
      family = .mamba(
        MambaActivations(
          shape, stream: stream, tokens: tokens,
          stateChunks: tokens / Self.scanChunk + maximumSequences, purpose: purpose, plan: &plan))
    }
    floatCount = plan.floatCount
  }

  /// - Throws: `ModelError.foreignWorkspace` for those of another family.
  func decoder() throws(ModelError) -> DecoderActivations {
    guard case .decoder(let slots) = family else { throw .foreignWorkspace }
    return slots
  }

  /// - Throws: `ModelError.foreignWorkspace` for those of another family.
  func mamba() throws(ModelError) -> MambaActivations {
    guard case .mamba(let slots) = family else { throw .foreignWorkspace }
    return slots
  }
}
