public import LanguageModels

/// A model shape to measure: one of the named ones, or any config.json.
public struct BenchmarkShape: Encodable, Sendable, Equatable {
  /// What results call it.
  public let name: String
  public private(set) var configuration: ModelConfiguration

  /// The shapes that have names, in the order of a table.
  public static let names = NamedShape.allCases.map(\.rawValue)

  /// Every named shape.
  public static func all() throws -> [BenchmarkShape] {
    try NamedShape.allCases.map { try BenchmarkShape(named: $0.rawValue) }
  }

  /// The shape called `name`.
  ///
  /// - Throws: `BenchmarkError.unknownShape`, which lists what exists.
  public init(named name: String) throws {
    guard let shape = NamedShape(rawValue: name) else { throw BenchmarkError.unknownShape(name) }
    self.name = name
    configuration = try shape.configuration()
  }

  /// The shape of a Hugging Face config.json; its name is the file's folder, or the file.
  public init(file path: String) throws {
    let parts = path.split(separator: "/").map(String.init)
    name =
      parts.last == ModelFolder.configurationName && parts.count > 1
      ? parts[parts.count - 2] : parts.last ?? ""
    configuration = try ModelConfiguration(file: path)
  }

  /// Takes another vocabulary: the same body under another head.
  ///
  /// - Throws: `BenchmarkError.vocabulary`.
  public mutating func setVocabulary(_ size: Int) throws(BenchmarkError) {
    guard (1...(1 << 24)).contains(size) else { throw .vocabulary(size) }
    configuration.vocabularySize = size
  }
}

/// The shapes of the published method (paper, section 4 and its hub), and a pair small enough for
/// a quick look.
enum NamedShape: String, CaseIterable {
  case qwen104M = "qwen-104m"
  case qwen200M = "qwen-200m"
  case qwen500M = "qwen-500m"
  case qwen1800M = "qwen1.5-1.8b"
  case llama212M = "llama-212m"
  case mamba130M = "mamba-130m"
  case qwenSmall = "qwen-small"
  case mambaSmall = "mamba-small"

  func configuration() throws(ModelError) -> ModelConfiguration {
    switch self {
    case .qwen104M: try Self.qwen(hidden: 512, intermediate: 1408, layers: 8, heads: 8)
    case .qwen200M: try Self.qwen(hidden: 768, intermediate: 2112, layers: 12, heads: 12)
    case .qwen500M: try Self.qwen(hidden: 1024, intermediate: 2816, layers: 24, heads: 16)
    case .qwen1800M:
      try Self.qwen(hidden: 2048, intermediate: 5504, layers: 24, heads: 16, isTied: false)
    case .llama212M: try Self.llama()
    case .mamba130M:
      try ModelConfiguration(
        .mamba, ModelSizes(vocabularySize: 65024, hiddenSize: 768, layerCount: 24))
    case .qwenSmall:
      try Self.qwen(hidden: 256, intermediate: 704, layers: 6, heads: 4, vocabulary: 8192)
    case .mambaSmall:
      try ModelConfiguration(
        .mamba, ModelSizes(vocabularySize: 8192, hiddenSize: 256, layerCount: 6))
    }
  }

  private static func qwen(
    hidden: Int, intermediate: Int, layers: Int, heads: Int, isTied: Bool = true,
    vocabulary: Int = 151_936
  ) throws(ModelError) -> ModelConfiguration {
    try ModelConfiguration(
      .qwen2,
      ModelSizes(
        vocabularySize: vocabulary, hiddenSize: hidden, intermediateSize: intermediate,
        layerCount: layers, headCount: heads, tiesWordEmbeddings: isTied))
  }

  /// The student of another family: Llama 3.1's vocabulary, no biases.
  private static func llama() throws(ModelError) -> ModelConfiguration {
    try ModelConfiguration(
      .llama,
      ModelSizes(
        vocabularySize: 128_256, hiddenSize: 768, intermediateSize: 3072, layerCount: 12,
        headCount: 12, maximumPositions: 32768, theta: 500_000, normEpsilon: 1e-5))
  }
}
