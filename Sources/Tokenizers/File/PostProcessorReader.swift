/// Reads `post_processor`: what it does to one text.
///
/// `tokenizers` hands a list of encodings from one processor to the next. It starts with one for one
/// text; a template makes one of each of its parts, which the next processor takes for texts.
enum PostProcessorReader {
  typealias Item = SpecialTokenTemplate.Item

  private static let largestCount = 1 << 16

  static func template(_ fields: JSONFields?) throws(TokenizerError) -> SpecialTokenTemplate {
    guard let fields else { return .bare }
    return SpecialTokenTemplate(items: Array(try processed([[.text]], fields).joined()))
  }

  private static func processed(
    _ parts: [[Item]], _ fields: JSONFields
  ) throws(TokenizerError) -> [[Item]] {
    switch try fields.string("type") {
    // These change offsets at most, which are not kept here.
    case "ByteLevel": return parts
    case "Sequence":
      var parts = parts
      for inner in try fields.requiredObjects("processors") {
        parts = try processed(parts, inner)
        // Each may repeat what the one before it made.
        guard parts.reduce(0, { $0 + $1.count }) <= largestCount else {
          throw .unsupported(
            field: fields.path, found: "more than \(largestCount) tokens around a text",
            supported: "fewer")
        }
      }
      return parts
    case "BertProcessing":
      let (start, end) = (try token("cls", fields), try token("sep", fields))
      return parts.enumerated().map { $0 == 0 ? [start] + $1 + [end] : $1 + [end] }
    case "RobertaProcessing":
      let (start, end) = (try token("cls", fields), try token("sep", fields))
      return parts.enumerated().map { $0 == 0 ? [start] + $1 + [end] : [end] + $1 + [end] }
    case "TemplateProcessing":
      return try applied(fields, to: parts)
    case let type:
      throw .unsupported(
        field: fields.path, found: type,
        supported: """
          ByteLevel, BertProcessing, RobertaProcessing, TemplateProcessing and Sequence
          """)
    }
  }

  /// A token written as `["[SEP]", 102]`.
  private static func token(_ name: String, _ fields: JSONFields) throws(TokenizerError) -> Item {
    let pair = try fields.array(name)
    guard pair.count == 2 else {
      throw .malformed(
        field: fields.path(of: name), found: "\(pair.count) values",
        expected: "a token and its id")
    }
    return .token(try fields.id(pair[1], at: "\(fields.path(of: name))[1]"))
  }

  private static func applied(
    _ fields: JSONFields, to parts: [[Item]]
  ) throws(TokenizerError) -> [[Item]] {
    guard parts.count == 1 || parts.count == 2 else {
      throw .unsupported(
        field: fields.path, found: "a template after one of \(parts.count) parts",
        supported: "templates of one text or two")
    }
    let known = try fields.optionalObject("special_tokens")
    var result: [[Item]] = []
    for part in try fields.objects(parts.count == 1 ? "single" : "pair") {
      if let special = try part.optionalObject("SpecialToken") {
        let name = try special.string("id")
        guard let entry = try known?.optionalObject(name) else {
          throw .malformed(
            field: special.path, found: "the token \(name)", expected: "one of special_tokens")
        }
        var ids: [Item] = []
        for (index, id) in try entry.array("ids").enumerated() {
          ids.append(.token(try entry.id(id, at: "\(entry.path).ids[\(index)]")))
        }
        result.append(ids)
      } else {
        let text = try part.object("Sequence")
        let isSecond = try text.string("id") != "A"
        guard !isSecond || parts.count == 2 else {
          throw .unsupported(
            field: part.path, found: "a second text", supported: "templates of one text")
        }
        result.append(parts[isSecond ? 1 : 0])
      }
    }
    return result
  }
}
