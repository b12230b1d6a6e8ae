/// A BPE model whose symbols are characters, as those of Llama 2, Gemma, CLIP or GPT-1.
struct CharacterPairModel: Sendable {
  /// What tokenizer.json says besides vocabulary and merges.
  struct Options: Sendable {
    /// Token of characters that the vocabulary lacks; without one they are left out.
    var unknownToken: Int32?
    /// Whether neighbouring unknown characters make one token.
    var fusesUnknown = false
    /// Whether characters that the vocabulary lacks are spelt by the tokens of their bytes.
    var fallsBackToBytes = false
    /// Whether every word of the vocabulary is one token, merged or not.
    var ignoresMerges = false
    /// Stands before each symbol but the first of a word.
    var prefix: [UInt8] = []
    /// Stands behind the last symbol of a word.
    var suffix: [UInt8] = []
  }

  let merges: MergeTable
  let options: Options
  private let words: ByteStringTable
  /// Symbols by their place in the word: first, inner, last, and only.
  private let symbols: [ScalarTable]
  private let byteTokens: FrozenArray<Int32>
  private let hasShortRanks: Bool
  private let longestToken: Int
  private let boundaries: BoundaryTable
  private let cutting: Cutting

  /// Where a piece may be cut into parts that have their tokens by themselves.
  fileprivate enum Cutting: Sendable {
    case nowhere
    /// Between known characters that no merge joins.
    case betweenKnown
    /// Also beside a character that the vocabulary lacks.
    case besideUnknown
    /// Also between two characters that the vocabulary lacks.
    case betweenUnknown
  }

  init(
    vocabulary: TokenVocabulary, merges: [(left: Int32, right: Int32, merged: Int32)],
    options: Options
  ) {
    self.options = options
    self.merges = MergeTable(merges)
    words = vocabulary.idOfText
    hasShortRanks = merges.count < WordMerger.largestShortRank
    longestToken = vocabulary.longestText
    let alphabets = Alphabets(vocabulary, prefix: options.prefix, suffix: options.suffix)
    symbols = alphabets.tables
    let byteTokens =
      options.fallsBackToBytes
      ? ByteFallback.tokens(of: vocabulary) : [Int32](repeating: -1, count: 256)
    self.byteTokens = FrozenArray(byteTokens)
    boundaries = BoundaryTable(Self.joinedPairs(vocabulary, merges))
    cutting = Self.cutting(vocabulary, merges, options, byteTokens)
  }

  /// The last characters of left tokens with the first ones of right tokens.
  private static func joinedPairs(
    _ vocabulary: TokenVocabulary, _ merges: [(left: Int32, right: Int32, merged: Int32)]
  ) -> Set<UInt64> {
    var pairs: Set<UInt64> = []
    for merge in merges {
      guard let left = vocabulary.text(of: merge.left),
        let right = vocabulary.text(of: merge.right),
        let last = UTF8Decoding.lastScalar(of: left),
        let first = UTF8Decoding.firstScalar(of: right)
      else { continue }
      pairs.insert(BoundaryTable.pair(last, first))
    }
    return pairs
  }

  private static func cutting(
    _ vocabulary: TokenVocabulary, _ merges: [(left: Int32, right: Int32, merged: Int32)],
    _ options: Options, _ byteTokens: [Int32]
  ) -> Cutting {
    // The string of a token tells what stands at its ends only if no other string has its id.
    guard options.prefix.isEmpty, options.suffix.isEmpty,
      vocabulary.stringCount == vocabulary.entryCount
    else { return .nowhere }
    let spellsAll = options.fallsBackToBytes && byteTokens.allSatisfy { $0 >= 0 }
    // Characters that are left out bring their neighbours together.
    guard spellsAll || options.unknownToken != nil else { return .betweenKnown }
    var substitutes = Set(byteTokens)
    if let unknown = options.unknownToken { substitutes.insert(unknown) }
    if merges.contains(where: { substitutes.contains($0.left) || substitutes.contains($0.right) }) {
      return .betweenKnown
    }
    return spellsAll ? .betweenUnknown : .besideUnknown
  }

  /// What encoding reads; valid while the model lives.
  func view(_ merger: WordMerger) -> View {
    View(
      merges: merges.view, words: words.view, first: symbols[0].view, inner: symbols[1].view,
      last: symbols[2].view, only: symbols[3].view, byteTokens: byteTokens.pointer,
      boundaries: boundaries.view, merger: merger, longestToken: longestToken,
      hasShortRanks: hasShortRanks, cutting: cutting, options: options)
  }

  struct View: PieceModel {
    fileprivate let merges: MergeTable.View
    fileprivate let words: ByteStringTable.View
    fileprivate let first: ScalarTable.View
    fileprivate let inner: ScalarTable.View
    fileprivate let last: ScalarTable.View
    fileprivate let only: ScalarTable.View
    fileprivate let byteTokens: UnsafePointer<Int32>
    fileprivate let boundaries: BoundaryTable.View
    fileprivate let merger: WordMerger
    fileprivate let longestToken: Int
    fileprivate let hasShortRanks: Bool
    fileprivate let cutting: Cutting
    fileprivate let options: Options

