/// The merges that a SentencePiece vocabulary with scores stands for: every way in which two tokens
/// make a third, the one with the largest score first.
///
/// Source: `generate_merges` of transformers' convert_slow_tokenizer.py, by which the tokenizer.json of
/// Llama models were made.
enum GGUFMerges {
  private struct Merge {
    let left: Int32
    let right: Int32
    let score: Double
    /// Lengths of the two in characters.
    let leftLength: Int
    let rightLength: Int
  }

  /// Ids of the pairs, the first to go first. Tokens that are looked for in texts take no part.
  static func pairs(_ vocabulary: GGUFVocabulary) -> [(left: Int32, right: Int32)] {
    let texts = vocabulary.tokens.map { Array($0.utf8) }
    // Of equal strings the last one counts, as in the vocabulary of a tokenizer.json.
    let table = ByteStringTable(
      texts.enumerated().filter { !vocabulary.isAdded($0.offset) }
        .map { (bytes: $0.element[...], value: Int32($0.offset)) })
    var merges: [Merge] = []
    var local: [Merge] = []
    for (id, text) in texts.enumerated() where table.value(of: text) == Int32(id) {
      local.removeAll(keepingCapacity: true)
      let length = text.count { !UTF8.isContinuation($0) }
      var leftLength = 0
      for end in text.indices.dropFirst() where !UTF8.isContinuation(text[end]) {
        leftLength += 1
        guard let left = table.value(of: text[..<end]), let right = table.value(of: text[end...])
        else { continue }
        local.append(
          Merge(
            left: left, right: right, score: vocabulary.scores[id], leftLength: leftLength,
            rightLength: length - leftLength))
      }
      merges += local.sorted { ($0.left, $0.right) < ($1.left, $1.right) }
    }
    // Equal ones stay in the order of their tokens, as a stable sort leaves them.
    let order = merges.indices.sorted { a, b in
      let (x, y) = (merges[a], merges[b])
      if x.score != y.score { return x.score > y.score }
      if x.leftLength != y.leftLength { return x.leftLength > y.leftLength }
      return x.rightLength != y.rightLength ? x.rightLength > y.rightLength : a < b
    }
    return order.map { (left: merges[$0].left, right: merges[$0].right) }
  }
}
