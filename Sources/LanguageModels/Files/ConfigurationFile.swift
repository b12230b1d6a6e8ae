import Store

extension JSONValue {
  /// Indented JSON with sorted keys. Numbers keep their kind: transformers refuses the integer 1
  /// where a key is a float, and a general encoder writes 1.0 as 1.
  func json(indentation: String = "") -> String {
    let inner = indentation + "  "
    switch self {
    case .null: return "null"
    case .flag(let value): return value ? "true" : "false"
    case .integer(let value): return "\(value)"
    case .number(let value): return "\(value)"
    case .text(let value): return JSONFile.quoted(value)
    case .list(let values):
      return "[" + values.map { $0.json(indentation: inner) }.joined(separator: ", ") + "]"
    case .object(let values):
      if values.isEmpty { return "{}" }
      let lines = values.sorted { $0.key < $1.key }.map { key, value in
        inner + JSONFile.quoted(key) + ": " + value.json(indentation: inner)
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indentation)}"
    }
  }
}

extension ModelConfiguration {
  /// Writes config.json and generation_config.json as transformers reads them.
  func write(to folder: ModelFolder, dtype: String) throws(StoreError) {
    var keys = json
    // transformers 4 reads torch_dtype, transformers 5 dtype.
    keys["dtype"] = .text(dtype)
    keys["torch_dtype"] = .text(dtype)
    try AtomicFile.write(text: JSONValue.object(keys).json() + "\n", to: folder.configurationFile)
    let ids = specialTokens.json.filter { $0.value != .null }
    try AtomicFile.write(
      text: JSONValue.object(ids).json() + "\n", to: folder.generationFile)
  }
}
