/// A model that takes the longest token of its vocabulary off a word again and again.
struct WordPieceModel: Sendable {
  /// Tokens that may start a word.
  private let starts: ByteTrie
  /// Tokens that may go on with one, without their prefix.
  private let continuations: ByteTrie
  /// Stands for words that cannot be taken apart; without one they give no token.
  private let unknownToken: Int32?
  /// Longer words are unknown.
  private let longestWord: Int

  /// - Parameters:
  ///   - prefix: what tokens start with in the vocabulary that go on with a word.
  ///   - longestWord: in characters.
  init(
    vocabulary: TokenVocabulary, prefix: [UInt8], unknownToken: Int32?, longestWord: Int
  ) {
    let strings = vocabulary.strings.map { (bytes: $0.text, value: $0.id) }
    starts = ByteTrie(strings)
    continuations =
      prefix.isEmpty
      ? starts
      : ByteTrie(
        strings.filter { $0.bytes.starts(with: prefix) }
          .map { (bytes: $0.bytes.dropFirst(prefix.count), value: $0.value) })
    self.unknownToken = unknownToken
    self.longestWord = longestWord
  }

  var view: View {
    View(
      starts: starts.view, continuations: continuations.view, unknownToken: unknownToken,
      longestWord: longestWord)
  }

  /// Valid while the model lives.
  struct View: PieceModel {
    fileprivate let starts: ByteTrie.View
    fileprivate let continuations: ByteTrie.View
    fileprivate let unknownToken: Int32?
    fileprivate let longestWord: Int

    func encode(_ piece: UnsafeBufferPointer<UInt8>, into output: inout TokenOutput) {
      if isTooLong(piece) {
        if let unknownToken { output.append(unknownToken) }
        return
      }
      output.append(atMost: piece.count) { tokens in
        var count = 0
        var start = 0
        while start < piece.count {
          let trie = start == 0 ? starts : continuations
          var node = ByteTrie.View.root
          var end = start
          var (token, tokenEnd): (Int32, Int) = (-1, 0)
          while end < piece.count {
            node = trie.child(of: node, piece[end])
            if node < 0 { break }
            end &+= 1
            let value = trie.value(at: node)
            if value >= 0 { (token, tokenEnd) = (value, end) }
          }
          if token < 0 {
            tokens[0] = unknownToken ?? 0
            return unknownToken == nil ? 0 : 1
          }
          tokens[count] = token
          count &+= 1
          start = tokenEnd
        }
        return count
      }
    }

    private func isTooLong(_ piece: UnsafeBufferPointer<UInt8>) -> Bool {
      if piece.count <= longestWord { return false }
      var characters = 0
      for byte in piece where byte & 0xC0 != 0x80 {
        characters &+= 1
        if characters > longestWord { return true }
      }
      return false
    }
  }
}
