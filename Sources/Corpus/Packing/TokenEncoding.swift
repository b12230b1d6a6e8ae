public import Store
public import Tokenizers

/// What the corpus needs of a tokenizer: what the ids of its vocabulary hold, and encoders for the
/// threads.
public protocol TokenEncoding: Sendable {
  /// Digest or name that changes whenever the ids of any text could change.
  var identity: String { get }
  /// What it is, whatever file it was read from; nil where nobody knows.
  var fingerprint: TokenizerFingerprint? { get }
  /// Number of token ids; all ids are below it.
  var vocabularySize: Int { get }
  /// The token that ends a document.
  var endOfText: Int32 { get }
  /// Ids of tokens that may end a sentence (their text holds one of `. ! ? ;` or a newline and no
  /// opened bracket), `endOfText` among them.
  var sentenceEndTokens: [Int32] { get }

  /// An encoder of texts for one thread.
  func makeEncoder() -> any TextEncoding
  /// The bytes that a single token decodes to; empty for ids that hold none.
  func bytes(of token: Int32) -> [UInt8]
  /// Whether the text of two tokens holds a space because of one of them, the first or the second.
  func holdsSpace(_ token: Int32, isFirst: Bool) -> Bool
}

extension TokenEncoding {
  public var fingerprint: TokenizerFingerprint? { nil }

  /// As records have it.
  public var tokenizerIdentity: TokenizerIdentity {
    TokenizerIdentity(digest: identity, fingerprint: fingerprint)
  }

  /// Goes by the bytes of the token, as byte-level decoding joins them.
  public func holdsSpace(_ token: Int32, isFirst: Bool) -> Bool { bytes(of: token).contains(0x20) }
}

/// Text to ids, with memory that is kept from one text to the next; for one thread.
public protocol TextEncoding: AnyObject {
  /// Appends the ids of `text` (valid UTF-8), without special tokens.
  func encode(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout [Int32]) throws
}
