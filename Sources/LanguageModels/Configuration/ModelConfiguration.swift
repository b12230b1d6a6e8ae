import Store

/// What config.json says about a model: one case per implementation.
public enum ModelConfiguration: Sendable, Equatable {
  /// Qwen2 and Llama.
  case decoder(DecoderConfiguration)
  case mamba(MambaConfiguration)

  /// Reads a config.json; keys that we do not know are ignored.
  public init(file path: String) throws(ModelError) {
    let values: [String: JSONValue]
    do throws(StoreError) {
      values = try JSONFile.read([String: JSONValue].self, from: path)
    } catch {
      throw .file(error)
    }
    try self.init(ConfigurationFields(values: values))
  }

  init(_ fields: ConfigurationFields) throws(ModelError) {
    if fields.has("quantization_config") {
      throw .unsupported(
        feature: "quantization_config", found: "present", supported: "F32, F16 and BF16 weights")
    }
    let name = try fields.text("model_type")
    switch name {
    case "qwen2", "llama": self = .decoder(try DecoderConfiguration(fields))
    case "mamba": self = .mamba(try MambaConfiguration(fields))
    default:
      throw .unsupported(
        feature: "model_type", found: "\"\(name.prefix(60))\"", supported: "qwen2, llama, mamba")
    }
  }

  /// `model_type` of config.json.
  public var modelType: String {
    switch self {
    case .decoder(let configuration): configuration.family.rawValue
    case .mamba: "mamba"
    }
  }

  public var vocabularySize: Int {
    switch self {
    case .decoder(let configuration): configuration.vocabularySize
    case .mamba(let configuration): configuration.vocabularySize
    }
  }

  public var hiddenSize: Int {
    switch self {
    case .decoder(let configuration): configuration.hiddenSize
    case .mamba(let configuration): configuration.hiddenSize
    }
  }

  public var layerCount: Int {
    switch self {
    case .decoder(let configuration): configuration.layerCount
    case .mamba(let configuration): configuration.layerCount
    }
  }

  public var tiesWordEmbeddings: Bool {
    switch self {
    case .decoder(let configuration): configuration.tiesWordEmbeddings
    case .mamba(let configuration): configuration.tiesWordEmbeddings
    }
  }

  public var specialTokens: SpecialTokenIDs {
    switch self {
    case .decoder(let configuration): configuration.specialTokens
    case .mamba(let configuration): configuration.specialTokens
    }
  }

  /// Trainable values, tied weights counted once.
  public var parameterCount: Int { ParameterTable(self).parameterCount }

  var json: [String: JSONValue] {
    switch self {
    case .decoder(let configuration): configuration.json
    case .mamba(let configuration): configuration.json
    }
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
