public import Store
public import Tokenizers

/// Everything besides the inputs that decides the bytes of a tokenized corpus.
public struct CorpusSettings: Codable, Sendable, Equatable {
  /// How documents are found.
  public var reader = ReaderOptions()
  /// How documents are cut into chunks.
  public var packing = PackingOptions()
  /// How chunks are spread over shards.
  public var shards = ShardOptions()

  /// The published settings, but without a shuffle.
  public init() {}
}

/// What a source gave to a corpus.
public struct SourceCount: Codable, Sendable, Equatable {
  /// The label.
  public var name: String
  /// Documents read.
  public var documents = 0
  /// Bytes of their text.
  public var textBytes = 0
  /// Tokens of the documents, with one end-of-text token each.
  public var documentTokens = 0
  /// Chunks written.
  public var chunks = 0
  /// Tokens in these chunks.
  public var tokens = 0

  /// A source that has given nothing yet.
  public init(name: String) { self.name = name }
}

/// The record of a tokenized corpus, `corpus.json` beside its shards: what was read, with digests,
/// how, and what came out.
public struct CorpusManifest: Codable, Sendable, Equatable {
  /// The settings.
  public var settings: CorpusSettings
  /// Identity of the tokenizer.
  public var tokenizer: String
  /// What the tokenizer is, whatever file it came from; nil in older records.
  public var tokenizerFingerprint: TokenizerFingerprint?
  /// Number of token ids.
  public var vocabularySize: Int
  /// The token that ends a document.
  public var endOfText: Int32
  /// Every input file in order, with its digest.
  public var inputs: [InputSummary]
  /// Documents that could not be used, by reason; `rejects.jsonl` holds where they were.
  public var rejected: [String: Int]
  /// Counts by source, in the order of first appearance.
  public var sources: [SourceCount]
  /// Shards written.
  public var shards: Int

  /// The tokenizer as records are compared.
  public var tokenizerIdentity: TokenizerIdentity {
    TokenizerIdentity(digest: tokenizer, fingerprint: tokenizerFingerprint)
  }

  /// Whether a tokenizer gives the ids of this corpus, and ends its documents as here.
  public func isTokenized(by tokenizer: some TokenEncoding) -> Bool {
    tokenizerIdentity.isSame(as: tokenizer.tokenizerIdentity) && endOfText == tokenizer.endOfText
  }

  /// Usable documents.
  public var documents: Int { sources.reduce(0) { $0 + $1.documents } }
  /// Chunks written.
  public var chunks: Int { sources.reduce(0) { $0 + $1.chunks } }
  /// Tokens in all chunks.
  public var tokens: Int { sources.reduce(0) { $0 + $1.tokens } }

  /// Name of the file in the folder of the shards.
  public static let fileName = "corpus.json"
}
