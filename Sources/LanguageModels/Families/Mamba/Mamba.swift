import Store
import TensorKit

/// Mamba-1.
struct Mamba: Architecture {
  static let family = Family.mamba
  static let name = "Mamba"
  static let gguf = GGUFConventions(isStateSpace: true)

  var shape: MambaShape

  init(_ fields: ConfigurationFields) throws(ModelError) { shape = try MambaShape(fields) }

  init(_ sizes: ModelSizes) throws(ModelError) {
    // One set of checks: those of a file.
    try self.init(ConfigurationFields(values: MambaShape.keys(sizes)))
  }

  var json: [String: JSONValue] {
    var keys = shape.json
    keys["architectures"] = .list([.text("MambaForCausalLM")])
    keys["model_type"] = .text(Self.family.rawValue)
    return keys
  }

  var warnings: [String] {
    shape.rescalesPrenormResidual
      ? [
        "rescale_prenorm_residual is for new models: the weights are taken as they are stored, while "
          + "some versions of transformers divide every out_proj.weight when they load"
      ] : []
  }

  var facts: [String] { ["inner size \(shape.innerSize), state size \(shape.stateSize)"] }

  var operations: [LayerOperation] {
    let (d, inner) = (shape.hiddenSize, shape.innerSize)
    return [
      .linear(name: "x, z", inputs: d, outputs: 2 * inner),
      .linear(name: "time step, B, C", inputs: inner, outputs: shape.projectionSize),
      .linear(name: "full time step", inputs: shape.timeStepRank, outputs: inner),
      .linear(name: "output", inputs: inner, outputs: d),
      .convolution(channels: inner, taps: shape.convolutionTaps),
      .scan(channels: inner, states: shape.stateSize),
    ]
  }
}

// Parameters and layers.
extension Mamba {
  // mamba_ssm's own checkpoints use the singular.
  static var weightNames: WeightNames {
    WeightNames(
      prefix: "backbone.", aliases: ["backbone.embedding.weight": "backbone.embeddings.weight"])
  }

  func makeLayers(_ table: inout ParameterTable) -> any LayerStack {
    MambaStack(shape: shape, places: MambaParameters(shape, table: &table))
  }

  func initialValue(of entry: ParameterTable.Entry, style: MambaInitialization) -> InitialValue {
    style.value(of: entry, shape)
  }
}

// Memory.
extension Mamba {
  func operandWidths(_ purpose: WorkspacePurpose) -> OperandWidths {
    OperandWidths(
      widest: shape.innerSize, result: shape.innerSize, gradient: 2 * shape.innerSize)
  }

  func makeActivations(
    _ room: ActivationRoom, stream: ResidualStream, plan: inout BufferPlan
  ) -> any LayerActivations {
    MambaActivations(shape, room, stream: stream, plan: &plan)
  }

  func scratchBytes(
    _ offsets: SequenceOffsets, _ purpose: WorkspacePurpose, _ compute: Compute
  ) -> Int {
    purpose.trains ? compute.scanBackwardScratch(shape: shape.scan(offsets)) : 0
  }

  func makeCache(sequences: Int, capacity: Int, plan: inout BufferPlan) -> any LayerCache {
    MambaCache(shape, sequences: sequences, plan: &plan)
  }

  func branchBytes(_ offsets: BranchOffsets, _ compute: Compute) -> Int {
    MambaBranching.byteCount(offsets, shape)
  }
}
