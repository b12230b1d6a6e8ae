/// Parses the subset of Oniguruma's regular expressions that pre-tokenizers use.
///
/// Literals, `.`, `[...]` with ranges and escapes, `\s \d \p{...}` and their negations, groups,
/// `(?i:...)`, lookahead, `? * + {n,m}` greedy, lazy or possessive. Everything else is refused.
struct RegexParser {
  /// The expression holds something that this parser does not know.
  struct Unsupported: Error {}

  private let scalars: [Unicode.Scalar]
  private var offset = 0
  private var ignoresCase = false
  /// Deeper nesting is refused, so that a hostile pattern cannot exhaust the stack.
  private static let depthLimit = 24
  private static let largestCount = 256

  static func parse(_ pattern: String) throws(Unsupported) -> RegexNode {
    var parser = RegexParser(scalars: Array(pattern.unicodeScalars))
    let node = try parser.alternation(depth: 0)
    guard parser.offset == parser.scalars.count else { throw Unsupported() }
    return node
  }

  private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  private var next: Unicode.Scalar? { offset < scalars.count ? scalars[offset] : nil }

  private mutating func take(_ text: StaticString) -> Bool {
    let wanted = Array(String(describing: text).unicodeScalars)
    guard scalars[offset...].starts(with: wanted) else { return false }
    offset += wanted.count
    return true
  }

  private mutating func alternation(depth: Int) throws(Unsupported) -> RegexNode {
    guard depth < Self.depthLimit else { throw Unsupported() }
    var alternatives = [try sequence(depth: depth)]
    while take("|") { alternatives.append(try sequence(depth: depth)) }
    return alternatives.count == 1 ? alternatives[0] : .alternation(alternatives)
  }

  private mutating func sequence(depth: Int) throws(Unsupported) -> RegexNode {
    var nodes: [RegexNode] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      nodes.append(try quantified(try atom(depth: depth)))
    }
    return .sequence(nodes)
  }

  private mutating func atom(depth: Int) throws(Unsupported) -> RegexNode {
    if take("(") { return try group(depth: depth) }
    if take("[") { return .set(try cased(try bracketSet())) }
    guard let scalar = next else { throw Unsupported() }
    offset += 1
    switch scalar {
    case "\\": return .set(try cased(ScalarSet([try escape()])))
    case ".": return .set(ScalarSet([.range(0x0A...0x0A)], isNegated: true))
    case "^", "$", "*", "+", "?", "{", "}", "]": throw Unsupported()
    default: return .set(try cased(ScalarSet([.range(scalar.value...scalar.value)])))
    }
  }

  private func cased(_ set: ScalarSet) throws(Unsupported) -> ScalarSet {
    guard ignoresCase else { return set }
    guard let folded = set.ignoringCase() else { throw Unsupported() }
    return folded
  }

  private mutating func group(depth: Int) throws(Unsupported) -> RegexNode {
    let outer = ignoresCase
    defer { ignoresCase = outer }
    var isLookahead = false
    var isNegative = false
    if take("?") {
      if take("i:") {
        ignoresCase = true
      } else if take("=") {
        isLookahead = true
      } else if take("!") {
        (isLookahead, isNegative) = (true, true)
      } else if !take(":") {
        throw Unsupported()
      }
    }
    let node = try alternation(depth: depth + 1)
    guard take(")") else { throw Unsupported() }
    return isLookahead ? .lookahead(node, isNegative: isNegative) : node
  }

  private mutating func quantified(_ atom: RegexNode) throws(Unsupported) -> RegexNode {
    var node = atom
    while let scalar = next, ["?", "*", "+", "{"].contains(scalar) {
      if node.isNullable { throw Unsupported() }
      let bounds = try bounds(scalar)
      var kind = RegexLoopKind.greedy
      if scalar != "{" {
        kind = take("?") ? .lazy : take("+") ? .possessive : .greedy
      } else if next == "?" {
        throw Unsupported()
      }
      // After an interval Oniguruma's Ruby syntax reads a + as a second loop: the next round.
      node = .loop(node, atLeast: bounds.least, atMost: bounds.most, kind)
    }
    return node
  }

  private mutating func bounds(
    _ scalar: Unicode.Scalar
  ) throws(Unsupported) -> (least: Int, most: Int) {
    if scalar == "{" { return try interval() }
    offset += 1
    return (scalar == "+" ? 1 : 0, scalar == "?" ? 1 : Int.max)
  }

  /// `{n}`, `{n,}` or `{n,m}`
  private mutating func interval() throws(Unsupported) -> (least: Int, most: Int) {
    guard take("{"), let least = number() else { throw Unsupported() }
    var most = least
    if take(",") { most = number() ?? Int.max }
    guard take("}"), least <= most, least <= Self.largestCount,
      most == Int.max || most <= Self.largestCount, most > 0
    else { throw Unsupported() }
    return (least, most)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let digit = next, digit.value >= 0x30, digit.value <= 0x39 {
      value = min((value ?? 0) * 10 + Int(digit.value - 0x30), Self.largestCount + 1)
      offset += 1
    }
    return value
  }
}

