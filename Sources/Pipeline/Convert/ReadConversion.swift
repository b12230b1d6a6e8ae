public import Corpus
public import LanguageModels
import Tokenizers

/// Converts chunks to a model's tokenizer as they are read, without writing them.
public struct ReadConversion: Sendable, Equatable {
  /// tokenizer.json of the shards, or its folder.
  public var from: String
  /// tokenizer.json to convert to, or its folder; nil: that in the model's folder.
  public var to: String?
  /// Family of the new tokenizer; nil: by its tokens.
  public var family: ModelFamily?

  public init(from: String, to: String? = nil, family: ModelFamily? = nil) {
    self.from = from
    self.to = to
    self.family = family
  }

  /// The chunks of a folder as `model` reads them; notes shards that do not name their tokenizer.
  ///
  /// - Throws: `CorpusError`, `TokenizerError`.
  public func chunks(
    of folder: String, for model: ModelFolder, _ work: Work
  ) throws -> any ChunkSource {
    let old = try ShardsTokenizer.load(from, ofShards: folder, option: "convert-from", work)
    let place = to ?? model.tokenizerFolder
    let new = try Tokenizer.load(from: place)
    return try ConvertedChunks(
      shards: TokenShards(folder: folder), from: old, to: new,
      settings: ConversionRule(family: family).settings(
        from: old, to: new, packed: ShardsTokenizer(ofShards: folder).endOfText,
        places: (from, place)))
  }
}
