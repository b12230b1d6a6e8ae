/// Reads `added_tokens`.
enum AddedTokenReader {
  static func tokens(_ root: JSONFields) throws(TokenizerError) -> [AddedToken] {
    var tokens: [AddedToken] = []
    for fields in try root.objects("added_tokens") {
      // The id is read only to see that it is one: it counts for nothing, see `AddedVocabulary`.
      let id = try fields.count("id")
      guard id <= UInt32.max else {
        throw .malformed(
          field: fields.path(of: "id"), found: fields.value("id").map(fields.shown) ?? "nothing",
          expected: "a whole number from 0 to \(UInt32.max)")
      }
      tokens.append(try token(fields))
    }
    return tokens
  }

  /// A token with its flags; its id is not known yet.
  static func token(
    _ fields: JSONFields, isSpecial: Bool = false
  ) throws(TokenizerError) -> AddedToken {
    let special = try fields.bool("special", default: false) || isSpecial
    return AddedToken(
      id: -1, content: Array(try fields.string("content").utf8),
      isSpecial: special,
      isSingleWord: try fields.bool("single_word", default: false),
      stripsLeft: try fields.bool("lstrip", default: false),
      stripsRight: try fields.bool("rstrip", default: false),
      isNormalized: try fields.bool("normalized", default: !special))
  }
}
