import Store

/// An object of a JSON document, with the path that messages name.
struct JSONFields {
  let document: JSONDocument
  let members: [JSONDocument.Member]
  /// Where the object stands, such as `model` or `pre_tokenizer.pretokenizers[1]`.
  let path: String

  init(_ value: JSONDocument.Value, of document: JSONDocument, at path: String)
    throws(TokenizerError)
  {
    guard case .object(let list) = value else {
      throw .malformed(field: path, found: value.kind, expected: "an object")
    }
    self.document = document
    members = document.members(of: list)
    self.path = path
  }

  func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  /// The value called `name`; nil when it is missing or null. The last of equal names counts.
  func value(_ name: String) -> JSONDocument.Value? {
    let member = members.last { document.bytes($0.name).elementsEqual(name.utf8) }
    guard let member else { return nil }
    if case .null = member.value { return nil }
    return member.value
  }

  func optionalString(_ name: String) throws(TokenizerError) -> String? {
    guard let value = value(name) else { return nil }
    guard case .string(let range) = value else { throw mismatch(name, value, "a string") }
    return document.string(range)
  }

  func string(_ name: String) throws(TokenizerError) -> String {
    guard let text = try optionalString(name) else { throw missing(name, "a string") }
    return text
  }

  /// A string of one Unicode scalar.
  func character(
    _ name: String, default fallback: Unicode.Scalar?
  ) throws(TokenizerError) -> Unicode.Scalar {
    if value(name) == nil, let fallback { return fallback }
    let text = try string(name)
    guard let first = text.unicodeScalars.first, text.unicodeScalars.count == 1 else {
      throw .malformed(field: path(of: name), found: text, expected: "one character")
    }
    return first
  }

  /// A number; nil when it is missing or null.
  func optionalNumber(_ name: String) throws(TokenizerError) -> Double? {
    guard let value = value(name) else { return nil }
    guard let number = number(value) else { throw mismatch(name, value, "a number") }
    return number
  }

  /// What a number's digits make; nil for other values, and for numbers beyond all doubles.
  func number(_ value: JSONDocument.Value) -> Double? {
    guard case .number(let range) = value else { return nil }
    return JSONNumber.value(of: document.bytes(range))
  }

  /// A whole number, zero or more.
  func count(_ name: String, default fallback: Int) throws(TokenizerError) -> Int {
    guard let value = value(name) else { return fallback }
    guard let number = number(value), let count = Int(exactly: number), count >= 0 else {
      throw mismatch(name, value, "a whole number, zero or more")
    }
    return count
  }

  func bool(_ name: String, default fallback: Bool) throws(TokenizerError) -> Bool {
    guard let value = value(name) else { return fallback }
    guard case .bool(let flag) = value else { throw mismatch(name, value, "true or false") }
    return flag
  }

  /// A whole number from zero up; larger ones than fit count as the largest.
  func count(_ name: String) throws(TokenizerError) -> Int {
    guard let value = value(name) else { throw missing(name, "a number") }
    guard let number = number(value), number >= 0, number.rounded() == number else {
      throw mismatch(name, value, "a whole number")
    }
    return Int(exactly: number) ?? Int.max
  }

  /// A token id: a whole number from 0 to `TokenVocabulary.largestID`.
  func id(_ name: String) throws(TokenizerError) -> Int32 {
    guard let value = value(name) else { throw missing(name, "a token id") }
    return try id(value, at: path(of: name))
  }

  /// A value as a token id.
  func id(
    _ value: JSONDocument.Value, at path: @autoclosure () -> String
  ) throws(TokenizerError) -> Int32 {
    guard let number = number(value), let id = Int32(exactly: number), id >= 0,
      id <= TokenVocabulary.largestID
    else {
      throw .malformed(
        field: path(), found: shown(value),
        expected: "a token id, a whole number from 0 to \(TokenVocabulary.largestID)")
    }
    return id
  }

  func optionalObject(_ name: String) throws(TokenizerError) -> JSONFields? {
    guard let value = value(name) else { return nil }
    return try JSONFields(value, of: document, at: path(of: name))
  }

  func object(_ name: String) throws(TokenizerError) -> JSONFields {
    guard let fields = try optionalObject(name) else { throw missing(name, "an object") }
    return fields
  }

  /// The elements of a list; empty when it is missing or null.
  func array(_ name: String) throws(TokenizerError) -> [JSONDocument.Value] {
    guard let value = value(name) else { return [] }
    guard case .array(let list) = value else { throw mismatch(name, value, "an array") }
    return document.elements(of: list)
  }

  /// The elements of a list of objects; empty when it is missing or null.
  func objects(_ name: String) throws(TokenizerError) -> [JSONFields] {
    var result: [JSONFields] = []
    for (index, element) in try array(name).enumerated() {
      result.append(
        try JSONFields(element, of: document, at: "\(path(of: name))[\(index)]"))
    }
    return result
  }

  /// A list that has to be there.
  func requiredArray(_ name: String) throws(TokenizerError) -> [JSONDocument.Value] {
    guard value(name) != nil else { throw missing(name, "a list") }
    return try array(name)
  }

  /// The elements of a list of objects that has to be there.
  func requiredObjects(_ name: String) throws(TokenizerError) -> [JSONFields] {
    guard value(name) != nil else { throw missing(name, "a list") }
    return try objects(name)
  }

  /// The regular expression that is the value called `Regex`.
  func expression(_ pattern: String) throws(TokenizerError) -> RegularExpression {
    do throws(RegexParser.Unsupported) {
      return try RegularExpression(pattern)
    } catch {
      throw .unsupportedPattern(
        field: path(of: "Regex"), pattern: pattern, reason: error.reason)
    }
  }

  private func missing(_ name: String, _ expected: String) -> TokenizerError {
    .malformed(field: path(of: name), found: "nothing", expected: expected)
  }

  /// A value as messages show it.
  func shown(_ value: JSONDocument.Value) -> String {
    switch value {
    case .number(let range): document.string(range)
    case .string(let range): "\"\(document.string(range))\""
    case .bool(let flag): "\(flag)"
    default: value.kind
    }
  }

  private func mismatch(
    _ name: String, _ value: JSONDocument.Value, _ expected: String
  ) -> TokenizerError {
    .malformed(field: path(of: name), found: shown(value), expected: expected)
  }
}
