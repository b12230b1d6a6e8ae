import Store

extension ModelConfiguration {
  /// Writes config.json and generation_config.json as transformers reads them.
  func write(
    to folder: ModelFolder, dtype: String, keys given: [String: JSONValue] = [:]
  ) throws(StoreError) {
    var keys = json.merging(given) { $1 }
    // transformers 4 reads torch_dtype, transformers 5 dtype.
    keys["dtype"] = .text(dtype)
    keys["torch_dtype"] = .text(dtype)
    try AtomicFile.write(text: JSONValue.object(keys).json() + "\n", to: folder.configurationFile)
    let ids = specialTokens.json.filter { $0.value != .null }
    try AtomicFile.write(
      text: JSONValue.object(ids).json() + "\n", to: folder.generationFile)
  }
}
