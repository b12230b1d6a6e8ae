/// Reads `normalizer`.
enum NormalizerReader {
  private enum Part {
    case link(CharacterChain.Link)
    case step(Normalizer.Step)
  }

  static func normalizer(_ fields: JSONFields?) throws(TokenizerError) -> Normalizer {
    guard let fields else { return .none }
    var parts: [Part] = []
    try append(fields, to: &parts)
    return Normalizer(steps: steps(parts))
  }

  /// Joins what looks at single characters, so that the text is gone through once for all of it.
  private static func steps(_ parts: [Part]) -> [Normalizer.Step] {
    var steps: [Normalizer.Step] = []
    var links: [CharacterChain.Link] = []
    func close() {
      if links.count == 1, case .form(let form) = links[0] {
        steps.append(.form(form))
      } else if !links.isEmpty {
        steps.append(.characters(CharacterChain(links)))
      }
      links.removeAll()
    }
    for part in parts {
      switch part {
      case .link(let link): links.append(link)
      case .step(let step):
        close()
        steps.append(step)
      }
    }
    close()
    return steps
  }

  private static func append(
    _ fields: JSONFields, to parts: inout [Part]
  ) throws(TokenizerError) {
    let type = try fields.string("type")
    if let form = NormalForm(rawValue: type) { return parts.append(.link(.form(form))) }
    switch type {
    case "Sequence":
      for part in try fields.requiredObjects("normalizers") { try append(part, to: &parts) }
    case "Lowercase": parts.append(.link(.step(.lowercase)))
    case "StripAccents": parts.append(.link(.step(.dropMarks)))
    case "Nmt": parts.append(.link(.step(.nmt)))
    case "ByteLevel": parts.append(.link(.step(.byteLevel)))
    case "BertNormalizer", "Bert": try appendBert(fields, to: &parts)
    case "Strip":
      parts.append(
        .step(
          .strip(
            left: try fields.bool("strip_left", default: true),
            right: try fields.bool("strip_right", default: true))))
    case "Prepend": parts.append(.step(.prepend(Array(try fields.string("prepend").utf8))))
    case "Replace":
      let replacement = try TextReplacementReader.replacement(fields)
      if case .literal(let pattern) = replacement.pattern, let wanted = single(pattern) {
        let content = String(decoding: replacement.content, as: UTF8.self)
        parts.append(
          .link(.step(.replace(wanted, with: content.unicodeScalars.map(\.value)))))
      } else {
        parts.append(.step(.replace(replacement)))
      }
    case "Precompiled":
      guard let map = PrecompiledMap(base64: try fields.string("precompiled_charsmap")) else {
        throw .malformed(
          field: fields.path(of: "precompiled_charsmap"), found: "something else",
          expected: "a character map of SentencePiece in base64")
      }
      parts.append(.step(.precompiled(map)))
    default:
      throw .unsupported(
        field: fields.path, found: type,
        supported: """
          NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, BertNormalizer, Replace, Prepend, Strip, \
          Nmt, Precompiled, ByteLevel and Sequence
          """)
    }
  }

  private static func appendBert(
    _ fields: JSONFields, to parts: inout [Part]
  ) throws(TokenizerError) {
    let lowercase = try fields.bool("lowercase", default: true)
    if try fields.bool("clean_text", default: true) { parts.append(.link(.step(.clean))) }
    if try fields.bool("handle_chinese_chars", default: true) {
      parts.append(.link(.step(.spaceChinese)))
    }
    // Without a word on accents they go with the capitals.
    if try fields.bool("strip_accents", default: lowercase) {
      parts += [.link(.form(.d)), .link(.step(.dropNonspacingMarks))]
    }
    if lowercase { parts.append(.link(.step(.lowercase))) }
  }

  /// The scalar that a string in UTF-8 is; nil when it has none or more than one.
  private static func single(_ text: [UInt8]) -> UInt32? {
    let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
    return scalars.count == 1 ? scalars.first?.value : nil
  }
}

/// Reads a `Replace`, which normalizers and decoders have alike.
enum TextReplacementReader {
  static func replacement(_ fields: JSONFields) throws(TokenizerError) -> TextReplacement {
    let pattern = try fields.object("pattern")
    let content = Array(try fields.string("content").utf8)
    if let literal = try pattern.optionalString("String") {
      return TextReplacement(pattern: .literal(Array(literal.utf8)), content: content)
    }
    let source = try pattern.string("Regex")
    return TextReplacement(pattern: .expression(try pattern.expression(source)), content: content)
  }
}
