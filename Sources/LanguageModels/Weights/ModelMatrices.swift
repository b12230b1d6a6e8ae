import TensorKit

/// What a model's matrix products read its weights from.
enum ModelMatrices {
  /// The f32 parameters themselves.
  case full
  /// bf16 copies of the f32 parameters, made anew for every pass: mixed precision.
  case mixed(Bfloat16Copies)
  /// Rounded once, without f32 copies: the f32 parameters hold vectors only.
  case rounded(RoundedWeights)
}

/// The linear maps of a model whose weights reduced precision rounds. What makes Mamba's time steps,
/// B and C (x_proj, dt_proj) is not among them: it is 3 % of the products and feeds exponentials.
struct RoundedMaps {
  /// Without the head.
  let body: [LinearPlace]
  let head: LinearPlace
  let embedding: TensorPlace

  var isTied: Bool { head.weight == embedding }

  init(_ parameters: DecoderParameters, _ configuration: DecoderConfiguration) {
    body = parameters.layers.flatMap {
      [$0.queryKeyValue, $0.attentionOutput, $0.gateUp, $0.down]
    }
    head = Self.head(
      parameters.head, configuration.vocabularySize, configuration.hiddenSize)
    embedding = parameters.embedding
  }

  init(_ parameters: MambaParameters, _ configuration: MambaConfiguration) {
    body = parameters.layers.flatMap { [$0.input, $0.output] }
    head = Self.head(
      parameters.head, configuration.vocabularySize, configuration.hiddenSize)
    embedding = parameters.embedding
  }

  /// The maps of a configuration.
  init(_ configuration: ModelConfiguration) {
    var table = ParameterTable()
    switch configuration {
    case .decoder(let shape): self.init(DecoderParameters(shape, table: &table), shape)
    case .mamba(let shape): self.init(MambaParameters(shape, table: &table), shape)
    }
  }

  /// Bytes that the weights of a model take.
  static func weightBytes(
    _ configuration: ModelConfiguration, _ precision: Precision, _ purpose: WorkspacePurpose
  ) -> Int {
    let table = ParameterTable(configuration)
    let maps = RoundedMaps(configuration)
    if precision == .f32 { return table.roleBytes }
    if purpose.trains { return table.roleBytes + Bfloat16Copies.byteCount(maps) }
    let vectors = table.entries.filter { $0.tiedTo == nil && !maps.contain($0) }
    return vectors.reduce(0) { $0 + 4 * $1.count }
      + RoundedLayout(maps, precision: precision).byteCount
  }

  private static func head(_ place: TensorPlace, _ vocabulary: Int, _ hidden: Int) -> LinearPlace {
    LinearPlace(weight: place, bias: nil, outputs: vocabulary, inputs: hidden)
  }
}
