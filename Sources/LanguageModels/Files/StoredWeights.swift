/// The tensors that a model folder stores, by the names that the configuration uses.
struct StoredWeights {
  let folder: String
  private let tensors: [String: any StoredTensor]

  init(_ stored: [any StoredTensor], folder: String, names: WeightNames) {
    self.folder = folder
    // A base model is saved without the prefix of the causal one.
    let isBase = !stored.contains { $0.name.hasPrefix(names.prefix) }
    var tensors: [String: any StoredTensor] = [:]
    // Rotary frequencies, saved by old versions, are computed from the configuration.
    for one in stored where !one.name.hasSuffix("rotary_emb.inv_freq") {
      let full = isBase && one.name != "lm_head.weight" ? names.prefix + one.name : one.name
      tensors[names.aliases[full] ?? full] = one
    }
    self.tensors = tensors
  }

  /// Lists every difference from what `table` asks for.
  func problems(for table: ParameterTable) -> [TensorProblem] {
    var problems: [TensorProblem] = []
    for entry in table.entries {
      guard let tensor = stored(for: entry, in: table) else {
        if entry.tiedTo == nil {
          problems.append(.missing(name: entry.name, expected: entry.shape))
        }
        continue
      }
      if tensor.shape != entry.shape {
        problems.append(.shape(name: entry.name, found: tensor.shape, expected: entry.shape))
      } else if !tensor.isReadable {
        problems.append(.elementType(name: entry.name, found: tensor.elementType))
      }
    }
    for (name, one) in tensors.sorted(by: { $0.key < $1.key })
    where table.entry(named: name) == nil {
      problems.append(.unexpected(name: one.name, found: one.shape))
    }
    return problems
  }

  /// The tensor of `entry`; a tied pair may be stored under either name.
  func stored(for entry: ParameterTable.Entry, in table: ParameterTable) -> (any StoredTensor)? {
    if let one = tensors[entry.name] { return one }
    guard entry.tiedTo == nil,
      let other = table.entries.first(where: { $0.tiedTo == entry.name })
    else { return nil }
    return tensors[other.name]
  }
}
