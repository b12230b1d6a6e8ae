/// The families of models, by `model_type` of config.json: the one list of them.
///
/// A family lies in a file of its own, or in a folder; what several share lies beside them.
public enum Family: String, Sendable, CaseIterable {
  case qwen2
  case qwen3
  case llama
  case mistral
  case mamba

  /// The key of config.json that names the family.
  static let key = "model_type"

  /// Where everything else about the family lies.
  var architecture: any Architecture.Type {
    switch self {
    case .qwen2: Qwen2.self
    case .qwen3: Qwen3.self
    case .llama: Llama.self
    case .mistral: Mistral.self
    case .mamba: Mamba.self
    }
  }

  /// As people write it.
  public var name: String { architecture.name }

  /// Every `model_type`, as a sentence lists them.
  public static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// The family called `modelType`.
  ///
  /// - Throws: `ModelError.unsupported`, which lists what exists.
  public init(modelType: String) throws(ModelError) {
    guard let family = Family(rawValue: modelType) else {
      throw .unsupported(
        feature: Self.key, found: "\"\(modelType.prefix(60))\"", supported: Self.list)
    }
    self = family
  }
}

/// Coded as its `model_type`.
extension Family: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(modelType: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
