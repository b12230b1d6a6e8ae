/// The added tokens of a tokenizer.json with the ids that Hugging Face's `tokenizers` gives them.
///
/// The ids that the file lists count for nothing there: a token that the model knows keeps the id it
/// has in the model, and each other one gets the next id from the size of the model's vocabulary on.
/// Where two tokens come to the same id, the later one takes the place of the first.
struct AddedVocabulary: Sendable {
  /// The tokens as they are looked for, in the order of their ids: those that are looked for in
  /// normalised text are normalised themselves.
  let tokens: [AddedToken]
  /// Ids by the strings of the file.
  private let ids: [[UInt8]: Int32]
  /// The string of each token when it is decoded.
  private let texts: [Int32: [UInt8]]
  /// Strings that decoding leaves out with the special tokens.
  private let specialTexts: Set<[UInt8]>

  /// - Parameters:
  ///   - listed: as in the file; their ids do not count.
  ///   - normalize: gives the normalised form of a text.
  init(
    _ listed: [AddedToken], vocabulary: TokenVocabulary, normalize: ([UInt8]) -> [UInt8]
  ) {
    var next = Int32(truncatingIfNeeded: vocabulary.modelSize)
    var ids: [[UInt8]: Int32] = [:]
    var byID: [Int32: AddedToken] = [:]
    var normalized: [Int32: [UInt8]] = [:]
    var specialTexts: Set<[UInt8]> = []
    for token in listed where !token.content.isEmpty {
      let known = ids[token.content] ?? vocabulary.id(of: token.content)
      let id = known ?? next
      if known == nil { next += 1 }
      let numbered = token.with(id: id, content: token.content)
      if ids[token.content] != nil, byID[id] == numbered { continue }
      if token.isNormalized {
        let form = normalize(token.content)
        if form != token.content { normalized[id] = form }
      }
      ids[token.content] = id
      byID[id] = numbered
      if token.isSpecial { specialTexts.insert(token.content) }
    }
    self.ids = ids
    self.specialTexts = specialTexts
    var texts: [Int32: [UInt8]] = [:]
    for (id, token) in byID { texts[id] = normalized[id] ?? token.content }
    self.texts = texts
    tokens = byID.values.sorted { $0.id < $1.id }
      .map { token in
        let form = token.isNormalized ? normalized[token.id] : nil
        return token.with(id: token.id, content: form ?? token.content)
      }
  }

  /// The largest id; -1 without tokens.
  var largestID: Int32 { tokens.last?.id ?? -1 }

  /// The id of a string as the file writes it.
  func id(of text: some Sequence<UInt8>) -> Int32? { ids[Array(text)] }

  /// The string of an added token when it is decoded.
  func text(of id: Int32) -> [UInt8]? { texts[id] }

  /// Whether decoding leaves a string out with the special tokens.
  func isSpecial(_ text: some Sequence<UInt8>) -> Bool { specialTexts.contains(Array(text)) }
}
