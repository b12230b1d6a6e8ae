/// The tensors that a model folder stores, by the names that the parameter table uses.
struct StoredWeights {
  let folder: String
  private var tensors: [String: any StoredTensor] = [:]
  /// Tensors that are stored twice, with other values.
  private var conflicts: [TensorProblem] = []
  /// Tensors that the table has no place for, by name.
  private(set) var unused: [any StoredTensor] = []

  /// Finds the table's name of every stored tensor, as transformers does: as it stands, without the
  /// family's prefix, with it, or under an older name.
  init(_ stored: [any StoredTensor], folder: String, names: WeightNames, table: ParameterTable) {
    self.folder = folder
    var candidates: [String: [(rank: Int, tensor: any StoredTensor)]] = [:]
    for one in stored {
      if let place = Self.place(of: one.name, names, table) {
        candidates[place.name, default: []].append((place.rank, one))
      } else {
        unused.append(one)
      }
    }
    for (name, found) in candidates {
      let found = found.sorted { $0.rank < $1.rank }
      let first = found[0].tensor
      tensors[name] = first
      for (rank, other) in found.dropFirst() where !first.hasValues(of: other) {
        if rank == Self.olderName {
          unused.append(other)
        } else {
          conflicts.append(.twice(name: first.name, other: other.name))
        }
      }
    }
    unused.sort { $0.name < $1.name }
  }

  private static let olderName = 2

  private static func place(
    of name: String, _ names: WeightNames, _ table: ParameterTable
  ) -> (name: String, rank: Int)? {
    if table.entry(named: name) != nil { return (name, 0) }
    if name.hasPrefix(names.prefix) {
      let short = String(name.dropFirst(names.prefix.count))
      if table.entry(named: short) != nil { return (short, 1) }
    }
    let long = names.prefix + name
    if table.entry(named: long) != nil { return (long, 1) }
    return (names.aliases[name] ?? names.aliases[long]).map { ($0, olderName) }
  }

  /// Lists every difference from what `table` asks for; what it does not ask for is no difference
  /// unless it changes the weights.
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
        problems.append(
          .elementType(
            name: entry.name, found: tensor.elementType, expected: tensor.readableTypes))
      }
    }
    return problems + conflicts
  }

  /// The tensor of `entry`; a tied pair may be stored under either name.
  func stored(for entry: ParameterTable.Entry, in table: ParameterTable) -> (any StoredTensor)? {
    if let one = tensors[entry.name] { return one }
    guard entry.tiedTo == nil,
      let other = table.entries.last(where: { $0.tiedTo == entry.name })
    else { return nil }
    return tensors[other.name]
  }

  /// Whether a head is stored beside the embedding that the table ties it to, and differs from it.
  func holdsOwnHead(_ table: ParameterTable) -> Bool {
    table.entries.contains { entry in
      guard let tied = entry.tiedTo, let head = tensors[entry.name], let embedding = tensors[tied]
      else { return false }
      return head.shape == embedding.shape && head.isReadable && embedding.isReadable
        && !head.hasValues(of: embedding)
    }
  }
}
