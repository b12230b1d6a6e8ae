extension CorpusManifest {
  /// The record of shards that somebody else has packed, read from their index and labels.
  ///
  /// - Parameters:
  ///   - own: the record beside the shards, if there is one; it knows the documents, where all of its
  ///     shards are meant.
  ///   - settings: those of the caller; the chunk length becomes that of the longest chunk.
  ///   - endOfText: the token that ends documents in these shards, where their records state it.
  public init(
    shards: TokenShards, made own: CorpusManifest?, settings: CorpusSettings,
    tokenizer: some TokenEncoding, endOfText: Int32? = nil
  ) throws(CorpusError) {
    let known = own.flatMap { $0.shards == shards.shardPaths.count ? $0.sources : nil } ?? []
    let byName = Dictionary(known.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var sources = shards.sources.map { name in
      var source = byName[name] ?? SourceCount(name: name)
      (source.chunks, source.tokens) = (0, 0)
      return source
    }
    var longest = 1
    shards.forEachChunk(in: 0..<shards.count) { _, source, length in
      sources[source].chunks += 1
      sources[source].tokens += length
      longest = max(longest, length)
      return true
    }
    var settings = settings
    settings.packing.maximumLength = longest
    let inputs = try InputSummary.of(shards)
    self.init(
      settings: settings, tokenizer: tokenizer.identity,
      tokenizerFingerprint: tokenizer.fingerprint, vocabularySize: tokenizer.vocabularySize,
      endOfText: endOfText ?? tokenizer.endOfText, inputs: inputs, rejected: own?.rejected ?? [:],
      sources: sources, shards: shards.shardPaths.count)
  }
}

extension InputSummary {
  /// Shards as inputs, one a `.bin` file; whoever reads their documents counts them.
  static func of(_ shards: TokenShards) throws(CorpusError) -> [InputSummary] {
    var inputs: [InputSummary] = []
    for base in shards.shardPaths {
      let status = try fileStatus(base + ".bin")
      inputs.append(
        InputSummary(
          path: base + ".bin", bytes: status.size, modified: status.modified, sha256: nil,
          documents: 0))
    }
    return inputs
  }
}
