// What the files of a model folder are called, for whoever fetches or looks for models.
extension ModelFolder {
  /// Weights in one file.
  public static let weightsName = SafetensorsWeights.fileName
  /// What names the files of weights in several.
  public static let weightsIndexName = SafetensorsWeights.indexName
  /// Small files that a model may need beside its configuration.
  public static let companionNames =
    [
      generationName, tokenizerName, "tokenizer_config.json", "special_tokens_map.json",
      "added_tokens.json", "vocab.json", "merges.txt", "tokenizer.model",
    ]

  /// Names of the files of weights that an index lists, sorted.
  ///
  /// - Throws: `ModelError.unusable` for a file that is no such index.
  public static func weightFiles(listedBy index: String) throws(ModelError) -> [String] {
    try SafetensorsWeights.listed(by: index)
  }
}
