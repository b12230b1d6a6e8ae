import Store

/// The safetensors files of a model folder, and which tensor is in which.
struct WeightFiles {
  /// One tensor and its file.
  struct Stored {
    let file: SafetensorsFile
    let tensor: TensorInfo
  }

  /// By the names that the configuration uses.
  private(set) var tensors: [String: Stored] = [:]

  /// Opens model.safetensors, or every file that model.safetensors.index.json names.
  init(folder: String) throws(ModelError) {
    var stored: [Stored] = []
    for file in try Self.open(folder) {
      stored += file.tensors.map { Stored(file: file, tensor: $0) }
    }
    // A base model is saved without the prefix of the causal one.
    let names = stored.map(\.tensor.name)
    let prefix: String? =
      if names.contains(where: { $0.hasPrefix("model.") || $0.hasPrefix("backbone.") }) {
        nil
      } else if names.contains(where: { $0.contains("mixer.") }) {
        "backbone."
      } else {
        "model."
      }
    for one in stored {
      let name = one.tensor.name
      // Saved by old versions; computed from the configuration.
      if name.hasSuffix("rotary_emb.inv_freq") { continue }
      tensors[Self.canonical(name, prefix: prefix)] = one
    }
  }

  private static func canonical(_ name: String, prefix: String?) -> String {
    let full = if let prefix, name != "lm_head.weight" { prefix + name } else { name }
    // mamba_ssm's own checkpoints use the singular.
    return full == "backbone.embedding.weight" ? "backbone.embeddings.weight" : full
  }

  private struct Index: Decodable {
    let map: [String: String]
    enum CodingKeys: String, CodingKey { case map = "weight_map" }
  }

  private static func open(_ folder: String) throws(ModelError) -> [SafetensorsFile] {
    do throws(StoreError) {
      if Folder.exists(folder + "/model.safetensors") {
        return [try SafetensorsFile(path: folder + "/model.safetensors")]
      }
      let indexPath = folder + "/model.safetensors.index.json"
      if Folder.exists(indexPath) {
        let names = Set(try JSONFile.read(Index.self, from: indexPath).map.values).sorted()
        for name in names where name.contains("/") || !name.hasSuffix(".safetensors") {
          throw .malformed(
            path: indexPath, found: "the file name \"\(name.prefix(80))\"",
            expected: "names of .safetensors files in this folder")
        }
        var files: [SafetensorsFile] = []
        for name in names { files.append(try SafetensorsFile(path: folder + "/" + name)) }
        return files
      }
    } catch {
      throw .file(error)
    }
    for name in ["pytorch_model.bin", "pytorch_model.bin.index.json"]
    where Folder.exists(folder + "/" + name) {
      throw .needsConversion(
        path: folder + "/" + name,
        command: "python3 -c \"from transformers import AutoModelForCausalLM as M; "
          + "M.from_pretrained('\(folder)').save_pretrained('\(folder)-safetensors')\"")
    }
    throw .folder(
      path: folder, found: "no weights",
      expected: "model.safetensors or model.safetensors.index.json")
  }

  /// Lists every difference from what `table` asks for.
  func problems(for table: ParameterTable) -> [TensorProblem] {
    var problems: [TensorProblem] = []
    for entry in table.entries {
      guard let tensor = stored(for: entry, in: table)?.tensor else {
        if entry.tiedTo == nil {
          problems.append(.missing(name: entry.name, expected: entry.shape))
        }
        continue
      }
      if tensor.shape != entry.shape {
        problems.append(.shape(name: entry.name, found: tensor.shape, expected: entry.shape))
      } else if ![.f32, .f16, .bf16].contains(tensor.type) {
        problems.append(.elementType(name: entry.name, found: tensor.type.rawValue))
      }
    }
    for (name, one) in tensors.sorted(by: { $0.key < $1.key })
    where table.entry(named: name) == nil {
      problems.append(.unexpected(name: one.tensor.name, found: one.tensor.shape))
    }
    return problems
  }

  /// The tensor of `entry`; a tied pair may be stored under either name.
  func stored(for entry: ParameterTable.Entry, in table: ParameterTable) -> Stored? {
    if let one = tensors[entry.name] { return one }
    guard entry.tiedTo == nil,
      let other = table.entries.first(where: { $0.tiedTo == entry.name })
    else { return nil }
    return tensors[other.name]
  }
}
