/// Where a transformer's tensors lie.
struct TransformerParameters {
  struct Layer {
    let inputNorm: TensorPlace
    /// q, k and v below each other: [(heads + 2 kv heads) hd, d].
    let queryKeyValue: LinearPlace
    let attentionOutput: LinearPlace
    /// Of the heads of q and of k, where they are normalised [hd].
    let queryNorm: TensorPlace?
    let keyNorm: TensorPlace?
    let postAttentionNorm: TensorPlace
    /// gate and up below each other: [2 f, d].
    let gateUp: LinearPlace
    let down: LinearPlace
  }

  let embedding: TensorPlace
  let layers: [Layer]
  let finalNorm: TensorPlace
  let head: TensorPlace

  init(_ configuration: TransformerShape, table: inout ParameterTable) {
    let c = configuration
    let d = c.hiddenSize
    let f = c.intermediateSize
    table.align()
    embedding = table.append("model.embed_tokens.weight", [c.vocabularySize, d])
    layers = (0..<c.layerCount).map { index in
      let prefix = "model.layers.\(index)."
      table.align()
      let inputNorm = table.append(prefix + "input_layernorm.weight", [d])
      let queryKeyValue = table.appendLinear(
        prefix + "self_attn.",
        [("q_proj", c.querySize), ("k_proj", c.keyValueSize), ("v_proj", c.keyValueSize)],
        inputs: d, bias: c.hasQueryKeyValueBias)
      let attentionOutput = table.appendLinear(
        prefix + "self_attn.", [("o_proj", d)], inputs: c.querySize, bias: c.hasOutputBias)
      func headNorm(_ name: String) -> TensorPlace? {
        guard c.hasQueryKeyNorm else { return nil }
        table.align()
        return table.append(prefix + "self_attn.\(name)_norm.weight", [c.headDimension])
      }
      let queryNorm = headNorm("q")
      let keyNorm = headNorm("k")
      table.align()
      let postAttentionNorm = table.append(prefix + "post_attention_layernorm.weight", [d])
      return Layer(
        inputNorm: inputNorm, queryKeyValue: queryKeyValue, attentionOutput: attentionOutput,
        queryNorm: queryNorm, keyNorm: keyNorm,
        postAttentionNorm: postAttentionNorm,
        gateUp: table.appendLinear(
          prefix + "mlp.", [("gate_proj", f), ("up_proj", f)], inputs: d, bias: c.hasMLPBias),
        down: table.appendLinear(prefix + "mlp.", [("down_proj", d)], inputs: f, bias: c.hasMLPBias)
      )
    }
    table.align()
    finalNorm = table.append("model.norm.weight", [d])
    head = table.appendHead(
      tiedTo: "model.embed_tokens.weight", at: embedding, c.tiesWordEmbeddings,
      vocabularySize: c.vocabularySize, hiddenSize: d)
  }
}
