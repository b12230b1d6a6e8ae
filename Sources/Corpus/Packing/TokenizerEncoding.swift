public import Store
public import Tokenizers

/// A tokenizer.json as the corpus sees it.
public struct TokenizerEncoding: TokenEncoding {
  public let identity: String
  public let fingerprint: TokenizerFingerprint?
  public let vocabularySize: Int
  public let endOfText: Int32
  public let sentenceEndTokens: [Int32]
  private let tokenizer: Tokenizer

  /// Wraps a tokenizer; `endOfText` is needed only where the tokenizer names no such token.
  public init(_ tokenizer: Tokenizer, endOfText: Int32? = nil) throws(CorpusError) {
    guard let endOfText = endOfText ?? tokenizer.documentEnd?.id else {
      throw .tokenizer(reason: "it names no end-of-text token")
    }
    self.tokenizer = tokenizer
    self.endOfText = endOfText
    let known = try storing { () throws(StoreError) in try tokenizer.identity() }
    (identity, fingerprint) = (known.digest, known.fingerprint)
    vocabularySize = tokenizer.vocabularySize
    sentenceEndTokens = tokenizer.sentenceEndTokenIDs(endOfText: endOfText)
  }

  public func makeEncoder() -> any TextEncoding { Encoder(TokenEncoder(tokenizer)) }

  public func bytes(of token: Int32) -> [UInt8] { tokenizer.bytes(of: token) }

  public func holdsSpace(_ token: Int32, isFirst: Bool) -> Bool {
    tokenizer.holdsSpace(token, isFirst: isFirst)
  }

  private final class Encoder: TextEncoding {
    private let encoder: TokenEncoder

    init(_ encoder: TokenEncoder) { self.encoder = encoder }

    func encode(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout [Int32]) {
      encoder.encode(validated: text, into: &tokens)
    }
  }
}
