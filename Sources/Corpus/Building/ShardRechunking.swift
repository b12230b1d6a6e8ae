import Store

/// Cuts the documents of shards of other programs (Megatron-LM, GPT-NeoX: one sequence a document,
/// of any length) into chunks, by the rules that text is packed with.
///
/// The corpus appears at the end, whole; stopped before, nothing is left.
public struct ShardRechunking {
  private let shards: TokenShards
  private let settings: CorpusSettings
  private let tokenizer: any TokenEncoding

  public init(_ shards: TokenShards, settings: CorpusSettings, tokenizer: any TokenEncoding) {
    self.shards = shards
    self.settings = settings
    self.tokenizer = tokenizer
  }

  /// Writes the corpus into `folder`, or finds it there.
  ///
  /// - Parameters:
  ///   - replacing: as in `CorpusBuilder.build`.
  ///   - progress: gets the number of sequences read; false stops with `CorpusError.cancelled`.
  /// - Throws: `setting` for shards that do not say where documents begin: they are chunked already;
  ///   `changedWhileRead`.
  public func build(
    into folder: String, replacing: Bool, progress: (Int) -> Bool
  ) throws(CorpusError) -> CorpusManifest {
    let inputs = try InputSummary.of(shards)
    if let present = try CorpusBuilder.manifest(of: folder) {
      if present.settings == settings, present.isTokenized(by: tokenizer),
        present.inputs.map(\.path) == inputs.map(\.path),
        zip(present.inputs, inputs).allSatisfy({
          $0.bytes == $1.bytes && $0.modified == $1.modified
        })
      {
        return present
      }
      if !replacing {
        throw .occupied(
          folder: folder,
          found: "a corpus of other inputs or settings (--replace makes it anew)")
      }
    } else if Folder.exists(folder) {
      let names = try storing { () throws(StoreError) in try Folder.list(folder) }
      if !names.isEmpty { throw .occupied(folder: folder, found: OutputPath.words(names)) }
    }
    let working = folder + ".building"
    do throws(CorpusError) {
      try storing { () throws(StoreError) in try Folder.remove(working) }
      let manifest = try fill(working, inputs, progress)
      try shards.requireUnchanged()
      try storing { () throws(StoreError) in
        try JSONFile.write(manifest, to: "\(working)/\(CorpusManifest.fileName)")
        if Folder.exists(folder), !(try Folder.list(folder).isEmpty) { try Folder.remove(folder) }
        try Folder.publish(working, as: folder)
      }
      return manifest
    } catch {
      try? Folder.remove(working)
      throw error
    }
  }

  private func fill(
    _ working: String, _ summaries: [InputSummary], _ progress: (Int) -> Bool
  ) throws(CorpusError) -> CorpusManifest {
    var inputs = summaries
    var packer = try SequencePacker(
      options: settings.packing, sentenceEnds: SentenceEnds(of: tokenizer))
    var writer = try ShardWriter(
      folder: working, vocabularySize: tokenizer.vocabularySize, options: settings.shards)
    var counts = shards.sources.map { SourceCount(name: $0) }
    for name in shards.sources { _ = try writer.sources.id(of: name) }
    var (document, chunks, part): (Int64, [PackedChunk], [Int32]) = (0, [], [])
    func write(_ writer: inout ShardWriter) throws(CorpusError) {
      for chunk in chunks {
        try writer.append(chunk)
        counts[Int(chunk.source)].chunks += 1
        counts[Int(chunk.source)].tokens += chunk.tokens.count
      }
      chunks.removeAll(keepingCapacity: true)
    }
    for (place, shard) in shards.shards.enumerated() {
      guard let starts = try shard.index.documentStarts() else {
        throw .setting(
          name: "the input \(shards.shardPaths[place])", found: "shards that are chunked already",
          expected: "text, or documents of Megatron-LM; 'miniplm convert' changes the tokenizer")
      }
      let first = shards.shardStarts[place]
      for (start, end) in zip(starts, starts.dropFirst()) where start < end {
        var tokens: [Int32] = []
        for chunk in start..<end {
          try shards.copyTokens(of: first + chunk, into: &part)
          tokens += part
        }
        if tokens.isEmpty { continue }
        if tokens.last != tokenizer.endOfText { tokens.append(tokenizer.endOfText) }
        let source = shards.source(of: first + start)
        counts[source].documents += 1
        counts[source].documentTokens += tokens.count
        inputs[place].documents += 1
        packer.add(document: document, source: UInt16(source), tokens: tokens, to: &chunks)
        document += 1
        try write(&writer)
        if document % 256 == 0 {
          shards.release(0..<first + end)
          if !progress(first + end) { throw .cancelled }
        }
      }
    }
    packer.finish(to: &chunks)
    try write(&writer)
    try writer.finish()
    guard writer.shardCount > 0 else {
      throw .noChunks(
        documents: Int(document), tokens: counts.reduce(0) { $0 + $1.documentTokens })
    }
    return CorpusManifest(
      settings: settings, tokenizer: tokenizer.identity,
      tokenizerFingerprint: tokenizer.fingerprint,
      vocabularySize: tokenizer.vocabularySize, endOfText: tokenizer.endOfText, inputs: inputs,
      rejected: [:], sources: counts, shards: writer.shardCount)
  }
}
