public import Corpus
import LanguageModels
import Store
import Tokenizers
import Training

/// Held-out text: what a model's loss is measured on, while it is trained and afterwards.
public struct HeldOut {
  /// Which of the shards' chunks are taken where there is a limit.
  public enum Choice: Sendable {
    /// The first ones, as published.
    case first
    /// Some spread evenly over all, so that every source has its share.
    case spread
  }

  /// Token shards: a folder, or one shard's path without its suffix.
  public var shards: String
  /// The chunks, if they are not those of `shards` as they stand (converted ones).
  public var chunks: (any ChunkSource)?
  /// At most so many chunks.
  public var limit: Int
  public var choice: Choice
  /// Where the tokenizer of the shards stands, for bits a byte: a tokenizer.json or its folder; nil
  /// takes the one in the model's folder, if there is one.
  public var tokenizer: String?

  public init(
    shards: String, chunks: (any ChunkSource)? = nil, limit: Int = .max, choice: Choice = .first,
    tokenizer: String? = nil
  ) {
    self.shards = shards
    self.chunks = chunks
    self.limit = limit
    self.choice = choice
    self.tokenizer = tokenizer
  }

  /// The measurement of a model of this folder.
  ///
  /// - Throws: `CorpusError`, `TokenizerError`.
  func evaluation(
    model: ModelFolder?, chunkTokens: Int, chunksPerBatch: Int, endOfText: Int32?, _ work: Work
  ) throws -> HeldOutEvaluation {
    let all: any ChunkSource = try chunks ?? TokenShards(ShardLocation(shards))
    if chunks == nil {
      if let model {
        try ShardsTokenizer(ofShards: shards).compare(with: model, tokenizer: tokenizer, work)
      }
      try LongChunks.note(
        in: all, beyond: chunkTokens, option: "chunk-tokens", shards,
        models: model.map { [$0] } ?? [], work)
    }
    return HeldOutEvaluation(
      chunks: choice == .first
        ? ChunkPrefix(all, limit: limit) : SpreadChunks(all, limit: limit),
      chunkTokens: chunkTokens, endOfSequenceToken: endOfText, chunksPerBatch: chunksPerBatch,
      tokenByteCounts: try tokenByteCounts(model, work))
  }

  /// UTF-8 bytes of every token; nil where no tokenizer is known that made the chunks.
  func tokenByteCounts(_ model: ModelFolder?, _ work: Work) throws -> [Int]? {
    guard let place = tokenizer ?? model?.tokenizerIfPresent else { return nil }
    let known: Tokenizer
    do throws(TokenizerError) {
      known = try Tokenizer.load(from: place)
    } catch {
      // That of a GGUF file may be of a kind that is not read.
      guard tokenizer == nil, !Folder.isFolder(place) else { throw error }
      work.note("bits a byte are not given: \(error.message)", .warning)
      return nil
    }
    if chunks == nil {
      switch try ShardsTokenizer(ofShards: shards).judge(known) {
      case .unrecorded, .identical, .sameIDs: break
      case .different, .unknown:
        work.note(
          "\(shards) was not packed with the tokenizer in \(place): bits a byte are not given",
          .warning)
        return nil
      }
    }
    return (0..<known.vocabularySize).map { known.bytes(of: Int32($0)).count }
  }
}
