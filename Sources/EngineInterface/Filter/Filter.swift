/// Which rows of a list are shown: terms joined by and, or and not.
///
/// `source:law dropped d<-0.1 tokens>500 "word"` are rows of a source named like "law" that are dropped,
/// score below -0.1, are longer than 500 tokens and hold the word.
public indirect enum Filter: Sendable, Equatable, Codable {
  /// All of them; every row when there are none.
  case all([Filter])
  /// One of them at least.
  case any([Filter])
  case not(Filter)
  /// A row that is so: `dropped`.
  case flag(String)
  /// A name of the row: contains one of these, or is one of these when `isExact`. Case is ignored.
  case name(field: String, anyOf: [String], isExact: Bool)
  /// A number of the row within bounds. A row without that number is never within.
  case number(field: String, bounds: FilterBounds)
  /// Text that the row holds; case is ignored.
  case text(String)
  /// A regular expression found in the row's text.
  case pattern(String)

  /// Shows every row.
  public static let everything = Filter.all([])

  public var isEverything: Bool { self == .everything }

  /// Every field that it asks for.
  public var fieldNames: Set<String> {
    switch self {
    case .all(let terms), .any(let terms): Set(terms.flatMap(\.fieldNames))
    case .not(let term): term.fieldNames
    case .flag(let name), .name(let name, _, _), .number(let name, _): [name]
    case .text, .pattern: []
    }
  }

  /// The name of the one source that it is about, and nothing else.
  public var onlySource: String? {
    if case .name("source", let names, true) = self, names.count == 1 { names[0] } else { nil }
  }

  /// A source, as a list of chunks has it.
  public static func source(_ name: String) -> Filter {
    .name(field: "source", anyOf: [name], isExact: true)
  }

  /// Without the terms about text that stand beside others, and with another one.
  public func searching(for term: Filter?) -> Filter? {
    let terms: [Filter] = if case .all(let terms) = self { terms } else { [self] }
    let kept = terms.filter { !$0.readsText } + (term.map { [$0] } ?? [])
    return kept.isEmpty ? nil : kept.count == 1 ? kept[0] : .all(kept)
  }

  /// Whether rows have to be read to answer it.
  public var readsText: Bool {
    switch self {
    case .all(let terms), .any(let terms): terms.contains(where: \.readsText)
    case .not(let term): term.readsText
    case .flag, .name, .number: false
    case .text, .pattern: true
    }
  }

  /// The texts that rows shown are likely to hold, to be marked in them; none of those that are ruled out.
  public var soughtTexts: [String] {
    switch self {
    case .all(let terms), .any(let terms): terms.flatMap(\.soughtTexts)
    case .text(let text): [text]
    case .not, .flag, .name, .number, .pattern: []
    }
  }
}

/// Bounds of a number; nil is open.
public struct FilterBounds: Sendable, Equatable, Codable {
  public var lower: Double?
  public var includesLower: Bool
  public var upper: Double?
  public var includesUpper: Bool

  public init(
    lower: Double? = nil, includesLower: Bool = true, upper: Double? = nil,
    includesUpper: Bool = true
  ) {
    self.lower = lower
    self.includesLower = includesLower
    self.upper = upper
    self.includesUpper = includesUpper
  }

  /// Whether a number is within; NaN never is.
  public func contains(_ value: Double) -> Bool {
    if value.isNaN { return false }
    if let lower, includesLower ? value < lower : value <= lower { return false }
    if let upper, includesUpper ? value > upper : value >= upper { return false }
    return true
  }
}

/// Why a filter cannot be read.
public struct FilterError: Error, Sendable, Equatable, Codable {
  /// Characters before what is wrong.
  public var column: Int
  /// What is wrong, and what was expected.
  public var reason: String

  public init(column: Int, reason: String) {
    self.column = column
    self.reason = reason
  }
}
