/// Reads the parts of a tokenizer.json and refuses what a byte-level BPE tokenizer cannot do.
struct TokenizerFile {
  let model: BytePairModel
  let addedTokens: [AddedToken]
  let normalizesToNFC: Bool
  let preTokenizer: PreTokenizer
  let template: SpecialTokenTemplate
  /// Whether decoding joins bytes; without a decoder tokens are joined by spaces.
  let decodesBytes: Bool

  init(_ document: JSONDocument) throws(TokenizerError) {
    let root = try JSONFields(document.root, of: document, at: "")
    let modelReader = try BytePairModelReader(root.object("model"))
    let vocabulary = try modelReader.vocabulary()
    let added = try AddedTokenReader(root, modelVocabulary: vocabulary)
    let model = try modelReader.model(vocabulary: vocabulary)
    preTokenizer = try PreTokenizerReader.preTokenizer(root)
    normalizesToNFC = try NormalizerReader.normalizesToNFC(root.optionalObject("normalizer"))
    template = try PostProcessorReader.template(root.optionalObject("post_processor"))
    decodesBytes = try DecoderReader.decodesBytes(root.optionalObject("decoder"))
    self.model = model
    addedTokens = added.tokens
  }
}

/// Reads `normalizer`.
enum NormalizerReader {
  static func normalizesToNFC(_ fields: JSONFields?) throws(TokenizerError) -> Bool {
    guard let fields else { return false }
    switch try fields.string("type") {
    case "NFC": return true
    case "Sequence":
      var result = false
      for part in try fields.objects("normalizers") {
        if try normalizesToNFC(part) { result = true }
      }
      return result
    case let type:
      throw .unsupported(field: fields.path, found: type, supported: "NFC and Sequence")
    }
  }
}

/// Reads `decoder`.
enum DecoderReader {
  static func decodesBytes(_ fields: JSONFields?) throws(TokenizerError) -> Bool {
    guard let fields else { return false }
    switch try fields.string("type") {
    case "ByteLevel": return true
    case "Sequence":
      let parts = try fields.objects("decoders")
      for part in parts where try !decodesBytes(part) { return false }
      return !parts.isEmpty
    case let type:
      throw .unsupported(field: fields.path, found: type, supported: "ByteLevel")
    }
  }
}

/// Reads `post_processor`.
enum PostProcessorReader {
  static func template(_ fields: JSONFields?) throws(TokenizerError) -> SpecialTokenTemplate {
    guard let fields else { return SpecialTokenTemplate() }
    switch try fields.string("type") {
    case "ByteLevel": return SpecialTokenTemplate()
    case "TemplateProcessing": return try template(processing: fields)
    case "Sequence":
      var result = SpecialTokenTemplate()
      for part in try fields.objects("processors") {
        let inner = try template(part)
        result.prefix = inner.prefix + result.prefix
        result.suffix += inner.suffix
      }
      return result
    case let type:
      throw .unsupported(
        field: fields.path, found: type, supported: "ByteLevel, TemplateProcessing and Sequence")
    }
  }

  private static func template(
    processing fields: JSONFields
  ) throws(TokenizerError) -> SpecialTokenTemplate {
    let known = try fields.optionalObject("special_tokens")
    var result = SpecialTokenTemplate()
    var seenText = false
    for part in try fields.objects("single") {
      if let special = try part.optionalObject("SpecialToken") {
        let name = try special.string("id")
        guard let entry = try known?.optionalObject(name) else {
          throw .malformed(
            field: special.path, found: "the token \(name)", expected: "one of special_tokens")
        }
        for (index, id) in try entry.array("ids").enumerated() {
          let id = try JSONFields.id(id, at: "\(entry.path).ids[\(index)]")
          if seenText { result.suffix.append(id) } else { result.prefix.append(id) }
        }
      } else if part.value("Sequence") != nil, !seenText {
        seenText = true
      } else {
        throw .unsupported(
          field: part.path, found: "this part", supported: "special tokens around one text")
      }
    }
    return result
  }
}
