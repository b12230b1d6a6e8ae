/// Trains a byte-level BPE vocabulary: again and again the most frequent pair becomes a token.
///
/// Of equally frequent pairs the one with the smaller ids goes first, as in Hugging Face's
/// `BpeTrainer`, so that both find the same merges. Ids: special tokens, then the 256 bytes in the
/// order of their characters, then merges.
public struct BytePairTrainer: Sendable {
  public struct Settings: Sendable, Equatable {
    /// Number of tokens wanted, special tokens and bytes included.
    public var vocabularySize: Int
    /// Pairs that come less often are not merged.
    public var minimumFrequency: Int
    /// Tokens with the first ids; the first of them ends a text.
    public var specialTokens: [String]

    public init(
      vocabularySize: Int, minimumFrequency: Int = 2, specialTokens: [String] = ["<|endoftext|>"]
    ) {
      self.vocabularySize = vocabularySize
      self.minimumFrequency = minimumFrequency
      self.specialTokens = specialTokens
    }

    /// Refuses sizes and special tokens that no vocabulary can have.
    public func validate() throws(TokenizerError) {
      let special = specialTokens
      guard vocabularySize >= special.count + 256 else {
        throw .training(
          reason: "a vocabulary of \(vocabularySize) has no room for 256 bytes and "
            + "\(special.count) special tokens")
      }
      guard vocabularySize <= Int(TokenVocabulary.largestID) else {
        throw .training(reason: "a vocabulary of \(vocabularySize) is too large")
      }
      guard Set(special).count == special.count, !special.contains("") else {
        throw .training(reason: "special tokens must differ and have at least one character")
      }
    }
  }

  /// How far training is.
  public struct Progress: Sendable, Equatable {
    /// Tokens there are, of `vocabularySize` wanted.
    public let tokenCount: Int
    public let vocabularySize: Int
  }

  public let settings: Settings

  public init(_ settings: Settings) { self.settings = settings }

  /// Trains on the words of a corpus.
  ///
  /// - Parameter shouldContinue: called a few dozen times; training stops with
  ///   `TokenizerError.cancelled` when it returns false.
  /// - Returns: a vocabulary of the size wanted, or smaller when no pair is frequent enough.
  public func train(
    on words: WordCounter, shouldContinue: (Progress) -> Bool = { _ in true }
  ) throws(TokenizerError) -> TrainedTokenizer {
    let special = settings.specialTokens
    try settings.validate()
    var vocabulary = GrowingVocabulary(firstID: Int32(special.count))
    var pairs = PairIndex(words, byteTokens: vocabulary.byteTokens)
    var merges: [TrainedTokenizer.Merge] = []
    var known: Set<UInt64> = []
    let interval = max(1, settings.vocabularySize / 64)
    var lastReport = -interval
    while special.count + vocabulary.count < settings.vocabularySize {
      let tokenCount = special.count + vocabulary.count
      if tokenCount - lastReport >= interval {
        lastReport = tokenCount
        let progress = Progress(tokenCount: tokenCount, vocabularySize: settings.vocabularySize)
        guard shouldContinue(progress) else { throw .cancelled }
      }
      guard let best = pairs.popMostFrequent(), best.count >= max(1, settings.minimumFrequency)
      else { break }
      let merged = vocabulary.id(joining: best.pair.left, best.pair.right)
      // A pair can come back when its token is made in a second way; its merge already stands.
      if known.insert(best.pair.key).inserted {
        merges.append(TrainedTokenizer.Merge(left: best.pair.left, right: best.pair.right))
      }
      pairs.merge(best.pair, into: merged)
    }
    return TrainedTokenizer(
      preTokenization: words.preTokenization, specialTokens: special, tokens: vocabulary.tokens,
      merges: merges)
  }
}

/// The tokens found so far, by id and by bytes.
struct GrowingVocabulary {
  private let firstID: Int32
  /// Bytes of each token, from `firstID` on.
  private(set) var tokens: [[UInt8]]
  /// Id of each byte.
  let byteTokens: [Int32]
  private var ids: [[UInt8]: Int32]

  init(firstID: Int32) {
    let scalars = ByteAlphabet.shared.scalars
    let bytes = (0..<256).sorted { scalars[$0] < scalars[$1] }
    var byteTokens = [Int32](repeating: 0, count: 256)
    var ids: [[UInt8]: Int32] = [:]
    for (index, byte) in bytes.enumerated() {
      byteTokens[byte] = firstID + Int32(index)
      ids[[UInt8(byte)]] = firstID + Int32(index)
    }
    self.firstID = firstID
    tokens = bytes.map { [UInt8($0)] }
    self.byteTokens = byteTokens
    self.ids = ids
  }

  var count: Int { tokens.count }

  /// The id of two tokens joined, new unless another pair made the same bytes before.
  mutating func id(joining left: Int32, _ right: Int32) -> Int32 {
    let bytes = tokens[Int(left - firstID)] + tokens[Int(right - firstID)]
    if let known = ids[bytes] { return known }
    let id = firstID + Int32(tokens.count)
    tokens.append(bytes)
    ids[bytes] = id
    return id
  }
}
