import TensorKit

/// The slots of a workspace for one model.
struct Activations {
  let stream: ResidualStream
  /// Of the family's layers.
  let family: any LayerActivations
  /// Scales of the rows of an int8 operand [T, blocks].
  let rowScales: Slot
  let floatCount: Int
  let maximumTokens: Int
  let maximumSequences: Int

  /// Tokens of a sequence when nobody says how many sequences there are.
  private static let usualSequence = 64

  init(
    _ configuration: ModelConfiguration, tokens: Int, sequences: Int?,
    inputPrecision precision: Precision, purpose: WorkspacePurpose
  ) {
    maximumTokens = tokens
    maximumSequences = min(tokens, sequences ?? max(16, tokens / Self.usualSequence))
    let architecture = configuration.architecture
    var plan = BufferPlan()
    let widths = architecture.operandWidths(purpose)
    let blocks = Operand.blocks(columns: max(configuration.hiddenSize, widths.widest))
    rowScales = plan.reserve(precision == .int8 ? tokens * blocks : 0)
    stream = ResidualStream(
      hiddenSize: configuration.hiddenSize, layers: configuration.layerCount, tokens: tokens,
      operandWidth: widths.result, gradientWidth: widths.gradient, precision: precision,
      purpose: purpose, plan: &plan)
    family = architecture.makeActivations(
      ActivationRoom(
        tokens: tokens, sequences: maximumSequences, precision: precision, purpose: purpose),
      stream: stream, plan: &plan)
    floatCount = plan.floatCount
  }

  /// The layers' slots.
  ///
  /// - Throws: `ModelError.foreignWorkspace` for those of another family.
  func layers<Layers: LayerActivations>() throws(ModelError) -> Layers {
    guard let layers = family as? Layers else { throw .foreignWorkspace }
    return layers
  }
}
