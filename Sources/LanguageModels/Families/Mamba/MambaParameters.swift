/// Where a Mamba model's tensors lie, in the layouts of the file: conv1d.weight [D, 1, K] and
/// A_log [D, N], which the model transposes for the kernels.
struct MambaParameters {
  struct Layer {
    let norm: TensorPlace
    /// [2 D, d], first half x, second half z.
    let input: LinearPlace
    let convolution: TensorPlace
    let convolutionBias: TensorPlace?
    /// [R + 2 N, D], rows of the time step, B and C.
    let projection: TensorPlace
    let timeStep: TensorPlace
    let timeStepBias: TensorPlace
    let logDecay: TensorPlace
    let skip: TensorPlace
    let output: LinearPlace
  }

  let embedding: TensorPlace
  let layers: [Layer]
  let finalNorm: TensorPlace
  let head: TensorPlace

  init(_ configuration: MambaShape, table: inout ParameterTable) {
    let c = configuration
    let d = c.hiddenSize
    let inner = c.innerSize
    table.align()
    embedding = table.append("backbone.embeddings.weight", [c.vocabularySize, d])
    layers = (0..<c.layerCount).map { index in
      let prefix = "backbone.layers.\(index)."
      let mixer = prefix + "mixer."
      func vector(_ name: String, _ shape: [Int]) -> TensorPlace {
        table.align()
        return table.append(name, shape)
      }
      return Layer(
        norm: vector(prefix + "norm.weight", [d]),
        input: table.appendLinear(mixer, [("in_proj", 2 * inner)], inputs: d, bias: c.hasBias),
        convolution: vector(mixer + "conv1d.weight", [inner, 1, c.convolutionTaps]),
        convolutionBias: c.hasConvolutionBias ? vector(mixer + "conv1d.bias", [inner]) : nil,
        projection: vector(mixer + "x_proj.weight", [c.projectionSize, inner]),
        timeStep: vector(mixer + "dt_proj.weight", [inner, c.timeStepRank]),
        timeStepBias: vector(mixer + "dt_proj.bias", [inner]),
        logDecay: vector(mixer + "A_log", [inner, c.stateSize]),
        skip: vector(mixer + "D", [inner]),
        output: table.appendLinear(mixer, [("out_proj", d)], inputs: inner, bias: c.hasBias))
    }
    table.align()
    finalNorm = table.append("backbone.norm_f.weight", [d])
    head = table.appendHead(
      tiedTo: "backbone.embeddings.weight", at: embedding, c.tiesWordEmbeddings,
      vocabularySize: c.vocabularySize, hiddenSize: d)
  }
}
