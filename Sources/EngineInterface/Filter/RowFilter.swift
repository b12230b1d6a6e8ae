/// Filters rows that are at hand: a list says what its rows have.
public struct RowFilter<Row>: Sendable {
  public enum Value: Sendable {
    case flag(@Sendable (Row) -> Bool)
    /// The names that a row has.
    case names(@Sendable (Row) -> [String])
    /// nil when the row has no such number.
    case number(@Sendable (Row) -> Double?)
  }

  public struct Field: Sendable {
    public var name: String
    public var help: String
    public var value: Value

    public init(_ name: String, _ help: String, _ value: Value) {
      self.name = name
      self.help = help
      self.value = value
    }
  }

  private let values: [String: Value]
  private let text: @Sendable (Row) -> String
  private let matchesPattern: @Sendable (String, String) -> Bool
  public let fields: [FilterField]

  /// - Parameters:
  ///   - text: What texts are looked for in.
  ///   - matchesPattern: Whether a regular expression (first) is found in a text.
  public init(
    _ fields: [Field], text: @escaping @Sendable (Row) -> String,
    matchesPattern: @escaping @Sendable (String, String) -> Bool
  ) {
    values = Dictionary(fields.map { ($0.name, $0.value) }) { first, _ in first }
    self.text = text
    self.matchesPattern = matchesPattern
    self.fields = fields.map { field in
      let kind: FilterField.Kind =
        switch field.value {
        case .flag: .flag
        case .names: .name
        case .number: .number
        }
      return FilterField(field.name, kind, field.help)
    }
  }

  /// Whether a row is shown. A field that the list does not have is never so.
  public func shows(_ row: Row, _ filter: Filter) -> Bool {
    switch filter {
    case .all(let terms): return terms.allSatisfy { shows(row, $0) }
    case .any(let terms): return terms.contains { shows(row, $0) }
    case .not(let term): return !shows(row, term)
    case .flag(let name):
      guard case .flag(let value)? = values[name] else { return false }
      return value(row)
    case .name(let field, let wanted, let isExact):
      guard case .names(let value)? = values[field] else { return false }
      let names = value(row)
      return names.contains { Filter.matches($0, anyOf: wanted, isExact: isExact) }
    case .number(let field, let bounds):
      guard case .number(let value)? = values[field] else { return false }
      return value(row).map(bounds.contains) ?? false
    case .text(let wanted): return Filter.holds(text(row).lowercased(), wanted.lowercased())
    case .pattern(let pattern): return matchesPattern(pattern, text(row))
    }
  }
}

extension RowFilter {
  /// By name field, the names that some rows have, and how many of them.
  public func names(of rows: some Sequence<Row>) -> [String: [(name: String, count: Int)]] {
    var counts: [String: [String: Int]] = [:]
    for row in rows {
      for case (let field, .names(let value)) in values {
        for name in value(row) { counts[field, default: [:]][name, default: 0] += 1 }
      }
    }
    return counts.mapValues { $0.map { (name: $0.key, count: $0.value) } }
  }
}

extension Filter {
  /// Whether a name is, or contains, one of those wanted; case is ignored.
  public static func matches(_ name: String, anyOf wanted: [String], isExact: Bool) -> Bool {
    let name = name.lowercased()
    return wanted.contains { wanted in
      let wanted = wanted.lowercased()
      return isExact ? name == wanted : holds(name, wanted)
    }
  }

  /// Whether a text holds another; both in small letters.
  static func holds(_ text: String, _ wanted: String) -> Bool {
    let (text, wanted) = (Array(text.utf8), Array(wanted.utf8))
    if wanted.isEmpty { return true }
    guard wanted.count <= text.count else { return false }
    return (0...text.count - wanted.count).contains { start in
      text[start] == wanted[0] && text[start..<start + wanted.count].elementsEqual(wanted)
    }
  }
}
