import LanguageModels
import Numerics
import Store
import TensorKit

/// A model as transformers saves it, a checkpoint of a run included.
enum InspectedModel: InspectedKind {
  static let words = "a model folder"

  static func matches(_ path: String) -> Bool { ModelFolder(folder(of: path)).isPresent }

  /// The folder, or that of its configuration.
  private static func folder(of path: String) -> String {
    Inspect.name(path) == ModelFolder.configurationName ? Folder.parent(of: path) : path
  }

  static func lines(_ inspection: Inspect, _ work: Work) throws -> [String] {
    let folder = ModelFolder(folder(of: inspection.path))
    let configuration = try folder.configuration()
    let compute = inspection.compute
    var lines = [
      "\(configuration.modelType), \(Number.grouped(configuration.parameterCount)) parameters",
      "layers \(configuration.layerCount), hidden size \(configuration.hiddenSize), vocabulary "
        + "\(Number.grouped(configuration.vocabularySize)), embeddings "
        + (configuration.tiesWordEmbeddings ? "tied" : "untied"),
    ]
    let missing = folder.missing()
    if !missing.isEmpty { lines.append("lacks \(missing.joined(separator: ", "))") }
    func bytes(_ precision: Precision, _ purpose: WorkspacePurpose) -> String {
      let plan = MemoryPlan(
        configuration: configuration, maximumTokens: 4096, precision: precision, purpose: purpose,
        compute: compute)
      return "\(precision.rawValue) \(Number.bytes(plan.totalBytes))"
    }
    func line(_ what: String, _ precisions: [Precision], _ purpose: WorkspacePurpose) -> String {
      "  \(what): " + precisions.map { bytes($0, purpose) }.joined(separator: ", ")
    }
    lines += [
      "memory at 4,096 tokens a batch on \(compute.pool.threads) threads:",
      line("scoring", Precision.allCases, .scoring),
      line("training", [.f32, .bf16], .training),
      line("training with block checkpointing", [.f32, .bf16], .checkpointedTraining),
    ]
    let lacking = Precision.allCases.filter { !$0.isSupported }.map(\.rawValue)
    if !lacking.isEmpty {
      lines.append("this processor has no \(lacking.joined(separator: " and no ")) products")
    }
    return lines
  }
}
