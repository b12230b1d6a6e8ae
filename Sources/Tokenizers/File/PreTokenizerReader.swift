/// Reads `pre_tokenizer`.
enum PreTokenizerReader {
  static func preTokenizer(_ root: JSONFields) throws(TokenizerError) -> PreTokenizer {
    var stages: [PreTokenizer.Stage] = []
    if let fields = try root.optionalObject("pre_tokenizer") {
      try append(fields, to: &stages)
    }
    return PreTokenizer(stages: stages)
  }

  private static func append(
    _ fields: JSONFields, to stages: inout [PreTokenizer.Stage]
  ) throws(TokenizerError) {
    switch try fields.string("type") {
    case "Sequence":
      for part in try fields.requiredObjects("pretokenizers") { try append(part, to: &stages) }
    case "ByteLevel":
      stages.append(
        .byteLevel(
          addsPrefixSpace: try fields.bool("add_prefix_space", default: true),
          cutsWords: try fields.bool("use_regex", default: true)))
    case "Split": stages.append(try split(fields))
    case "Digits":
      let single = try fields.bool("individual_digits", default: false)
      stages.append(
        .split(
          .characters(of: .numeric), single ? .isolated : .contiguous, isInverted: false))
    case "Punctuation":
      let behavior = fields.value("behavior") == nil ? .isolated : try behavior(fields)
      stages.append(.split(.characters(of: .punctuation), behavior, isInverted: false))
    case "WhitespaceSplit":
      stages.append(.split(.characters(of: .space), .removed, isInverted: false))
    case "Whitespace":
      stages.append(.split(.wordsAndSymbols, .removed, isInverted: true))
    case "Metaspace":
      stages.append(.metaspace(try MetaspaceReader.metaspace(fields)))
    case "BertPreTokenizer":
      stages.append(.split(.characters(of: .space), .removed, isInverted: false))
      stages.append(.split(.characters(of: .punctuation), .isolated, isInverted: false))
    case "CharDelimiterSplit":
      let delimiter = try fields.character("delimiter", default: nil)
      stages.append(.split(.literal(String(delimiter)), .removed, isInverted: false))
    case "UnicodeScripts":
      stages.append(.split(.scriptRuns, .removed, isInverted: true))
    case "FixedLength":
      let count = try fields.count("length", default: 5)
      guard count > 0 else {
        throw .malformed(field: fields.path(of: "length"), found: "0", expected: "one or more")
      }
      stages.append(.split(.groups(of: count), .isolated, isInverted: false))
    case let type:
      throw .unsupported(
        field: fields.path, found: type,
        supported: """
          ByteLevel, Metaspace, BertPreTokenizer, Split, Digits, Punctuation, Whitespace, \
          WhitespaceSplit, CharDelimiterSplit, UnicodeScripts, FixedLength and Sequence
          """)
    }
  }

  private static func split(_ fields: JSONFields) throws(TokenizerError) -> PreTokenizer.Stage {
    let behavior = try behavior(fields)
    let isInverted = try fields.bool("invert", default: false)
    if try fields.object("pattern").optionalString("String")?.isEmpty == true {
      // The empty string stands between all characters: what is kept are single characters.
      let keepsNone = isInverted && behavior == .removed
      return .split(.groups(of: 1), keepsNone ? .removed : .isolated, isInverted: false)
    }
    return .split(try pattern(fields), behavior, isInverted: isInverted)
  }

  private static func behavior(_ fields: JSONFields) throws(TokenizerError) -> PieceBehavior {
    let name = try fields.string("behavior")
    guard let behavior = PieceBehavior(rawValue: name) else {
      throw .unsupported(
        field: fields.path(of: "behavior"), found: name,
        supported: "Isolated, Removed, MergedWithPrevious, MergedWithNext, Contiguous")
    }
    return behavior
  }

  private static func pattern(_ fields: JSONFields) throws(TokenizerError) -> PreTokenizer.Pattern {
    let pattern = try fields.object("pattern")
    if let literal = try pattern.optionalString("String") { return .literal(literal) }
    let expression = try pattern.string("Regex")
    if expression == GPT2Matcher.pattern { return .gpt2 }
    if let matcher = CL100KMatcher(pattern: expression) {
      return .cl100k(numberLimit: matcher.numberLimit)
    }
    switch expression {
    case "[0-9][0-9][0-9]": return .digitTriples
    case #"\p{N}"#: return .characters(of: .number)
    case #"\p{N}+"#: return .runs(of: .number, limit: Int.max)
    case #"\p{N}{1,3}"#: return .runs(of: .number, limit: 3)
    case #"\s"#: return .characters(of: .space)
    case #"\s+"#: return .runs(of: .space, limit: Int.max)
    default:
      return .expression(try pattern.expression(expression))
    }
  }
}

/// Reads a `Metaspace`, which pre-tokenizers and decoders have alike.
enum MetaspaceReader {
  static func metaspace(_ fields: JSONFields) throws(TokenizerError) -> Metaspace {
    let scheme = try fields.optionalString("prepend_scheme")
    var prepends = Metaspace.Prepending.always
    if let scheme {
      guard let known = Metaspace.Prepending(rawValue: scheme) else {
        throw .unsupported(
          field: fields.path(of: "prepend_scheme"), found: scheme,
          supported: "always, first and never")
      }
      prepends = known
    }
    // The key of old files; what it says must not contradict the new one.
    if try !fields.bool("add_prefix_space", default: true) {
      if scheme != nil, prepends != .never {
        throw .malformed(
          field: fields.path(of: "add_prefix_space"), found: "false",
          expected: "what prepend_scheme says")
      }
      prepends = .never
    }
    let replacement = try fields.character("replacement", default: "\u{2581}")
    return Metaspace(
      replacement: Array(String(replacement).utf8), prepends: prepends,
      cuts: try fields.bool("split", default: true))
  }
}
