import Store

extension ModelConfiguration {
  /// Every token that ends a text of the model in `folder`: those of its config.json, and those of
  /// generation_config.json if there is one, as transformers generates.
  public func endOfText(folder: String) throws(ModelError) -> [Int32] {
    var ids = specialTokens.end
    let path = folder + "/generation_config.json"
    if Folder.exists(path) {
      let values: [String: JSONValue]
      do throws(StoreError) {
        values = try JSONFile.read([String: JSONValue].self, from: path)
      } catch {
        throw .file(error)
      }
      for id in try ConfigurationFields(values: values).tokenIDs("eos_token_id")
      where !ids.contains(id) {
        ids.append(id)
      }
    }
    return ids.map { Int32(clamping: $0) }
  }
}
