/// Parses the part of Oniguruma's regular expressions (Ruby syntax) that pre-tokenizers use.
///
/// Literals, `.`, classes and properties, sets with `&&` and sets inside, groups, `(?i)`, `(?m)`,
/// atomic groups, lookahead, lookbehind over one character, `^ $ \A \z \Z \b \B`, and loops that are
/// greedy, lazy or possessive. Everything else is refused, above all references to groups.
struct RegexParser {
  /// The expression holds something that this parser does not know.
  struct Unsupported: Error {}

  let scalars: [Unicode.Scalar]
  var offset = 0
  private(set) var ignoresCase = false
  /// Whether `.` takes line feeds.
  private var dotTakesAll = false
  /// Deeper nesting is refused, so that a hostile pattern cannot exhaust the stack.
  static let depthLimit = 24
  private static let largestCount = 256
  /// Published patterns have a few hundred characters.
  private static let longestPattern = 8_192

  static func parse(_ pattern: String) throws(Unsupported) -> RegexNode {
    var parser = RegexParser(scalars: Array(pattern.unicodeScalars))
    guard parser.scalars.count <= longestPattern else { throw Unsupported() }
    let node = try parser.alternation(depth: 0)
    guard parser.offset == parser.scalars.count else { throw Unsupported() }
    return node
  }

  private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  var next: Unicode.Scalar? { offset < scalars.count ? scalars[offset] : nil }

  mutating func take(_ text: StaticString) -> Bool {
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
    if ignoresCase, Self.hasFoldedPair(nodes) { throw Unsupported() }
    return .sequence(nodes)
  }

  /// Whether two letters stand together that one character stands for when case does not count,
  /// such as "ss" and U+00DF.
  private static func hasFoldedPair(_ nodes: [RegexNode]) -> Bool {
    let pairs: [(UInt32, UInt32)] = [
      (0x73, 0x73), (0x73, 0x74), (0x66, 0x66), (0x66, 0x69), (0x66, 0x6C),
    ]
    return zip(nodes, nodes.dropFirst()).contains { first, second in
      guard let first = first.singleSet, let second = second.singleSet else { return false }
      return pairs.contains { first.contains($0.0) && second.contains($0.1) }
    }
  }

  private mutating func atom(depth: Int) throws(Unsupported) -> RegexNode {
    if take("(") { return try group(depth: depth) }
    if take("[") { return .set(try bracketSet(depth: depth)) }
    guard let scalar = next else { throw Unsupported() }
    offset += 1
    switch scalar {
    case "\\":
      if let assertion = assertion() { return assertion }
      return .set(try escape(inBrackets: false).set)
    case ".":
      return .set(dotTakesAll ? .everything : ScalarSet(0x0A).inverted)
    case "^": return .assertion(.lineStart)
    case "$": return .assertion(.lineEnd)
    case "*", "+", "?", "{", "}", "]": throw Unsupported()
    default: return .set(try cased(ScalarSet(scalar.value)))
    }
  }

  /// An assertion behind a backslash.
  private mutating func assertion() -> RegexNode? {
    let word = ScalarProperties.shared.word
    if take("b") { return .assertion(.wordBoundary(word, isNegative: false)) }
    if take("B") { return .assertion(.wordBoundary(word, isNegative: true)) }
    if take("A") { return .assertion(.textStart) }
    if take("z") { return .assertion(.textEnd) }
    if take("Z") {
      let lastLine = RegexNode.sequence([.set(ScalarSet(0x0A)), .assertion(.textEnd)])
      let either = RegexNode.alternation([.assertion(.textEnd), lastLine])
      return .lookahead(either, isNegative: false)
    }
    return nil
  }

  func cased(_ set: ScalarSet) throws(Unsupported) -> ScalarSet {
    guard ignoresCase else { return set }
    guard let folded = set.ignoringCase() else { throw Unsupported() }
    return folded
  }

  private mutating func group(depth: Int) throws(Unsupported) -> RegexNode {
    let outer = (ignoresCase, dotTakesAll)
    defer { (ignoresCase, dotTakesAll) = outer }
    if take("?<=") { return try lookbehind(depth: depth, isNegative: false) }
    if take("?<!") { return try lookbehind(depth: depth, isNegative: true) }
    if take("?=") { return .lookahead(try body(depth: depth), isNegative: false) }
    if take("?!") { return .lookahead(try body(depth: depth), isNegative: true) }
    if take("?>") { return .atomic(try body(depth: depth)) }
    if take("?:") { return try body(depth: depth) }
    if take("?") {
      guard try options() else {
        // `(?i)` holds for all alternatives that follow, up to the end of the group around it.
        return try alternation(depth: depth + 1)
      }
    }
    return try body(depth: depth)
  }

  private mutating func body(depth: Int) throws(Unsupported) -> RegexNode {
    let node = try alternation(depth: depth + 1)
    guard take(")") else { throw Unsupported() }
    return node
  }

  private mutating func lookbehind(
    depth: Int, isNegative: Bool
  ) throws(Unsupported) -> RegexNode {
    guard let set = try body(depth: depth).singleSet else { throw Unsupported() }
    return .assertion(.previous(set, isNegative: isNegative))
  }

  /// `i`, `m`, `i-m` and the like; whether a colon, so a group of their own, follows.
  private mutating func options() throws(Unsupported) -> Bool {
    var value = true
    while let scalar = next {
      offset += 1
      switch scalar {
      case "i": ignoresCase = value
      case "m": dotTakesAll = value
      case "-": value = false
      case ":": return true
      case ")": return false
      default: throw Unsupported()
      }
    }
    throw Unsupported()
  }

  private mutating func quantified(_ atom: RegexNode) throws(Unsupported) -> RegexNode {
    var node = atom
    var loops = 0
    while let scalar = next, ["?", "*", "+", "{"].contains(scalar) {
      loops += 1
      if node.isNullable || loops > Self.depthLimit { throw Unsupported() }
      var kind = RegexLoopKind.greedy
      let bounds: (least: Int, most: Int)
      if scalar == "{" {
        bounds = try interval()
        // After an interval Oniguruma's Ruby syntax reads a + as a second loop: the next round.
        if next == "?" {
          guard bounds.least != bounds.most else { throw Unsupported() }
          offset += 1
          kind = .lazy
        }
      } else {
        offset += 1
        bounds = (scalar == "+" ? 1 : 0, scalar == "?" ? 1 : Int.max)
        kind = take("?") ? .lazy : take("+") ? .possessive : .greedy
      }
      node = .loop(node, atLeast: bounds.least, atMost: bounds.most, kind)
    }
    return node
  }

  /// `{n}`, `{n,}`, `{,m}` or `{n,m}`
  private mutating func interval() throws(Unsupported) -> (least: Int, most: Int) {
    guard take("{") else { throw Unsupported() }
    let first = number()
    var most = first ?? 0
    if take(",") {
      let last = number()
      guard first != nil || last != nil else { throw Unsupported() }
      most = last ?? Int.max
    } else if first == nil {
      throw Unsupported()
    }
    let least = first ?? 0
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
