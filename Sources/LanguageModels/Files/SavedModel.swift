import Glibc
import Store
import TensorKit

extension CausalLanguageModel {
  /// Writes a folder that transformers loads: config.json, generation_config.json,
  /// model.safetensors and, when given, the tokenizer's files.
  ///
  /// The folder appears complete or not at all. An older one of the same name is replaced; only a
  /// crash between the two renames leaves it as `<folder>.replaced`. One writer a folder.
  public func save(
    to folder: String, tokenizerFolder: String? = nil, dtype: WeightType = .float32
  ) throws {
    guard holdsAllWeights else {
      throw ModelError.precision(
        found: "a model that was made for scoring in \(precision.rawValue)",
        expected: "one with f32 weights, which can be saved")
    }
    let path = ModelFolder(folder).path
    let temporary = path + ".partial"
    do {
      try Folder.remove(temporary)
      try Folder.make(temporary)
      try configuration.write(to: ModelFolder(temporary), dtype: dtype.rawValue)
      try writeWeights(to: temporary + "/" + SafetensorsWeights.fileName, dtype: dtype)
      if let tokenizerFolder { try TokenizerFiles.copy(from: tokenizerFolder, to: temporary) }
      try Self.publish(temporary, as: path)
    } catch {
      try? Folder.remove(temporary)
      throw error
    }
  }

  /// Writes the weights as one safetensors file, tied ones once.
  private func writeWeights(to path: String, dtype: WeightType) throws {
    let entries = parameters.table.entries.filter { $0.tiedTo == nil }
    var writer = try SafetensorsWriter(
      replacing: path,
      tensors: entries.map {
        .init(name: $0.name, type: dtype.elementType, shape: $0.shape)
      },
      metadata: ["format": "pt"])
    let weights = try parameters.base(.weights)
    do {
      for entry in entries {
        try WeightConversion.write(
          weights + entry.offset, count: entry.count, as: dtype, to: &writer, ops: compute)
      }
      try writer.commit()
    } catch {
      writer.discard()
      throw error
    }
  }

  private static func publish(_ temporary: String, as path: String) throws(StoreError) {
    guard Folder.exists(path) else { return try Folder.publish(temporary, as: path) }
    let replaced = path + ".replaced"
    try Folder.remove(replaced)
    if rename(path, replaced) != 0 { throw .system(operation: "move aside", path: path) }
    try Folder.publish(temporary, as: path)
    try Folder.remove(replaced)
  }
}
