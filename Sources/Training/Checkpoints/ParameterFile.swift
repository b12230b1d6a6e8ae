import LanguageModels
import Store

/// Reads and writes the buffers of a parameter store as safetensors, tensor by tensor under the
/// parameters' names.
enum ParameterFile {
  /// The moments, under the names that torch gives them.
  static let momentPrefixes: [(role: ParameterStore.Role, prefix: String)] = [
    (.firstMoment, "exp_avg."), (.secondMoment, "exp_avg_sq."),
  ]

  /// Writes both moments of every parameter.
  static func writeMoments(of store: ParameterStore, to path: String) throws {
    let entries = store.table.entries.filter { $0.tiedTo == nil }
    let declarations = momentPrefixes.flatMap { _, prefix in
      entries.map {
        SafetensorsWriter.Declaration(name: prefix + $0.name, type: .f32, shape: $0.shape)
      }
    }
    var writer = try SafetensorsWriter(
      replacing: path, tensors: declarations, metadata: ["format": "pt"])
    do {
      for (role, _) in momentPrefixes {
        let values = try store.values(role)
        for entry in entries {
          try writer.write(
            UnsafeRawBufferPointer(
              UnsafeBufferPointer(rebasing: values[entry.offset..<entry.offset + entry.count])))
        }
      }
      try writer.commit()
    } catch {
      writer.discard()
      throw error
    }
  }

  /// Reads both moments of every parameter.
  static func readMoments(from path: String, into store: ParameterStore) throws {
    let file = try SafetensorsFile(path: path)
    for (role, prefix) in momentPrefixes { try read(file, prefix: prefix, role, into: store) }
  }

  /// Reads the weights of a checkpoint, bit by bit.
  static func readWeights(from path: String, into store: ParameterStore) throws {
    try read(try SafetensorsFile(path: path), prefix: "", .weights, into: store)
  }

  private static func read(
    _ file: SafetensorsFile, prefix: String, _ role: ParameterStore.Role,
    into store: ParameterStore
  ) throws {
    let values = try store.values(role)
    for entry in store.table.entries where entry.tiedTo == nil {
      let name = prefix + entry.name
      guard let tensor = file[name], tensor.type == .f32, tensor.shape == entry.shape else {
        let found = file[name].map { "\(name) \($0.type.rawValue) \(ShapeText($0.shape))" }
        throw TrainingError.damagedCheckpoint(
          path: file.path, found: found ?? "no tensor \(name)",
          expected: "\(name) F32 \(ShapeText(entry.shape))")
      }
      let target = UnsafeMutableRawBufferPointer(
        UnsafeMutableBufferPointer(rebasing: values[entry.offset..<entry.offset + entry.count]))
      file.withBytes(of: tensor) { target.copyMemory(from: $0) }
    }
  }
}
