/// A token that is found in the text itself, before words are cut.
struct AddedToken: Sendable, Equatable {
  let id: Int32
  /// What is looked for, in UTF-8.
  let content: [UInt8]
  /// Left out by decoding that skips special tokens.
  let isSpecial: Bool
  /// Only where no word character touches it.
  let isSingleWord: Bool
  /// Swallows white space before it.
  let stripsLeft: Bool
  /// Swallows white space after it.
  let stripsRight: Bool
  /// Looked for after normalisation instead of before.
  let isNormalized: Bool
}

extension AddedToken {
  /// The token under another id or with another form of its content.
  func with(id: Int32, content: [UInt8]) -> AddedToken {
    AddedToken(
      id: id, content: content, isSpecial: isSpecial, isSingleWord: isSingleWord,
      stripsLeft: stripsLeft, stripsRight: stripsRight, isNormalized: isNormalized)
  }
}
