public import Corpus
public import Tokenizers

/// What a caller asks of packing by name; the rest is as the preset has it, or as published.
public struct PackingChoices: Sendable, Equatable {
  /// Everything as in the published run for these models, besides what is named below.
  public var preset: PackingPreset?
  /// Most tokens of a chunk.
  public var maximumLength: Int?
  public var chunksPerShard: Int?
  /// Order of the chunks inside a shard.
  public var shuffle: ShardShuffle?
  /// The document entries of the indices.
  public var documentIndex: DocumentIndex?
  /// The token that every chunk begins with.
  public var beginningOfSequence: Int32?
  /// Whether what is left in the buffers becomes short chunks.
  public var emitsRemainders = false
  /// Whether a document may fill any number of chunks.
  public var keepsWholeDocuments = false
  /// Whether an empty text is a document of one end-of-text token.
  public var keepsEmptyTexts = false

  public init() {}

  /// Settings for documents that are read by `reader`.
  ///
  /// - Parameter path: where the tokenizer was read from, a file or its folder.
  /// - Throws: `CorpusError.tokenizer` when the preset needs a token that it does not have.
  public func settings(
    reader: ReaderOptions, tokenizer: Tokenizer, path: String
  ) throws(CorpusError) -> CorpusSettings {
    var settings = CorpusSettings()
    settings.reader = reader
    settings.reader.keepsEmptyTexts = keepsEmptyTexts
    try preset?.apply(to: &settings, tokenizer: tokenizer, path: path)
    if let maximumLength { settings.packing.maximumLength = maximumLength }
    if let beginningOfSequence { settings.packing.beginningOfSequence = beginningOfSequence }
    if emitsRemainders { settings.packing.emitsRemainders = true }
    if keepsWholeDocuments { settings.packing.chunksPerDocument = nil }
    if let chunksPerShard { settings.shards.chunksPerShard = chunksPerShard }
    if let documentIndex, documentIndex != .published {
      settings.shards.documentIndex = documentIndex
    }
    if let shuffle { settings.shards.shuffle = shuffle }
    return settings
  }
}
