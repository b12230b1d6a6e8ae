public import Store

/// What config.json says about a model of any family.
public struct ModelConfiguration: Sendable {
  /// The family's own part.
  private(set) var architecture: any Architecture

  /// Reads a config.json; keys that no model of the family knows are ignored.
  public init(file path: String) throws(ModelError) {
    do throws(ModelError) {
      try self.init(ConfigurationFields(values: ModelFile.object(path)))
    } catch {
      throw error.located(at: path)
    }
  }

  /// A model of the usual proportions of `family`.
  ///
  /// - Throws: `ModelError.configuration` for sizes that a file could not have either.
  public init(_ family: Family, _ sizes: ModelSizes) throws(ModelError) {
    architecture = try family.architecture.init(sizes)
  }

  /// The model that the keys of a config.json describe.
  public init(keys: [String: JSONValue]) throws(ModelError) {
    try self.init(ConfigurationFields(values: keys))
  }

  init(_ fields: ConfigurationFields) throws(ModelError) {
    try fields.refuseForeignKeys()
    let family = try Family(modelType: try fields.text(Family.key))
    architecture = try family.architecture.init(fields)
  }

  public var family: Family { type(of: architecture).family }
  /// `model_type` of config.json.
  public var modelType: String { family.rawValue }

  /// Another vocabulary gives the same body another head.
  public var vocabularySize: Int {
    get { architecture.shape.vocabularySize }
    set { architecture.setVocabulary(newValue) }
  }
  public var hiddenSize: Int { architecture.shape.hiddenSize }
  public var layerCount: Int { architecture.shape.layerCount }
  public var tiesWordEmbeddings: Bool { architecture.shape.tiesWordEmbeddings }
  /// `max_position_embeddings`; nil for a Mamba, whose state has no bound.
  public var maximumPositions: Int? { architecture.maximumPositions }
  public var specialTokens: SpecialTokenIDs { architecture.shape.specialTokens }
  /// What a person should know, a sentence each without its end.
  var warnings: [String] { architecture.warnings }

  /// The same model with a head of its own.
  mutating func untieEmbeddings() { architecture.untieEmbeddings() }

  /// Trainable values, tied weights counted once.
  public var parameterCount: Int { ParameterTable(self).parameterCount }

  /// Sizes that only some families have, as people read them, line by line.
  public var facts: [String] { architecture.facts }

  /// What one layer computes.
  public var operations: [LayerOperation] { architecture.operations }

  /// Positions that a position sees in a layer's attention; nil for all before it.
  func window(ofLayer index: Int) -> Int? { architecture.window(ofLayer: index) }

  var json: [String: JSONValue] { architecture.json }
}

extension ModelConfiguration: Equatable {
  public static func == (one: ModelConfiguration, other: ModelConfiguration) -> Bool {
    one.architecture.equals(other.architecture)
  }
}

/// Coded as config.json is, so that a manifest and a model folder say the same.
extension ModelConfiguration: Codable {
  public init(from decoder: any Decoder) throws {
    let values = try decoder.singleValueContainer().decode([String: JSONValue].self)
    try self.init(ConfigurationFields(values: values))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(json)
  }
}
