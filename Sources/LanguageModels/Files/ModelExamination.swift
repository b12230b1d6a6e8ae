import Store

/// What a look into a model folder tells without reading its weights: whether it can be loaded, as
/// what, and what a person should know.
///
/// Loading, `inspect` and every plan begin with it, so that they cannot differ.
public struct ModelExamination {
  /// The model as it is loaded: with a head of its own where one is stored, whatever config.json
  /// says.
  public let configuration: ModelConfiguration
  /// What a person should know, a sentence each.
  public let remarks: [String]
  /// The remarks with the path of the folder before each.
  public var warnings: [String] { remarks.map { "\(path): \($0)" } }
  private let path: String
  /// Stored tensors.
  public let tensorCount: Int
  /// Bytes of them.
  public let byteCount: Int
  /// Element types of the weights and the bytes of each, the most first.
  public let elementTypes: [(name: String, byteCount: Int)]
  let weights: StoredWeights
  let table: ParameterTable

  init(_ folder: ModelFolder) throws(ModelError) {
    let path = folder.path
    let (stated, tensors) = try folder.contents()
    var warnings = stated.warnings
    let isGGUF = tensors.first is GGUFTensor
    let placed = PlacedWeights(tensors, stated, folder: path)
    let names = placed.names
    weights = placed.weights
    configuration = placed.configuration
    table = placed.table
    // Tied weights that are stored twice, each with its own rounding, are common there.
    if placed.holdOwnHead, !isGGUF {
      warnings.append(
        "config.json ties lm_head.weight to the embeddings, yet other values are stored for it: "
          + "the stored ones are used, as transformers does. \"tie_word_embeddings\": false in "
          + "config.json silences this")
    }
    let unused = UnusedTensors(weights, names: names, table: table, takesPart: !isGGUF)
    let problems = weights.problems(for: table) + unused.problems
    if !problems.isEmpty {
      throw .tensors(
        path: path, problems: problems,
        advice: isGGUF
          ? GGUFAdvice.words(for: problems)
          : unused.advice(for: problems, names: names, table: table, folder: path))
    }
    if let warning = unused.warning { warnings.append(warning) }
    remarks = warnings
    self.path = path
    tensorCount = tensors.count
    byteCount = tensors.reduce(0) { $0 + $1.byteCount }
    elementTypes = Dictionary(grouping: tensors, by: \.elementType)
      .mapValues { $0.reduce(0) { $0 + $1.byteCount } }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }
}

/// Stored tensors at the places of a configuration, which gets a head of its own where one is stored.
private struct PlacedWeights {
  let names: WeightNames
  let weights: StoredWeights
  let holdOwnHead: Bool
  private(set) var configuration: ModelConfiguration
  private(set) var table: ParameterTable

  init(_ tensors: [any StoredTensor], _ stated: ModelConfiguration, folder: String) {
    configuration = stated
    table = ParameterTable(stated)
    names = type(of: stated.architecture).weightNames
    weights = StoredWeights(tensors, folder: folder, names: names, table: table)
    holdOwnHead = weights.holdsOwnHead(table)
    guard holdOwnHead else { return }
    configuration.untieEmbeddings()
    table = ParameterTable(configuration)
  }
}

extension ModelFolder {
  /// Looks at the configuration and at the headers of the weights, in time that does not depend on
  /// the size of the weights (but for tensors that are stored twice, which are compared: a head beside
  /// the embedding that it is tied to, and one tensor under two names).
  ///
  /// - Throws: `ModelError` for what cannot be loaded, with every difference of the tensors.
  public func examine() throws(ModelError) -> ModelExamination { try ModelExamination(self) }

  /// The shape of the model as it is loaded; that of config.json where the weights are not there, or
  /// cannot be loaded.
  public func configuration() throws(ModelError) -> ModelConfiguration {
    let stated = try statedConfiguration()
    guard stated.tiesWordEmbeddings, let (_, tensors) = try? contents() else { return stated }
    return PlacedWeights(tensors, stated, folder: path).configuration
  }
}
