/// Decides by a survey which fields are text and source.
struct FieldJudge {
  let survey: FieldSurvey
  /// Whether the survey saw every line.
  let isWhole: Bool
  /// The first file, for people.
  let path: String
  let advice: InputAdvice

  /// Names of the two sides of a pair, in lower case, without the objects around them.
  private static let questions: Set<String> = [
    "prompt", "instruction", "question", "query", "input", "inputs", "problem", "request", "user",
    "human", "premise", "source_text", "src",
  ]
  private static let answers: Set<String> = [
    "completion", "response", "output", "outputs", "answer", "answers", "solution", "reply",
    "assistant", "target", "targets", "hypothesis", "chosen", "rejected", "label", "tgt",
  ]
  /// Names that tell about a text and are none.
  private static let metadata: Set<String> = [
    "id", "title", "name", "author", "authors", "url", "uri", "link", "date", "timestamp", "time",
    "source", "lang", "language", "license", "licence", "type", "file", "filename", "path",
    "domain",
    "category", "tag", "tags", "headline", "subject", "label", "version", "hash", "sha", "md5",
    "html", "key", "status", "format", "mime", "publisher", "journal", "doi", "keywords",
  ]
  /// Records of which a file of one object has at most so many lines.
  private static let fewLines = 3
  /// A text of an unknown name has at least so many bytes, on average.
  private static let leastBytes = 40

  func guess(text named: String?, source: String?) throws(CorpusError) -> FieldGuess? {
    guard survey.lines > 0 else { return nil }
    if let named {
      for name in FieldNames.split(named) where isMissing(name) {
        throw missing(name, "text")
      }
      for name in FieldNames.split(named) {
        let facts = facts(name)
        // Whether its strings are one text or many, nobody but their owner knows.
        if facts.texts == 0, facts.stringLists * 2 > survey.lines {
          let path = JSONLayout.filter(keys(name)).dropLast(2)
          throw refused(
            "JSON lines whose field \(name) is a list of strings",
            "(\(path) | arrays) |= join(\"\\n\\n\")")
        }
      }
    }
    let text = if let named { named } else { try self.text() }
    if let source, !source.isEmpty, isMissing(source), isWhole { throw missing(source, "source") }
    let label = source.map { $0.isEmpty ? nil : $0 } ?? self.source(besides: text)
    let fields = FieldNames.split(text).map { facts($0) }
    let bytes = fields.reduce(0) { $0 + $1.meanBytes }
    return FieldGuess(
      text: text, source: label, lines: survey.lines,
      textLines: min(survey.lines, fields.map(\.texts).min() ?? 0), meanBytes: bytes,
      labels: label.map { labels($0) } ?? 0,
      sourceLines: label.map { survey.fields[$0]?.scalars ?? 0 } ?? 0,
      isChat: fields.contains { $0.chats > 0 },
      isWhole: isWhole)
  }

  /// Whether no line has a field of this name. A name with backslashes is taken for one that is there.
  private func isMissing(_ name: String) -> Bool {
    survey.fields[name] == nil && !name.contains("\\")
  }

  /// What a field holds. The survey writes dots as they are, and has the fewest keys for a name.
  private func facts(_ name: String) -> FieldFacts {
    survey.fields[name] ?? survey.fields[name.replacing("\\.", with: ".")] ?? FieldFacts()
  }

  private func missing(_ name: String, _ role: String) -> CorpusError {
    .noSuchField(
      path: path, name: name, role: role, lines: survey.lines, fields: survey.candidates())
  }

  private func source(besides text: String) -> String? {
    let used = FieldNames.split(text)
    return FieldGuess.sourceNames.first {
      !used.contains($0) && (survey.fields[$0]?.strings ?? 0) * 2 >= survey.lines
        && labels($0) <= max(FieldGuess.fewLabels, survey.lines / 2)
    }
  }

  private func labels(_ path: String) -> Int { survey.fields[path]?.labels.count ?? 0 }

  private func text() throws(CorpusError) -> String {
    if let wrapped = wrapper() { throw wrapped }
    let common = survey.fields.filter { survey.isCommon($0.key) }
    if let known = try wellKnown(common) { return known }
    let chats = common.filter { $0.value.chats > 0 }
    let strings = common.filter { $0.value.strings > 0 && !$0.value.isReference }
    if let chat = chats.first, chats.count == 1,
      strings.allSatisfy({ $0.value.bytes <= chat.value.bytes })
    {
      return chat.key
    }
    if chats.isEmpty, let text = try largest(strings) { return text }
    throw unclear([])
  }

