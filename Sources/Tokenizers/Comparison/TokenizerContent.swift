import Store

/// What a tokenizer.json says besides its tokens and merges, in one spelling: files that differ in
/// the order of names, in white space or in values that change nothing have equal contents.
struct TokenizerContent: Sendable, Equatable {
  /// The parts that are compared as they are spelt; "none" where the file has none.
  let normalizer: String
  let preTokenizer: String
  let decoder: String
  /// The settings of the model, without vocabulary and merges.
  let model: String

  init(_ document: JSONDocument) throws(TokenizerError) {
    let root = try JSONFields(document.root, of: document, at: "")
    normalizer = Self.spelt(root.value("normalizer"), of: document)
    preTokenizer = Self.spelt(root.value("pre_tokenizer"), of: document)
    decoder = Self.spelt(root.value("decoder"), of: document, isDecoder: true)
    model = try Self.model(root.object("model"))
  }

  /// Names whose values change no id and no text.
  private static let silent: Set<String> = ["trim_offsets"]
  /// What stands for a missing value.
  private static let defaults: [String: JSONDocument.Value] = [
    "add_prefix_space": .bool(true), "use_regex": .bool(true), "invert": .bool(false),
  ]

  private static func spelt(
    _ value: JSONDocument.Value?, of document: JSONDocument, isDecoder: Bool = false
  ) -> String {
    guard let value else { return "none" }
    return text(value, document, isDecoder) ?? "none"
  }

  /// A value with its names in order, without those that change nothing; nil where nothing is left.
  private static func text(
    _ value: JSONDocument.Value, _ document: JSONDocument, _ isDecoder: Bool
  ) -> String? {
    switch value {
    case .null: return nil
    case .bool(let flag): return "\(flag)"
    case .number(let range): return document.string(range)
    case .string(let range): return JSONFile.quoted(document.string(range))
    case .array(let list):
      let parts = document.elements(of: list).compactMap { text($0, document, isDecoder) }
      return "[" + parts.joined(separator: ", ") + "]"
    case .object(let list):
      return object(document.members(of: list), document, isDecoder)
    }
  }

  private static func object(
    _ members: [JSONDocument.Member], _ document: JSONDocument, _ isDecoder: Bool
  ) -> String? {
    var values: [String: JSONDocument.Value] = [:]
    for member in members { values[document.string(member.name)] = member.value }
    var type = ""
    if case .string(let range)? = values["type"] { type = document.string(range) }
    if type == "Sequence", let parts = sequence(values, document) {
      // One step by itself is the same as a sequence of it.
      let texts = parts.compactMap { text($0, document, isDecoder) }
      if texts.count <= 1 { return texts.first }
      return "[" + texts.joined(separator: ", ") + "]"
    }
    // A decoder of that type takes no settings.
    if isDecoder, type == "ByteLevel" { values = values.filter { $0.key == "type" } }
    let spelt = values.filter { !silent.contains($0.key) && defaults[$0.key] != $0.value }
      .compactMap { name, value in
        text(value, document, isDecoder).map { (name: name, text: $0) }
      }
      // The type first, as people read it.
      .sorted { ($0.name == "type" ? "" : $0.name) < ($1.name == "type" ? "" : $1.name) }
    return "{" + spelt.map { "\($0.name): \($0.text)" }.joined(separator: ", ") + "}"
  }

  private static func sequence(
    _ values: [String: JSONDocument.Value], _ document: JSONDocument
  ) -> [JSONDocument.Value]? {
    for name in ["normalizers", "pretokenizers", "decoders"] {
      if case .array(let list)? = values[name] { return document.elements(of: list) }
    }
    return nil
  }

  /// Flags that are off say what missing ones say.
  private static func model(_ fields: JSONFields) -> String {
    let document = fields.document
    var values: [String: String] = [:]
    for member in fields.members {
      let name = document.string(member.name)
      if ["vocab", "merges"].contains(name) || member.value == .bool(false) { continue }
      values[name] = text(member.value, document, false)
    }
    // No dropout, and no affix, can be spelt in two ways.
    if let rate = values["dropout"], Double(rate) == 0 { values["dropout"] = nil }
    for name in ["continuing_subword_prefix", "end_of_word_suffix"] where values[name] == "\"\"" {
      values[name] = nil
    }
    if values["type"] == nil { values["type"] = "\"\"" }
    return values.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
      .joined(separator: ", ")
  }
}
