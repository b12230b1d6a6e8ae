import Store

/// Copies chosen chunks of a corpus into new shards.
extension TokenShards {
  /// Writes the chunks of `indices`, in that order, as shards in `folder`, with their sources and
  /// document ids. Tokens are copied as they stand on disk where the new shards have their type.
  ///
  /// - Parameters:
  ///   - indices: chunks of this corpus; one may come more than once.
  ///   - vocabularySize: decides the element type, as in `ShardWriter`; nil keeps that of this
  ///     corpus.
  ///   - options: by default a million chunks a shard, not shuffled again.
  ///   - progress: called about every thousand chunks with the number of chunks written; false
  ///     stops with `CorpusError.cancelled`.
  /// - Returns: number of chunks and tokens written.
  @discardableResult
  public func writeSubset(
    of indices: some Collection<Int>, to folder: String, vocabularySize: Int? = nil,
    options: ShardOptions = ShardOptions(), progress: (_ written: Int) -> Bool = { _ in true }
  ) throws(CorpusError) -> (chunks: Int, tokens: Int) {
    try writeSubset(
      of: indices, to: folder, vocabularySize: vocabularySize, options: options, places: .none,
      progress: progress)
  }

  /// As above; `places` says whether the chunks of every document are written, too.
  func writeSubset(
    of indices: some Collection<Int>, to folder: String, vocabularySize: Int? = nil,
    options: ShardOptions = ShardOptions(), places: DocumentPlacesRule,
    progress: (_ written: Int) -> Bool = { _ in true }
  ) throws(CorpusError) -> (chunks: Int, tokens: Int) {
    var writer = try ShardWriter(
      folder: folder, vocabularySize: vocabularySize ?? smallestVocabulary, options: options,
      resuming: nil, places: places)
    for name in sources { _ = try writer.sources.id(of: name) }
    do throws(CorpusError) {
      var chunk = PackedChunk(source: 0, tokens: [], pieces: [])
      for index in indices {
        let stored = try storedTokens(of: index)
        chunk.source = UInt16(source(of: index))
        copyDocuments(of: index, into: &chunk.pieces)
        if stored.type == writer.type {
          try writer.append(stored, source: chunk.source, pieces: chunk.pieces)
        } else {
          try copyTokens(of: index, into: &chunk.tokens)
          try writer.append(chunk)
        }
        if writer.count % 1000 == 0 {
          // What is not in order is read again; chunks of a commit or a split are.
          release(0..<index + 1)
          if !progress(writer.count) { throw .cancelled }
        }
      }
      try writer.finish()
    } catch {
      writer.discard()
      throw error
    }
    guard progress(writer.count) else { throw .cancelled }
    return (writer.count, writer.tokenCount)
  }

  /// A vocabulary size that gives the element type of this corpus: 16 bits where they suffice.
  private var smallestVocabulary: Int {
    holdsWideTokens ? Int(Int32.max) : TokenType.widestSmallVocabulary
  }
}