  /// A well-known name, if its strings look like texts and no other field outdoes it.
  private func wellKnown(_ common: [String: FieldFacts]) throws(CorpusError) -> String? {
    // Who calls an address a text means something that cannot be guessed.
    if let text = common["text"], text.isReference { throw unclear(["text"]) }
    var known = FieldGuess.textNames.filter { common[$0].map { !$0.isReference } ?? false }
    let texts = known.filter { !(common[$0]?.isLabel ?? false) }
    if !texts.isEmpty { known = texts }
    guard let best = known.first, let facts = common[best] else {
      return nil
    }
    let rivals = known.dropFirst().filter { (common[$0]?.bytes ?? 0) * 4 > facts.bytes }
    let outdone = common.filter {
      $0.key != best && !$0.value.isMarkup && $0.value.bytes >= 4 * max(1, facts.bytes)
        && ($0.value.isProse || $0.value.chats > 0)
    }
    if rivals.isEmpty, outdone.isEmpty { return best }
    throw unclear([best] + rivals + outdone.keys.sorted())
  }

  /// The field with at least four times the bytes of any other, if it is a text.
  private func largest(_ strings: [String: FieldFacts]) throws(CorpusError) -> String? {
    let sides = strings.keys.sorted().filter {
      let name = Self.lastKey($0)
      return Self.questions.contains(name) || Self.answers.contains(name)
    }
    if Set(sides.map { Self.questions.contains(Self.lastKey($0)) }).count == 2 {
      throw unclear(sides)
    }
    let sorted = strings.sorted {
      $0.value.bytes == $1.value.bytes ? $0.key < $1.key : $0.value.bytes > $1.value.bytes
    }
    guard let first = sorted.first, first.value.isProse, first.value.meanBytes >= Self.leastBytes,
      !Self.metadata.contains(Self.lastKey(first.key)),
      first.value.bytes >= 4 * (sorted.dropFirst().first?.value.bytes ?? 0)
    else { return nil }
    return first.key
  }

  private static func lastKey(_ name: String) -> String {
    (name.split(separator: ".").last.map(String.init) ?? name).lowercased()
  }

  private func unclear(_ names: [String]) -> CorpusError {
    let sides = names.filter { !$0.isEmpty }
    let questions = sides.filter { Self.questions.contains(Self.lastKey($0)) }
    let answers = sides.filter { Self.answers.contains(Self.lastKey($0)) }
    let order = questions + answers
    let list = survey.fields.filter { $0.value.records * 2 > survey.lines }
      .max { $0.value.listBytes < $1.value.listBytes }
    return .unclearFields(
      path: path, candidates: survey.candidates(first: names),
      example: order.count > 1 ? order.joined(separator: ",") : "FIELD1,FIELD2",
      records: list.map { advice.jq(JSONLayout.filter(keys($0.key))) })
  }

  /// One object around all records, or one of columns: a file of a line or two whose bytes stand in
  /// lists, or in objects of the same keys.
  private func wrapper() -> CorpusError? {
    guard survey.lines <= Self.fewLines else { return nil }
    let strings = survey.fields.values.map(\.bytes).max() ?? 0
    let lists = survey.fields.sorted { $0.value.listBytes > $1.value.listBytes }
    let known = FieldGuess.textNames.filter { survey.isCommon($0) }
      .map { survey.fields[$0]?.bytes ?? 0 }.max()
    if let (name, facts) = lists.first, facts.listBytes > max(strings, survey.lineBytes / 2),
      facts.listBytes > 4 * (known ?? 0)
    {
      if facts.records > 0 {
        return refused(
          "one JSON object around its records (\(name), a list of \(facts.elements))",
          JSONLayout.filter(keys(name)))
      }
      if facts.stringLists > 0, facts.elements > 1, known == nil {
        return refused(
          "one JSON object of columns (\(name), a list of \(facts.elements))",
          JSONLayout.filter(keys(name)) + " | {text: .}")
      }
    }
    // {"1": {"text": ...}, "2": {"text": ...}} and {"text": {"0": ..., "1": ...}}.
    var (heads, tails): ([String: Int], [String: Int]) = ([:], [:])
    for (name, facts) in survey.fields where facts.strings > 0 {
      let keys = keys(name)
      guard keys.count == 2 else { continue }
      tails[keys[1], default: 0] += 1
      if !keys[1].isEmpty, keys[1].allSatisfy(\.isNumber) { heads[keys[0], default: 0] += 1 }
    }
    if let column = heads.filter({ $0.value > 1 }).keys.min() {
      return refused(
        "one JSON object of columns (\(column))", JSONLayout.filter([column]) + " | {text: .}")
    }
    if tails.contains(where: { $0.value > 2 || $0.value > 1 && $0.key == "text" }) {
      return refused("one JSON object whose values are the records", ".[]")
    }
    return nil
  }

  private func keys(_ name: String) -> [String] { name.split(separator: ".").map(String.init) }

  private func refused(_ what: String, _ filter: String) -> CorpusError {
    .refused(path: path, found: what, instead: advice.jq(filter))
  }
}
