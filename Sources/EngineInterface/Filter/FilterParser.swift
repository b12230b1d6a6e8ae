extension Filter {
  /// Reads a filter with these fields. Blank text shows everything.
  public init(_ text: String, fields: [FilterField]) throws(FilterError) {
    var parser = FilterParser(text, fields: fields)
    self = try parser.filter()
  }
}

extension FilterError {
  /// Why a text cannot be read as a filter; nil when it can.
  public init?(of text: String, fields: [FilterField]) {
    do throws(FilterError) {
      _ = try Filter(text, fields: fields)
      return nil
    } catch {
      self = error
    }
  }
}

/// Reads terms from left to right: `or` binds least, then terms side by side, then `not`.
struct FilterParser {
  var reader: FilterReader
  let fields: [FilterField]
  /// Parentheses and negations that are open.
  private var depth = 0
  /// More is a mistake, and would use up the stack.
  private static let deepest = 50

  init(_ text: String, fields: [FilterField]) {
    reader = FilterReader(text)
    self.fields = fields
  }

  mutating func filter() throws(FilterError) -> Filter {
    reader.skipSpace()
    if reader.isAtEnd { return .everything }
    let filter = try alternatives()
    if !reader.isAtEnd { throw reader.error("there is no ( for this )") }
    return filter
  }

  private mutating func alternatives() throws(FilterError) -> Filter {
    var terms = [try conjunction()]
    while reader.takeWord("or") { terms.append(try conjunction()) }
    return Self.joined(terms, isAny: true)
  }

  private mutating func conjunction() throws(FilterError) -> Filter {
    var terms = [try negation()]
    while true {
      reader.skipSpace()
      if reader.isAtEnd || reader.current == ")" || reader.isWord("or") { break }
      _ = reader.takeWord("and")
      terms.append(try negation())
    }
    return Self.joined(terms, isAny: false)
  }

  /// One term as it is; terms of the same kind within are taken in.
  private static func joined(_ terms: [Filter], isAny: Bool) -> Filter {
    let flat = terms.flatMap { term in
      switch term {
      case .all(let inner) where !isAny: inner
      case .any(let inner) where isAny: inner
      default: [term]
      }
    }
    if flat.count == 1 { return flat[0] }
    return isAny ? .any(flat) : .all(flat)
  }

  private mutating func negation() throws(FilterError) -> Filter {
    reader.skipSpace()
    depth += 1
    defer { depth -= 1 }
    if depth > Self.deepest { throw reader.error("more than \(Self.deepest) levels") }
    if reader.take("-") || reader.takeWord("not") {
      return .not(try negation())
    }
    return try primary()
  }

  private mutating func primary() throws(FilterError) -> Filter {
    if reader.isAtEnd { throw reader.error("a term is missing") }
    let start = reader.place
    switch reader.current {
    case "(":
      reader.advance()
      let inner = try alternatives()
      reader.skipSpace()
      if !reader.take(")") { throw FilterError(column: start, reason: "this ( is not closed") }
      return inner
    case ")": throw reader.error("a term is missing before )")
    case "\"": return .text(try filled(try reader.quoted(), at: start))
    case "/": return .pattern(try filled(try reader.pattern(), at: start))
    default: return try term()
    }
  }

  private func filled(_ text: String, at start: Int) throws(FilterError) -> String {
    if text.isEmpty { throw FilterError(column: start, reason: "there is nothing to look for") }
    return text
  }

  private mutating func term() throws(FilterError) -> Filter {
    let start = reader.place
    let name = reader.word()
    if name.isEmpty { throw reader.error("a field is missing before this sign") }
    guard let field = fields.first(where: { $0.name == name.lowercased() }) else {
      throw FilterError(column: start, reason: Self.unknown(name, fields))
    }
    let sign = reader.sign()
    switch field.kind {
    case .flag:
      if sign != nil {
        throw FilterError(column: start, reason: "\(field.name) stands alone, without a value")
      }
      return .flag(field.name)
    case .name:
      guard let sign, sign == ":" || sign == "=" else {
        throw FilterError(
          column: start,
          reason: "\(field.name) wants a name: \(field.name):abc or \(field.name)=abc")
      }
      return .name(field: field.name, anyOf: try reader.names(), isExact: sign == "=")
    case .number:
      guard let sign else {
        throw FilterError(
          column: start,
          reason: "\(field.name) wants a number: \(field.name)>1 or \(field.name):1..2")
      }
      return .number(field: field.name, bounds: try reader.bounds(after: sign))
    }
  }

  private static func unknown(_ name: String, _ fields: [FilterField]) -> String {
    let near = fields.first { $0.name.hasPrefix(name.prefix(3).lowercased()) }
    let hint = near.map { "did you mean \($0.name)? Text stands" } ?? "text stands"
    return "there is no field \(name); \(hint) in quotes: \"\(name)\""
  }
}
