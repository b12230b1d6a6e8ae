import Store

/// Tensors of a folder that its architecture has no place for: those that stand for nothing there
/// are ignored, as transformers does, those that change what the weights mean are not.
struct UnusedTensors {
  /// What may be left out.
  private(set) var ignored: [any StoredTensor] = []
  /// What changes the weights.
  private(set) var problems: [TensorProblem] = []
  private var isAdapter = false
  private var isQuantized = false
  private var isParametrized = false

  /// - Parameter takesPart: whether tensors may be left out at all: in a GGUF file every one counts.
  init(_ weights: StoredWeights, names: WeightNames, table: ParameterTable, takesPart: Bool) {
    for tensor in weights.unused {
      guard takesPart else {
        problems.append(.changing(name: tensor.name, found: tensor.shape))
        continue
      }
      if Self.adapterWords.contains(where: { tensor.name.contains($0) }) {
        isAdapter = true
      } else if Self.scales(tensor.name, names, table) {
        if Self.isOfQuantization(tensor.name) { isQuantized = true } else { isParametrized = true }
      } else {
        ignored.append(tensor)
        continue
      }
      problems.append(.changing(name: tensor.name, found: tensor.shape))
    }
  }

  /// One sentence about what is ignored.
  var warning: String? {
    guard !ignored.isEmpty else { return nil }
    let shown = ignored.prefix(3).map {
      "\(TensorProblem.short($0.name)) \($0.elementType) \(ShapeText($0.shape))"
    }
    let more = ignored.count > 3 ? " and \(ignored.count - 3) more" : ""
    return "\(ignored.count == 1 ? "a tensor" : "\(ignored.count) tensors") that the architecture "
      + "does not use \(ignored.count == 1 ? "is" : "are") ignored: "
      + shown.joined(separator: ", ") + more
  }

  /// What helps against the problems of a folder; nil where they have no one cause that is known.
  func advice(
    for problems: [TensorProblem], names: WeightNames, table: ParameterTable, folder: String
  ) -> String? {
    if isAdapter { return AdapterFiles.advice }
    let types = problems.compactMap { (problem) -> String? in
      if case .elementType(_, let type, _) = problem { return type }
      return nil
    }
    if isQuantized || types.contains(where: Self.isOfFewBits) {
      return
        "The weights are quantized: use the model that they were made from, in F32, F16 or BF16."
    }
    if isParametrized { return "Save the model with its parametrization removed." }
    if types.contains("F64") { return "Save the model in F32." }
    if let prefix = strayPrefix(problems, names, table) {
      return
        "The names in \(folder) begin with \"\(prefix)\", which training with a wrapper leaves: "
        + "save the model again without it (the wrapped module's own save_pretrained)."
    }
    if problems.count == 1, case .missing("lm_head.weight", _) = problems[0] {
      return "Where the head is the embedding, set \"tie_word_embeddings\": true in config.json; "
        + "else use a causal language model, with a head of its own."
    }
    return nil
  }

  /// What all names begin with that would be known without it, where nothing but the names is wrong.
  private func strayPrefix(
    _ problems: [TensorProblem], _ names: WeightNames, _ table: ParameterTable
  ) -> String? {
    for problem in problems {
      guard case .missing = problem else { return nil }
    }
    let prefixes = Set(ignored.compactMap { Self.prefix(of: $0.name, names, table) })
    return prefixes.count == 1 ? prefixes.first : nil
  }

  /// What stands before a name of the table.
  private static func prefix(
    of name: String, _ names: WeightNames, _ table: ParameterTable
  ) -> String? {
    var rest = Substring(name)
    while let dot = rest.firstIndex(of: ".") {
      rest = rest[rest.index(after: dot)...]
      if rest.hasPrefix(names.prefix), table.entry(named: String(rest)) != nil {
        return String(name.dropLast(rest.count))
      }
    }
    return nil
  }

  /// Whether an element type is one that weights are quantized to.
  private static func isOfFewBits(_ type: String) -> Bool {
    ["I8", "U8", "F8_", "F4", "F6_"].contains { type.hasPrefix($0) }
  }

  /// Whether what stands beside a weight comes of quantization; else it comes of pruning, of weight
  /// norm and the like.
  private static func isOfQuantization(_ name: String) -> Bool {
    guard let last = name.split(separator: ".").last else { return false }
    return quantizedWords.contains(last)
      || ["scale", "zero", "quant", "absmax", "packed", "qweight", "bitsandbytes"].contains {
        last.contains($0)
      }
  }

  private static let adapterWords = ["lora_", "base_layer.", "modules_to_save.", "ia3_"]

  /// What stands beside the weight of a quantized map.
  private static let quantizedWords: Set<Substring> = [
    "qweight", "qzeros", "scales", "zeros", "g_idx", "input_scale", "output_scale", "SCB", "absmax",
    "quant_map", "qscales", "bias_scale",
  ]

  /// Whether a tensor belongs to a weight of the table and changes it: `q_proj.weight_scale`,
  /// `q_proj.weight.absmax`, `q_proj.qweight`, `A_log_scale`.
  private static func scales(_ name: String, _ names: WeightNames, _ table: ParameterTable) -> Bool
  {
    func knows(_ name: some StringProtocol) -> Bool {
      table.entry(named: String(name)) != nil || table.entry(named: names.prefix + name) != nil
    }
    var parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let last = parts.removeLast()
    let parent = parts.joined(separator: ".")
    if knows(parent + ".weight"), quantizedWords.contains(last) || last.hasPrefix("weight") {
      return true
    }
    guard name.utf8.count <= longestName else { return false }
    return name.indices.contains { index in
      (name[index] == "." || name[index] == "_") && knows(name[..<index])
    }
  }

  /// No name of a table is longer.
  private static let longestName = 256
}

/// Adapters (LoRA and its kin) hold the difference from a model, not the model.
enum AdapterFiles {
  static let configuration = "adapter_config.json"
  static let weights = ["adapter_model.safetensors", "adapter_model.bin"]
  static let advice =
    "Merge the adapter into its model and save that: PeftModel.from_pretrained(model, adapter)"
    + ".merge_and_unload().save_pretrained(folder)."
}
