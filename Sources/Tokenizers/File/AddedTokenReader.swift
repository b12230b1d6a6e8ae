/// Reads `added_tokens`, with the ids that the file lists.
enum AddedTokenReader {
  static func tokens(_ root: JSONFields) throws(TokenizerError) -> [AddedToken] {
    var tokens: [AddedToken] = []
    for fields in try root.objects("added_tokens") {
      let special = try fields.bool("special", default: false)
      tokens.append(
        AddedToken(
          id: try fields.id("id"), content: Array(try fields.string("content").utf8),
          isSpecial: special,
          isSingleWord: try fields.bool("single_word", default: false),
          stripsLeft: try fields.bool("lstrip", default: false),
          stripsRight: try fields.bool("rstrip", default: false),
          isNormalized: try fields.bool("normalized", default: !special)))
    }
    return tokens
  }
}
