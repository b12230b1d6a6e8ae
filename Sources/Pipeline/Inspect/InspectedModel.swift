import LanguageModels
import Numerics
import Store
import TensorKit

/// A model as transformers saves it, a checkpoint of a run included.
enum InspectedModel: InspectedKind {
  static let words = "a model folder"

  static func matches(_ path: String) -> Bool {
    let model = ModelFolder(folder(of: path))
    return model.isPresent || model.hasWeights
  }

  /// The folder, or that of its configuration.
  private static func folder(of path: String) -> String {
    isConfiguration(path) ? Folder.parent(of: path) : path
  }

  private static func isConfiguration(_ path: String) -> Bool {
    Inspect.name(path) == ModelFolder.configurationName
  }

  /// A folder is looked at as it would be loaded, and what cannot be loaded is an error; a
  /// configuration that is named itself is planned with, whether it has weights or not.
  static func lines(_ inspection: Inspect, _ work: Work) throws -> [String] {
    let folder = ModelFolder(folder(of: inspection.path))
    if isConfiguration(inspection.path) {
      return lines(of: try folder.statedConfiguration(), compute: inspection.compute)
    }
    let model = try folder.examine()
    let missing = folder.missing()
    return lines(of: model.configuration, compute: inspection.compute)
      + [
        "weights: \(Number.grouped(model.tensorCount)) tensors, \(Number.bytes(model.byteCount)), "
          + model.elementTypes.joined(separator: ", ")
      ]
      + (missing.isEmpty ? [] : ["lacks \(missing.joined(separator: ", "))"])
      + model.warnings.map { "note: \($0)" }
  }

  private static func lines(of configuration: ModelConfiguration, compute: Ops) -> [String] {
    var lines = [
      "\(configuration.modelType), \(Number.grouped(configuration.parameterCount)) parameters",
      "layers \(configuration.layerCount), hidden size \(configuration.hiddenSize), vocabulary "
        + "\(Number.grouped(configuration.vocabularySize)), embeddings "
        + (configuration.tiesWordEmbeddings ? "tied" : "untied"),
    ]
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
    let lacking = Precision.allCases.filter { !compute.capability.has($0) }.map(\.rawValue)
    if !lacking.isEmpty {
      lines.append("this processor has no \(lacking.joined(separator: " and no ")) products")
    }
    return lines
  }
}
