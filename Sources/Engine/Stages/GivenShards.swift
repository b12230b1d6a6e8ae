import Corpus
import Pipeline
import Store
import Tokenizers

/// Token shards that a project is given in place of text: they get a second name in its folder,
/// nothing is copied.
struct GivenShards {
  let location: ShardLocation
  private let path: String
  /// Chunks whose tokens are compared with the vocabulary.
  private static let samples = 4096

  /// nil when the inputs of a part are text.
  init?(_ inputs: [String]) {
    guard inputs.count == 1, let path = inputs.first else { return nil }
    location = ShardLocation(path)
    self.path = path
    guard location.holdsShards else { return nil }
  }

  /// Puts the shards into `folder`, with a manifest that says where they lie.
  func link(
    into folder: String, tokenizer: TokenizerEncoding, settings: CorpusSettings
  ) throws -> CorpusManifest {
    let shards = try TokenShards(location)
    let own = try CorpusBuilder.manifest(of: location.folder)
    try check(shards, own, tokenizer)
    let manifest = try CorpusManifest(
      shards: shards, made: own, settings: settings, tokenizer: tokenizer)
    let building = folder + ".building"
    try Folder.remove(building)
    try Folder.make(building)
    for (number, base) in shards.shardPaths.enumerated() {
      for file in try files(of: base) {
        try Folder.link(base + file, as: "\(building)/data_\(number)\(file)")
      }
    }
    if own?.shards == shards.shardPaths.count {
      for name in try Folder.list(location.folder) where name.hasPrefix("documents") {
        try Folder.link("\(location.folder)/\(name)", as: "\(building)/\(name)")
      }
    }
    try JSONFile.write(manifest, to: "\(building)/\(CorpusManifest.fileName)")
    try Folder.publish(building, as: folder)
    return manifest
  }

  /// Suffixes of the files that belong to a shard.
  private func files(of base: String) throws -> [String] {
    let name = (base.split(separator: "/").last.map(String.init) ?? base) + "."
    return try Folder.list(Folder.parent(of: base)).filter { $0.hasPrefix(name) }
      .map { String($0.dropFirst(name.count - 1)) }
  }

  /// A corpus of another tokenizer would show as noise, and score as such.
  private func check(
    _ shards: TokenShards, _ own: CorpusManifest?, _ tokenizer: TokenizerEncoding
  ) throws {
    if let own, own.tokenizer != tokenizer.identity {
      throw EngineError.setting(
        name: "tokenizer", found: tokenizer.identity,
        expected: "that of the shards in \(path), \(own.tokenizer)")
    }
    var tokens: [Int32] = []
    let count = min(shards.count, Self.samples)
    for sample in 0..<count {
      let chunk = sample * shards.count / count
      try shards.copyTokens(of: chunk, into: &tokens)
      guard let largest = tokens.max(), Int(largest) >= tokenizer.vocabularySize else { continue }
      throw CorpusError.tokenOutOfRange(
        token: Int(largest), path: "chunk \(chunk) of \(path)",
        expected: "ids below \(tokenizer.vocabularySize), the vocabulary of the tokenizer")
    }
  }
}
