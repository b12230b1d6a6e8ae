extension Filter: CustomStringConvertible {
  /// As it can be typed: reading it gives the same filter.
  public var description: String {
    switch self {
    case .all(let terms): terms.map { $0.part(in: .all([])) }.joined(separator: " ")
    case .any(let terms): terms.map { $0.part(in: .any([])) }.joined(separator: " or ")
    case .not(let term): "not " + term.part(in: .not(.everything))
    case .flag(let name): name
    case .name(let field, let names, let isExact):
      field + (isExact ? "=" : ":") + names.map(Self.name).joined(separator: ",")
    case .number(let field, let bounds): field + bounds.text
    case .text(let text): Self.quoted(text)
    case .pattern(let pattern): "/\(Self.escaped(pattern))/"
    }
  }

  private func part(in outer: Filter) -> String {
    switch (self, outer) {
    case (.any, _), (.all, .not): "(\(description))"
    default: description
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for character in text {
      if character == "\"" || character == "\\" { quoted.append("\\") }
      quoted.append(character)
    }
    return quoted + "\""
  }

  /// A name as it is, in quotes where it holds signs of the language.
  public static func name(_ name: String) -> String {
    let isPlain = !name.isEmpty && !name.contains { $0.isWhitespace || "(),\"".contains($0) }
    return isPlain ? name : quoted(name)
  }

  private static func escaped(_ pattern: String) -> String {
    var (text, isEscaped) = ("", false)
    for character in pattern {
      if character == "/", !isEscaped { text.append("\\") }
      text.append(character)
      isEscaped = character == "\\" && !isEscaped
    }
    return text
  }
}

extension FilterBounds {
  /// With its sign: "<-0.1", ":0.1..0.3".
  var text: String {
    switch (lower, upper) {
    case (let lower?, let upper?) where lower == upper: "=\(Self.number(lower))"
    case (let lower?, let upper?): ":\(Self.number(lower))..\(Self.number(upper))"
    case (let lower?, nil): (includesLower ? ">=" : ">") + Self.number(lower)
    case (nil, let upper?): (includesUpper ? "<=" : "<") + Self.number(upper)
    case (nil, nil): ":.."
    }
  }

  private static func number(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return "\(Int(value))" }
    return "\(value)"
  }
}
