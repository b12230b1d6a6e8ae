/// What turns the words that pre-tokenizers cut into tokens.
enum TokenModel: Sendable {
  /// BPE over bytes: words come from a ByteLevel stage and stay bytes, which is the fastest.
  case bytePairs(BytePairModel)
  /// BPE over characters.
  case characterPairs(CharacterPairModel)
  case wordLevel(WordLevelModel)
  case wordPiece(WordPieceModel)
  case unigram(UnigramModel)

  /// For people.
  var title: String {
    switch self {
    case .bytePairs: "byte-level BPE"
    case .characterPairs: "BPE over characters"
    case .wordLevel: "WordLevel"
    case .wordPiece: "WordPiece"
    case .unigram: "Unigram"
    }
  }
}

/// Takes the words of a text and the added tokens between them, and gives tokens.
protocol TokenSink: WordSink {
  /// Appends a token that stands for a part of the text by itself.
  mutating func append(_ token: Int32)
  /// Appends what was encoded to `tokens`.
  mutating func finish(_ tokens: inout [Int32])
}
