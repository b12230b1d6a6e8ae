import LanguageModels
public import ModelPlaces
import Store
public import TensorKit

/// A model of this machine as a list shows it.
public struct ListedModel: Sendable, Equatable {
  public var found: FoundModel
  /// As its maker calls it: "qwen2", also one that cannot be used here.
  public var family: String?
  public var parameters: Int?
  /// On the disk.
  public var bytes = 0
  /// Element types of the weights, those of the most bytes first: ["Q4_K", "Q6_K", "F32"].
  public var elementTypes: [String] = []
  public var vocabularySize: Int?
  /// Why it cannot be used, in a few words; nil when it can.
  public var obstacle: String?
  /// Memory that scoring takes in batches of 4,096 tokens.
  public var memory: [Precision: Int] = [:]
  /// Those of them that fit into what is free.
  public var fitting: [Precision] = []
  /// Digest of what holds its tokenizer; nil where there is none, or nobody to compare it with.
  public var tokenizer: String?
  /// Names of the models with the same one, whatever file holds it.
  public var sameTokenizerAs: [String] = []

  public var name: String { found.name }
  public var path: String { found.path }
  /// Whose place it lies in.
  public var place: String { found.place }

  init(_ found: FoundModel) { self.found = found }
}

/// Reads what models are.
final class ListedModelReader {
  private let compute: Ops
  private let freeBytes: Int

  private static let batchTokens = 4096

  init(compute: Ops, freeBytes: Int) {
    self.compute = compute
    self.freeBytes = freeBytes
  }

  func read(_ found: FoundModel) -> ListedModel {
    var model = ListedModel(found)
    model.bytes = Set(found.files.map(OutputPath.canonical)).reduce(0) { $0 + Self.size($1) }
    if let missing = found.missing {
      model.obstacle = missing
      return model
    }
    if found.isFile { readMetadata(&model) }
    let folder = ModelFolder(found.path)
    do throws(ModelError) {
      let examined = try folder.examine()
      take(examined.configuration, &model)
      model.elementTypes = examined.elementTypes.map(\.name)
    } catch {
      if let stated = try? folder.statedConfiguration() { take(stated, &model) }
      model.obstacle = error.inFewWords
    }
    return model
  }

  private func take(_ configuration: ModelConfiguration, _ model: inout ListedModel) {
    model.family = configuration.modelType
    model.parameters = configuration.parameterCount
    model.vocabularySize = configuration.vocabularySize
    for precision in Precision.allCases {
      model.memory[precision] =
        MemoryPlan(
          configuration: configuration, maximumTokens: Self.batchTokens, precision: precision,
          purpose: .scoring, compute: compute
        ).totalBytes
    }
    model.fitting = Precision.allCases.filter { (model.memory[$0] ?? .max) < freeBytes }
  }

  /// What a GGUF file says of itself, which can be told of those, too, that cannot be used.
  private func readMetadata(_ model: inout ListedModel) {
    guard let file = try? GGUFFile(path: model.path, readsTextLists: false) else { return }
    if case .text(let family)? = file.metadata["general.architecture"] { model.family = family }
    var counts: [String: Int] = [:]
    for tensor in file.tensors { counts[tensor.typeName, default: 0] += tensor.range.count }
    model.elementTypes = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    if !model.found.files.isEmpty, model.found.files.count == 1 {
      model.parameters = file.tensors.reduce(0) { $0 + $1.count }
    }
    model.vocabularySize = file["token_embd.weight"]?.shape.first
  }

  private static func size(_ path: String) -> Int {
    FilePlace(path)?.size ?? 0
  }
}

extension ModelError {
  /// Without the path and without advice, which a list has no room for.
  var inFewWords: String {
    switch self {
    case .configuration(let key, let found, _, _): "\(key) is \(found)"
    case .unsupported(let feature, let found, _, _): "\(feature) \(found) is not supported"
    case .tensors(_, let problems, _):
      "\(problems.count) tensors do not match its configuration"
    case .folder(_, let found, _), .unusable(_, let found, _, _): found
    case .needsConversion: "pickled weights, which can run code"
    default: message
    }
  }
}
