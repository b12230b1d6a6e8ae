public import Corpus
public import Store
public import Tokenizers

/// What shards of a teacher's text depend on; stands beside them.
public struct ContinuationRecord: ShardRewritingRecord {
  /// Identity of the shards whose chunks are the prompts.
  public var corpus: String
  public var chunks: Int
  public var teacher: ArtifactIdentity
  /// Digest of the tokenizer that made the prompts' tokens, where their records say so.
  public var tokenizer: String?
  /// What it is, whatever file it came from.
  public var tokenizerFingerprint: TokenizerFingerprint?
  /// The token that ends documents, and sequences.
  public var endOfText: Int32
  /// The teacher's.
  public var vocabularySize: Int
  public var settings: ContinuationSettings

  public static let fileName = "continuation.json"
  public static let workingSuffix = ".continuing"
  public static let otherWords =
    "continuations of other shards, by another teacher or with other settings"

  public var chunksPerShard: Int { settings.chunksPerShard }
  public var documentIndex: DocumentIndex? { nil }

  /// What made the tokens, where that is known.
  public var tokenizerIdentity: TokenizerIdentity? {
    tokenizer.map { TokenizerIdentity(digest: $0, fingerprint: tokenizerFingerprint) }
  }

  /// The name of a model's folder decides no byte.
  public func isSame(as other: Self) -> Bool {
    var same = other
    same.teacher.name = teacher.name
    if let own = tokenizerIdentity, let its = other.tokenizerIdentity, own.isSame(as: its) {
      (same.tokenizer, same.tokenizerFingerprint) = (tokenizer, tokenizerFingerprint)
    }
    return self == same
  }
}
