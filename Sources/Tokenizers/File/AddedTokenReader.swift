/// Reads `added_tokens` and gives them ids the way Hugging Face's `tokenizers` does.
struct AddedTokenReader {
  private(set) var tokens: [AddedToken] = []

  /// - Parameter modelVocabulary: tokens that stand in it keep the id they have there.
  init(_ root: JSONFields, modelVocabulary: TokenVocabulary) throws(TokenizerError) {
    for fields in try root.objects("added_tokens") {
      let content = try fields.string("content")
      let listed = try fields.id("id")
      if content.isEmpty { continue }
      if let known = modelVocabulary.id(of: content.utf8), known != listed {
        throw .malformed(
          field: fields.path, found: "id \(listed) for \(content)",
          expected: "\(known), its id in model.vocab")
      }
      let special = try fields.bool("special", default: false)
      tokens.append(
        AddedToken(
          id: listed, content: Array(content.utf8), isSpecial: special,
          isSingleWord: try fields.bool("single_word", default: false),
          stripsLeft: try fields.bool("lstrip", default: false),
          stripsRight: try fields.bool("rstrip", default: false),
          isNormalized: try fields.bool("normalized", default: !special)))
    }
  }
}
