/// Reads `pre_tokenizer`.
enum PreTokenizerReader {
  static func preTokenizer(_ root: JSONFields) throws(TokenizerError) -> PreTokenizer {
    var stages: [PreTokenizer.Stage] = []
    if let fields = try root.optionalObject("pre_tokenizer") {
      try append(fields, to: &stages)
    }
    let byteLevels = stages.count { if case .byteLevel = $0 { true } else { false } }
    guard byteLevels == 1 else {
      throw .unsupported(
        field: "pre_tokenizer", found: "\(byteLevels) ByteLevel stages",
        supported: "pre-tokenizers with one ByteLevel stage")
    }
    return PreTokenizer(stages: stages)
  }

  private static func append(
    _ fields: JSONFields, to stages: inout [PreTokenizer.Stage]
  ) throws(TokenizerError) {
    switch try fields.string("type") {
    case "Sequence":
      for part in try fields.objects("pretokenizers") { try append(part, to: &stages) }
    case "ByteLevel":
      stages.append(
        .byteLevel(
          addsPrefixSpace: try fields.bool("add_prefix_space", default: true),
          cutsWords: try fields.bool("use_regex", default: true)))
    case "Split":
      stages.append(
        .split(
          try pattern(fields), try behavior(fields),
          isInverted: try fields.bool("invert", default: false)))
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
    case let type:
      throw .unsupported(
        field: fields.path, found: type,
        supported: "ByteLevel, Split, Digits, Punctuation, Whitespace, WhitespaceSplit, Sequence")
    }
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
      guard let general = RegularExpression(expression) else {
        throw .unsupportedPattern(field: pattern.path(of: "Regex"), pattern: expression)
      }
      return .expression(general)
    }
  }
}
