public import LanguageModels

/// A language model as difference sampling sees it: log-probabilities of given tokens, never logits.
///
/// A scorer belongs to one thread at a time.
public protocol ChunkScorer: AnyObject {
  /// Ids of tokens that it knows are below this; chunks hold no others.
  var vocabularySize: Int { get }
  /// log p(token t + 1 | tokens 0...t), in nats, for every chunk and every t; a chunk of n tokens
  /// gives n - 1 values. The others in a call may change what a chunk gets by rounding only.
  func logProbabilities(of chunks: [ChunkWindow]) throws -> [[Float]]
}