/// Sets: brackets and escapes.
extension RegexParser {
  private mutating func bracketSet() throws(Unsupported) -> ScalarSet {
    let isNegated = take("^")
    var elements: [ScalarSet.Element] = []
    while let scalar = next, scalar != "]" {
      // Sets in sets and intersections are not needed.
      if scalar == "[" || take("&&") { throw Unsupported() }
      let element = try bracketElement()
      if case .range(let first) = element, first.count == 1, next == "-",
        offset + 1 < scalars.count, scalars[offset + 1] != "]"
      {
        offset += 1
        guard case .range(let last) = try bracketElement(), last.count == 1,
          first.lowerBound <= last.lowerBound
        else { throw Unsupported() }
        elements.append(.range(first.lowerBound...last.lowerBound))
      } else {
        elements.append(element)
      }
    }
    guard take("]"), !elements.isEmpty else { throw Unsupported() }
    return ScalarSet(elements, isNegated: isNegated)
  }

  private mutating func bracketElement() throws(Unsupported) -> ScalarSet.Element {
    guard let scalar = next else { throw Unsupported() }
    offset += 1
    if scalar == "\\" { return try escape() }
    if scalar == "[" { throw Unsupported() }
    return .range(scalar.value...scalar.value)
  }

  /// What follows a backslash.
  private mutating func escape() throws(Unsupported) -> ScalarSet.Element {
    guard let scalar = next else { throw Unsupported() }
    offset += 1
    switch scalar {
    case "s": return .scalarClass(.space, isNegated: false)
    case "S": return .scalarClass(.space, isNegated: true)
    case "d": return .category(.decimalNumber, isNegated: false)
    case "D": return .category(.decimalNumber, isNegated: true)
    case "n": return .range(0x0A...0x0A)
    case "r": return .range(0x0D...0x0D)
    case "t": return .range(0x09...0x09)
    case "f": return .range(0x0C...0x0C)
    case "v": return .range(0x0B...0x0B)
    case "p", "P": return try property(isNegated: scalar == "P")
    case "u":
      let value = try hexadecimal(digits: 4)
      return .range(value...value)
    default:
      // Letters and digits name classes and references; only marks stand for themselves.
      guard scalar.isASCII, !scalar.properties.isAlphabetic, !(0x30...0x39).contains(scalar.value)
      else { throw Unsupported() }
      return .range(scalar.value...scalar.value)
    }
  }

  private mutating func hexadecimal(digits: Int) throws(Unsupported) -> UInt32 {
    guard offset + digits <= scalars.count else { throw Unsupported() }
    let text = String(String.UnicodeScalarView(scalars[offset..<offset + digits]))
    guard let value = UInt32(text, radix: 16) else { throw Unsupported() }
    offset += digits
    return value
  }

  private mutating func property(isNegated: Bool) throws(Unsupported) -> ScalarSet.Element {
    guard take("{") else { throw Unsupported() }
    let inverts = take("^") != isNegated
    var name = ""
    while let scalar = next, scalar != "}" {
      name.unicodeScalars.append(scalar)
      offset += 1
    }
    guard take("}") else { throw Unsupported() }
    switch name {
    case "L": return .scalarClass(.letter, isNegated: inverts)
    case "N": return .scalarClass(.number, isNegated: inverts)
    case "M": return .scalarClass(.mark, isNegated: inverts)
    default:
      guard let category = Self.categories[name] else { throw Unsupported() }
      return .category(category, isNegated: inverts)
    }
  }

  private static let categories: [String: Unicode.GeneralCategory] = [
    "Lu": .uppercaseLetter, "Ll": .lowercaseLetter, "Lt": .titlecaseLetter,
    "Lm": .modifierLetter, "Lo": .otherLetter, "Mn": .nonspacingMark, "Mc": .spacingMark,
    "Me": .enclosingMark, "Nd": .decimalNumber, "Nl": .letterNumber, "No": .otherNumber,
    "Pc": .connectorPunctuation, "Pd": .dashPunctuation, "Ps": .openPunctuation,
    "Pe": .closePunctuation, "Pi": .initialPunctuation, "Pf": .finalPunctuation,
    "Po": .otherPunctuation, "Sm": .mathSymbol, "Sc": .currencySymbol, "Sk": .modifierSymbol,
    "So": .otherSymbol, "Zs": .spaceSeparator,
  ]
}
