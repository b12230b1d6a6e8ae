/// Reads `model`.
struct BytePairModelReader {
  private let fields: JSONFields

  init(_ fields: JSONFields) throws(TokenizerError) {
    self.fields = fields
    // Files of old versions leave the type out; BPE is what has merges.
    let type = try fields.optionalString("type") ?? (fields.value("merges") == nil ? "none" : "BPE")
    guard type == "BPE" else {
      throw .unsupported(field: fields.path(of: "type"), found: type, supported: "BPE")
    }
    for name in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let affix = try fields.optionalString(name), !affix.isEmpty {
        throw .unsupported(field: fields.path(of: name), found: affix, supported: "none")
      }
    }
    if case .number(let rate)? = fields.value("dropout"), rate != 0 {
      throw .unsupported(field: fields.path(of: "dropout"), found: "\(rate)", supported: "none")
    }
  }

  func vocabulary() throws(TokenizerError) -> TokenVocabulary {
    let vocab = try fields.object("vocab")
    var entries: [(text: ArraySlice<UInt8>, id: Int32)] = []
    entries.reserveCapacity(vocab.members.count)
    for member in vocab.members {
      let id = try JSONFields.id(
        member.value, at: "\(vocab.path).\(vocab.document.string(member.name))")
      entries.append((text: vocab.document.bytes(member.name), id: id))
    }
    if entries.isEmpty {
      throw .malformed(field: vocab.path, found: "no token", expected: "a vocabulary")
    }
    return TokenVocabulary(entries)
  }

  func model(vocabulary: TokenVocabulary) throws(TokenizerError) -> BytePairModel {
    var unknown: Int32?
    if let name = try fields.optionalString("unk_token") {
      guard let id = vocabulary.id(of: name.utf8) else {
        throw .malformed(
          field: fields.path(of: "unk_token"), found: name, expected: "a token of model.vocab")
      }
      unknown = id
    }
    let model = BytePairModel(
      vocabulary: vocabulary, merges: try merges(vocabulary),
      ignoresMerges: try fields.bool("ignore_merges", default: false), unknownToken: unknown,
      fusesUnknown: try fields.bool("fuse_unk", default: false))
    // With every byte in the vocabulary the fallback is never used.
    if try fields.bool("byte_fallback", default: false), !model.coversAllBytes {
      throw .unsupported(
        field: fields.path(of: "byte_fallback"), found: "true", supported: "byte-level vocabularies"
      )
    }
    return model
  }

  private func merges(
    _ vocabulary: TokenVocabulary
  ) throws(TokenizerError) -> [(left: Int32, right: Int32, merged: Int32)] {
    var result: [(left: Int32, right: Int32, merged: Int32)] = []
    let elements = try fields.array("merges")
    result.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard let pair = pair(element) else {
        if isVersionLine(element) { continue }
        throw .malformed(
          field: "\(fields.path).merges[\(index)]", found: "something else",
          expected: "two tokens, \"a b\" or [\"a\", \"b\"]")
      }
      guard let left = vocabulary.id(of: pair.left), let right = vocabulary.id(of: pair.right),
        let merged = vocabulary.id(of: pair.left + pair.right)
      else {
        throw .malformed(
          field: "\(fields.path).merges[\(index)]",
          found: String(decoding: pair.left + " ".utf8 + pair.right, as: UTF8.self),
          expected: "tokens of model.vocab that join to a token")
      }
      result.append((left, right, merged))
    }
    return result
  }

  private func isVersionLine(_ element: JSONDocument.Value) -> Bool {
    guard case .string(let range) = element else { return false }
    return fields.document.bytes(range).starts(with: "#version".utf8)
  }

  private func pair(
    _ element: JSONDocument.Value
  ) -> (left: ArraySlice<UInt8>, right: ArraySlice<UInt8>)? {
    switch element {
    case .string(let range):
      let text = fields.document.bytes(range)
      if text.starts(with: "#version".utf8) { return nil }
      let parts = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
      return parts.count == 2 ? (parts[0], parts[1]) : nil
    case .array(let parts):
      guard parts.count == 2, case .string(let left) = parts[0],
        case .string(let right) = parts[1]
      else { return nil }
      return (fields.document.bytes(left), fields.document.bytes(right))
    default:
      return nil
    }
  }
}
