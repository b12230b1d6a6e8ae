/// A byte-level BPE model: what turns the bytes of one word into tokens.
struct BytePairModel: Sendable {
  let vocabulary: TokenVocabulary
  /// Token of each byte; -1 when the vocabulary lacks it.
  let byteTokens: FrozenArray<Int32>
  let merges: MergeTable
  /// Words that are one token, by their bytes, so that most words need one look-up.
  let wholeWords: ByteStringTable
  /// The short ones among them.
  let shortWords: ShortWordTable
  /// Token for bytes that the vocabulary lacks; without one such bytes are dropped.
  let unknownToken: Int32?
  /// Whether neighbouring unknown bytes make one token.
  let fusesUnknown: Bool
  private let hasShortRanks: Bool
  /// Merges of two bytes, at first byte times 256 plus second; empty when bytes lack tokens.
  private let bytePairs: FrozenArray<MergeTable.Merge>

  /// - Parameter ignoresMerges: every word of the vocabulary is one token, merged or not.
  init(
    vocabulary: TokenVocabulary, merges: [(left: Int32, right: Int32, merged: Int32)],
    ignoresMerges: Bool, unknownToken: Int32?, fusesUnknown: Bool
  ) {
    let alphabet = ByteAlphabet.shared
    self.vocabulary = vocabulary
    self.merges = MergeTable(merges)
    self.unknownToken = unknownToken
    self.fusesUnknown = fusesUnknown
    byteTokens = FrozenArray(
      (0..<256).map { vocabulary.id(of: alphabet.text(of: [UInt8($0)])) ?? -1 })

    var words: [(bytes: ArraySlice<UInt8>, value: Int32)] = []
    let merger = WordMerger()
    hasShortRanks = merges.count < WordMerger.largestShortRank
    bytePairs = FrozenArray(Self.bytePairs(byteTokens, self.merges.view))
    let tables = WordMerger.Tables(
      merges: self.merges.view, byteTokens: byteTokens.pointer, unknownToken: unknownToken,
      fusesUnknown: fusesUnknown, hasShortRanks: hasShortRanks,
      bytePairs: bytePairs.count > 0 ? bytePairs.pointer : nil)
    var tokens: [Int32] = []
    var bytes: [UInt8] = []
    for id in 0..<Int32(vocabulary.count) {
      bytes.removeAll(keepingCapacity: true)
      guard let text = vocabulary.text(of: id), alphabet.appendBytes(of: text, to: &bytes) else {
        continue
      }
      if !ignoresMerges {
        while tokens.count < bytes.count { tokens.append(0) }
        let count = bytes.withUnsafeBufferPointer { bytes in
          tokens.withUnsafeMutableBufferPointer { tokens in
            tokens.baseAddress.map { merger.merge(bytes, tables, into: $0) } ?? 0
          }
        }
        if count != 1 || tokens.first != id { continue }
      }
      words.append((bytes: bytes[...], value: id))
    }
    wholeWords = ByteStringTable(words)
    shortWords = ShortWordTable(words)
  }

  /// Whether every byte has a token, as in all byte-level vocabularies that were trained as such.
  var coversAllBytes: Bool { (0..<256).allSatisfy { byteTokens[$0] >= 0 } }

  /// Pointers for loops; valid while the model lives.
  var tables: WordMerger.Tables {
    WordMerger.Tables(
      merges: merges.view, byteTokens: byteTokens.pointer, unknownToken: unknownToken,
      fusesUnknown: fusesUnknown, hasShortRanks: hasShortRanks,
      bytePairs: bytePairs.count > 0 ? bytePairs.pointer : nil)
  }

  private static func bytePairs(
    _ byteTokens: FrozenArray<Int32>, _ merges: MergeTable.View
  ) -> [MergeTable.Merge] {
    guard (0..<256).allSatisfy({ byteTokens[$0] >= 0 }) else { return [] }
    return (0..<1 << 16).map { pair in
      merges.merge(byteTokens[pair >> 8], byteTokens[pair & 255]) ?? .none
    }
  }
}
