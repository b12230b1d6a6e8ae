import Store
import TensorKit

/// A family of decoder-only transformers with rotary positions, RMSNorm and SwiGLU. They share the
/// blocks and differ in what their file, an extension of this protocol, says.
protocol Transformer: Architecture where Shape == TransformerShape {
  /// The class in transformers (`architectures` of config.json).
  static var className: String { get }
  /// Base of the rotary frequencies of a model that is chosen by its sizes.
  static var usualTheta: Double { get }
  /// The keys of config.json that other families have not.
  var ownKeys: [String: JSONValue] { get }
}

// Configuration.
extension Transformer {
  init(_ sizes: ModelSizes) throws(ModelError) {
    // One set of checks: those of a file.
    try self.init(ConfigurationFields(values: TransformerShape.keys(sizes, theta: Self.usualTheta)))
  }

  var json: [String: JSONValue] {
    var keys = shape.json
    keys["architectures"] = .list([.text(Self.className)])
    keys["model_type"] = .text(Self.family.rawValue)
    return keys.merging(ownKeys) { $1 }
  }

  var facts: [String] {
    let hasUsualHeads = shape.querySize == shape.hiddenSize
    return [
      "heads \(shape.headCount)/\(shape.keyValueHeadCount), "
        + (hasUsualHeads ? "" : "head size \(shape.headDimension), ")
        + "intermediate size \(shape.intermediateSize)"
    ] + [shape.rotary.fact, shape.windows?.fact].compactMap { $0 }
  }

  var operations: [LayerOperation] {
    let (d, f) = (shape.hiddenSize, shape.intermediateSize)
    return [
      .linear(name: "q, k, v", inputs: d, outputs: shape.queryKeyValueSize),
      .linear(name: "attention output", inputs: shape.querySize, outputs: d),
      .linear(name: "gate and up", inputs: d, outputs: 2 * f),
      .linear(name: "down", inputs: f, outputs: d),
      .attention(
        heads: shape.headCount, keyValueHeads: shape.keyValueHeadCount,
        headSize: shape.headDimension),
      .rotary(heads: shape.headCount + shape.keyValueHeadCount, headSize: shape.headDimension),
      .swiglu(width: f),
    ]
      + (shape.hasQueryKeyNorm ? [shape.queryHeads, shape.keyHeads] : []).map {
        LayerOperation.headNorm(heads: $0.heads, headSize: $0.headSize)
      }
  }
}

// Parameters and layers.
extension Transformer {
  static var weightNames: WeightNames { WeightNames(prefix: "model.") }

  var paddingToken: Int? { shape.specialTokens.padding }

  func makeLayers(_ table: inout ParameterTable) -> any LayerStack {
    TransformerStack(shape: shape, places: TransformerParameters(shape, table: &table))
  }

  /// Matrices N(0, initializer_range), biases 0, norms 1.
  func initialValue(of entry: ParameterTable.Entry, style: MambaInitialization) -> InitialValue {
    if entry.name.hasSuffix("bias") { return .constant(0) }
    return entry.shape.count == 1 ? .constant(1) : .normal(shape.initializerRange)
  }
}

// Memory.
extension Transformer {
  func operandWidths(_ purpose: WorkspacePurpose) -> OperandWidths {
    let f = shape.intermediateSize
    return OperandWidths(
      widest: max(shape.querySize, f), result: max(shape.querySize, purpose.trains ? f : 0),
      gradient: max(2 * f, shape.queryKeyValueSize, shape.hiddenSize))
  }

  func makeActivations(
    _ room: ActivationRoom, stream: ResidualStream, plan: inout BufferPlan
  ) -> any LayerActivations {
    TransformerActivations(shape, room, stream: stream, plan: &plan)
  }

  func scratchBytes(
    _ offsets: SequenceOffsets, _ purpose: WorkspacePurpose, _ compute: Compute
  ) -> Int {
    let normalised = shape.hasQueryKeyNorm && purpose.trains
    return max(
      compute.attentionScratch(shape: shape.attention(offsets)),
      // Those of q are no fewer than those of k.
      normalised ? compute.headNormScratch(rows: offsets.tokens, shape: shape.queryHeads) : 0)
  }

  func makeCache(sequences: Int, capacity: Int, plan: inout BufferPlan) -> any LayerCache {
    TransformerCache(shape, sequences: sequences, capacity: capacity, plan: &plan)
  }

  func branchBytes(_ offsets: BranchOffsets, _ compute: Compute) -> Int {
    compute.branchAttentionScratch(offsets, shape: shape.attention(offsets.stems))
  }

  var sharesBeginnings: Bool { !shape.rotary.dependsOnLength }
}