    @inline(__always)
    func wholeToken(of piece: UnsafeBufferPointer<UInt8>) -> Int32? {
      guard options.ignoresMerges, piece.count <= longestToken else { return nil }
      return words.value(of: piece)
    }

    func endOfPart(_ piece: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
      guard let base = piece.baseAddress, cutting != .nowhere else { return piece.count }
      let end = piece.count
      var left = UTF8Decoding.scalar(in: base, at: start)
      var isKnown = first[left.value] >= 0
      var offset = start &+ left.width
      while offset < end {
        let right = UTF8Decoding.scalar(in: base, at: offset)
        let isNextKnown = first[right.value] >= 0
        let cuts =
          isKnown && isNextKnown
          ? !boundaries.mayJoin(left.value, right.value)
          : cutting == .betweenUnknown || cutting == .besideUnknown && (isKnown || isNextKnown)
        if cuts { return offset }
        left = right
        isKnown = isNextKnown
        offset &+= right.width
      }
      return end
    }

    func encode(_ piece: UnsafeBufferPointer<UInt8>, into output: inout TokenOutput) {
      let affixes = options.prefix.count &+ options.suffix.count
      // No more than a token for each byte, those of affixes included.
      let most = affixes == 0 ? piece.count : piece.count &* (1 &+ affixes)
      output.append(atMost: most) { tokens in
        let count = load(piece, tokens)
        return hasShortRanks && count <= WordMerger.loopLimit
          ? merger.merge(tokens, count, merges) : LongWordMerger.merge(tokens, count, merges)
      }
    }

    /// Writes the symbols of a piece; returns how many.
    private func load(
      _ piece: UnsafeBufferPointer<UInt8>, _ symbols: UnsafeMutablePointer<Int32>
    ) -> Int {
      guard let base = piece.baseAddress else { return 0 }
      let end = piece.count
      var count = 0
      var offset = 0
      // An unknown token is written when the next known symbol or the end is met: those that bytes
      // spell in between come before it.
      var isUnknownOpen = false
      while offset < end {
        let scalar = UTF8Decoding.scalar(in: base, at: offset)
        let next = offset &+ scalar.width
        let table = offset == 0 ? (next == end ? only : first) : (next == end ? last : inner)
        let symbol = table[scalar.value]
        if symbol >= 0 {
          if isUnknownOpen, let unknown = options.unknownToken {
            symbols[count] = unknown
            count &+= 1
            isUnknownOpen = false
          }
          symbols[count] = symbol
          count &+= 1
        } else if options.fallsBackToBytes,
          let written = spell(piece, offset, next, symbols + count)
        {
          count &+= written
        } else if let unknown = options.unknownToken {
          if isUnknownOpen, !options.fusesUnknown {
            symbols[count] = unknown
            count &+= 1
          }
          isUnknownOpen = true
        }
        offset = next
      }
      if isUnknownOpen, let unknown = options.unknownToken {
        symbols[count] = unknown
        count &+= 1
      }
      return count
    }

    /// Writes the tokens of the bytes of a character with its affixes; nil if one lacks a token.
    private func spell(
      _ piece: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int,
      _ symbols: UnsafeMutablePointer<Int32>
    ) -> Int? {
      var count = 0
      func write(_ bytes: some Sequence<UInt8>) -> Bool {
        for byte in bytes {
          let token = byteTokens[Int(byte)]
          if token < 0 { return false }
          symbols[count] = token
          count &+= 1
        }
        return true
      }
      if start > 0, !write(options.prefix) { return nil }
      if !write(piece[start..<end]) { return nil }
      if end == piece.count, !write(options.suffix) { return nil }
      return count
    }
  }
}

/// The single characters of a vocabulary, by the affixes that they have in it.
private struct Alphabets {
  /// For the first symbol of a word, inner ones, the last, and the only one.
  let tables: [ScalarTable]

  init(_ vocabulary: TokenVocabulary, prefix: [UInt8], suffix: [UInt8]) {
    let plain = ScalarTable(Self.characters(vocabulary, [], []))
    if prefix.isEmpty, suffix.isEmpty {
      tables = [plain, plain, plain, plain]
      return
    }
    let forms: [([UInt8], [UInt8])] = [([], []), (prefix, []), (prefix, suffix), ([], suffix)]
    tables = forms.map { ScalarTable(Self.characters(vocabulary, $0.0, $0.1)) }
  }

  private static func characters(
    _ vocabulary: TokenVocabulary, _ prefix: [UInt8], _ suffix: [UInt8]
  ) -> [(scalar: UInt32, token: Int32)] {
    var result: [(scalar: UInt32, token: Int32)] = []
    for (text, id) in vocabulary.strings
    where text.count > prefix.count + suffix.count && text.starts(with: prefix)
      && text.suffix(suffix.count).elementsEqual(suffix)
    {
      let inner = text.dropFirst(prefix.count).dropLast(suffix.count)
      if let scalar = UTF8Decoding.onlyScalar(of: inner) {
        result.append((scalar: scalar, token: id))
      }
    }
    return result
  }
}
