public import LanguageModels
import Training

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

/// The shapes of the published method and a pair small enough for a quick look: those of the presets
/// of training, and the teacher.
enum NamedShape: String, CaseIterable {
  case qwen104M = "qwen-104m"
  case qwen200M = "qwen-200m"
  case qwen500M = "qwen-500m"
  case qwen1800M = "qwen1.5-1.8b"
  case llama212M = "llama-212m"
  case mamba130M = "mamba-130m"
  case qwenSmall = "qwen-small"
  case mambaSmall = "mamba-small"

  func configuration() throws -> ModelConfiguration {
    switch self {
    case .qwen104M: try TrainingPreset(named: "qwen-104m-ref").configuration()
    case .llama212M: try TrainingPreset(named: "llama3.1-212m").configuration()
    case .qwen200M, .qwen500M, .mamba130M: try TrainingPreset(named: rawValue).configuration()
    case .qwenSmall, .mambaSmall:
      try TrainingPreset(named: rawValue).configuration(
        tokenizer: TokenizerSizes(vocabularySize: 8192, endOfText: 0))
    case .qwen1800M:
      try ModelConfiguration(
        .qwen2,
        ModelSizes(
          vocabularySize: 151_936, hiddenSize: 2048, intermediateSize: 5504, layerCount: 24,
          headCount: 16, tiesWordEmbeddings: false))
    }
  }
}
