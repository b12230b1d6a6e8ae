import Store

/// The tokens of a chunk as they stand in a `.bin` file.
struct StoredTokens {
  let file: PositionedFile
  /// Bytes of the file.
  let range: Range<Int>
  let type: TokenType

  /// Number of tokens.
  var count: Int { range.count / type.width }
}
