import Store

/// Where the tensors of a GGUF file belong: their names in transformers, and what llama.cpp's
/// converter did to their values.
struct GGUFNames {
  /// What stands in the file instead of the values.
  enum Form: Equatable {
    case plain
    /// The rows of every head in another order: those of both halves of the rotation alternate.
    case interleavedHeads(Int)
    /// -exp(A_log).
    case decay
  }

  /// A tensor's place in the model.
  struct Place {
    let name: String
    /// As transformers has it.
    let shape: [Int]
    let form: Form
  }

  private let conventions: GGUFConventions

  init(_ family: Family) { conventions = family.architecture.gguf }

  func place(of info: GGUFTensorInfo, _ shape: any ModelShape) -> Place {
    let name = name(of: info.name) ?? info.name
    var (sizes, form) = (info.shape, Form.plain)
    if conventions.interleavesHeads, let shape = shape as? TransformerShape {
      if info.name.contains(".attn_q.") { form = .interleavedHeads(shape.headCount) }
      if info.name.contains(".attn_k.") { form = .interleavedHeads(shape.keyValueHeadCount) }
      if case .interleavedHeads(let heads) = form, sizes.first != heads * shape.headDimension {
        // Of another shape than its metadata says, which is refused as such.
        form = .plain
      }
    }
    if info.name.hasSuffix(".ssm_a") { form = .decay }
    if info.name.hasSuffix(".ssm_conv1d.weight"), sizes.count == 2 { sizes.insert(1, at: 1) }
    return Place(name: name, shape: sizes, form: form)
  }

  /// The name in transformers; nil for a tensor that the family does not have.
  private func name(of name: String) -> String? {
    let isStateSpace = conventions.isStateSpace
    switch name {
    case "token_embd.weight":
      return isStateSpace ? "backbone.embeddings.weight" : "model.embed_tokens.weight"
    case "output_norm.weight": return isStateSpace ? "backbone.norm_f.weight" : "model.norm.weight"
    case "output.weight": return "lm_head.weight"
    default: break
    }
    let words = name.split(separator: ".", maxSplits: 2)
    guard words.count == 3, words[0] == "blk" else { return nil }
    let parts = words[2].split(separator: ".", maxSplits: 1)
    guard let own = (isStateSpace ? Self.mamba : Self.transformer)[parts[0]] else { return nil }
    let suffix = parts.count > 1 ? "." + parts[1] : ""
    return (isStateSpace ? "backbone.layers." : "model.layers.") + words[1] + "." + own + suffix
  }

  /// The name in the file of a parameter called `name` in transformers; nil for one that such files do
  /// not have.
  func fileName(of name: String) -> String? {
    switch name {
    case "backbone.embeddings.weight", "model.embed_tokens.weight": return "token_embd.weight"
    case "backbone.norm_f.weight", "model.norm.weight": return "output_norm.weight"
    case "lm_head.weight": return "output.weight"
    default: break
    }
    let words = name.split(separator: ".", maxSplits: 3)
    guard words.count == 4, words[1] == "layers" else { return nil }
    let (layer, rest) = (words[2], words[3])
    for (own, theirs) in conventions.isStateSpace ? Self.mamba : Self.transformer {
      if rest == theirs { return "blk.\(layer).\(own)" }
      if rest.hasPrefix(theirs + "."), rest.dropFirst(theirs.count + 1).allSatisfy({ $0 != "." }) {
        return "blk.\(layer).\(own).\(rest.dropFirst(theirs.count + 1))"
      }
    }
    return nil
  }

  /// What the file holds of a parameter of `shape`, called `name` there.
  func form(of name: String, _ model: any ModelShape) -> Form {
    if name.hasSuffix(".ssm_a") { return .decay }
    guard conventions.interleavesHeads, let model = model as? TransformerShape else {
      return .plain
    }
    if name.contains(".attn_q.") { return .interleavedHeads(model.headCount) }
    if name.contains(".attn_k.") { return .interleavedHeads(model.keyValueHeadCount) }
    return .plain
  }

  private static let transformer: [Substring: String] = [
    "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm",
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj", "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
  ]

  private static let mamba: [Substring: String] = [
    "attn_norm": "norm", "ssm_in": "mixer.in_proj", "ssm_conv1d": "mixer.conv1d",
    "ssm_x": "mixer.x_proj", "ssm_dt": "mixer.dt_proj", "ssm_a": "mixer.A_log",
    "ssm_d": "mixer.D", "ssm_out": "mixer.out_proj",
  ]
}
