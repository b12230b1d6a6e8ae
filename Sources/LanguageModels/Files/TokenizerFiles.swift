import Store

/// The tokenizer's files travel with a model folder.
enum TokenizerFiles {
  static let names = [
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    "vocab.json", "merges.txt",
  ]

  /// Copies those that `source` holds.
  static func copy(from source: String, to target: String) throws(StoreError) {
    for name in names {
      let path = source + "/" + name
      guard Folder.exists(path) else { continue }
      let file = try MappedFile(path: path)
      try AtomicFile.write(file.copy(), to: target + "/" + name)
    }
  }
}
