public import TensorKit

/// What models compute with: kernels, pool and matrix product.
public typealias Compute = Ops

/// Makes models from configurations and from folders.
public enum LanguageModel {
  /// A new model with initial weights.
  public static func make(
    _ configuration: ModelConfiguration, initialization: ModelInitialization, compute: Compute
  ) throws -> any CausalLanguageModel {
    let model: any CausalLanguageModel =
      switch configuration {
      case .decoder(let shape): try DecoderModel(shape, compute: compute)
      case .mamba(let shape): try MambaModel(shape, compute: compute)
      }
    if case .seeded(let source, let style) = initialization {
      let initializer = Initializer(source: source, store: model.parameters)
      switch configuration {
      case .decoder(let shape): try initializer.decoder(shape)
      case .mamba(let shape): try initializer.mamba(shape, style: style)
      }
    }
    return model
  }

  /// Reads a folder as transformers saves it: config.json and safetensors files.
  ///
  /// Everything is checked before memory is taken: a folder whose tensors are not those of its
  /// configuration gives `ModelError.tensors` with every difference.
  public static func load(folder: String, compute: Compute) throws -> any CausalLanguageModel {
    let configuration = try ModelConfiguration(file: folder + "/config.json")
    let files = try WeightFiles(folder: folder)
    let table = ParameterTable(configuration)
    var problems = files.problems(for: table)
    if !problems.isEmpty { throw ModelError.tensors(path: folder, problems: problems) }
    let model = try make(configuration, initialization: .zeros, compute: compute)
    for entry in table.entries where entry.tiedTo == nil {
      guard let stored = files.stored(for: entry, in: table) else { continue }
      let target = try model.parameters.base(.weights) + entry.offset
      WeightConversion.read(stored, to: target, ops: compute)
      if !compute.allFinite(target, count: entry.count) {
        problems.append(.notFinite(name: entry.name))
      }
    }
    if !problems.isEmpty { throw ModelError.tensors(path: folder, problems: problems) }
    return model
  }
}
