/// Parses the part of Oniguruma's regular expressions (Ruby syntax) that tokenizers use.
///
/// Literals, `.`, classes and properties, sets with `&&` and sets inside, groups with names or
/// without, `(?i)`, `(?m)`, `(?x)`, comments, atomic groups, lookahead, lookbehind,
/// `^ $ \A \z \Z \b \B \R`, and loops that are greedy, lazy or possessive. Everything else is refused
/// with its name, above all references to groups.
struct RegexParser {
  /// The expression holds something that this parser does not know.
  struct Unsupported: Error {
    /// What it is, as the end of a sentence.
    let reason: String
  }

  let scalars: [Unicode.Scalar]
  var offset = 0
  var options = Options()

  struct Options: Equatable {
    var ignoresCase = false
    /// Whether `.` takes line feeds.
    var dotTakesAll = false
    /// Whether white space and comments between the parts do not count.
    var isExtended = false
    /// Whether one character only may be the same as one: so it is in a lookbehind.
    var foldsSingly = false
  }

  /// A part of an expression. Characters that stand in a row are kept apart until it is known where
  /// the row ends: when case does not count, several may be the same as one other.
  enum Part {
    case row([UInt32])
    case node(RegexNode)

    var node: RegexNode {
      switch self {
      case .row(let scalars): CaseFolding.shared.node(forRow: scalars)
      case .node(let node): node
      }
    }
  }

  /// Deeper nesting is refused, so that a hostile pattern cannot exhaust the stack.
  static let depthLimit = 64
  /// Oniguruma's own limit of a counted loop.
  private static let largestCount = 100_000
  /// Published patterns have a few hundred characters.
  private static let longestPattern = 8_192

  static func parse(_ pattern: String) throws(Unsupported) -> RegexNode {
    var parser = RegexParser(scalars: Array(pattern.unicodeScalars))
    guard parser.scalars.count <= longestPattern else {
      throw Unsupported(reason: "it has more than \(longestPattern) characters")
    }
    let node = try parser.alternation(depth: 0).node
    guard parser.offset == parser.scalars.count else {
      throw Unsupported(reason: "a closing parenthesis has no opening one")
    }
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

  mutating func alternation(depth: Int) throws(Unsupported) -> Part {
    guard depth < Self.depthLimit else {
      throw Unsupported(reason: "its groups are nested deeper than \(Self.depthLimit)")
    }
    let first = try sequence(depth: depth)
    guard next == "|" else { return first }
    var alternatives = [first.node]
    while take("|") { alternatives.append(try sequence(depth: depth).node) }
    return .node(.alternation(alternatives))
  }

  private mutating func sequence(depth: Int) throws(Unsupported) -> Part {
    var nodes: [RegexNode] = []
    var row: [UInt32] = []
    skipComments()
    while let scalar = next, scalar != "|", scalar != ")" {
      let part = try atom(depth: depth)
      skipComments()
      let isLooped = try startsLoop()
      if case .row(let scalars) = part, !isLooped {
        row += scalars
      } else {
        if !row.isEmpty { nodes.append(Part.row(row).node) }
        row = []
        nodes.append(isLooped ? try quantified(part.node) : part.node)
      }
      skipComments()
    }
    if nodes.isEmpty, !row.isEmpty { return .row(row) }
    if !row.isEmpty { nodes.append(Part.row(row).node) }
    return .node(nodes.count == 1 ? nodes[0] : .sequence(nodes))
  }

  /// `(?#...)`, and with `(?x)` white space and what follows a `#` in its line.
  private mutating func skipComments() {
    while true {
      if take("(?#") {
        while let scalar = next, scalar != ")" { offset += scalar == "\\" ? 2 : 1 }
        offset = min(offset + 1, scalars.count)
      } else if options.isExtended, let scalar = next,
        [" ", "\t", "\n", "\r", "\u{C}", "\u{B}"].contains(scalar)
      {
        offset += 1
      } else if options.isExtended, next == "#" {
        while let scalar = next, scalar != "\n" { offset += 1 }
      } else {
        return
      }
    }
  }

  private mutating func atom(depth: Int) throws(Unsupported) -> Part {
    if take("(") { return try group(depth: depth) }
    if take("[") {
      let (content, isNegated) = try bracketSet(depth: depth)
      return .node(cased(content, isNegated: isNegated))
    }
    guard let scalar = next else { throw Unsupported(reason: "it ends too early") }
    offset += 1
    switch scalar {
    case "\\":
      if let assertion = assertion() { return .node(assertion) }
      let element = try escape(inBrackets: false)
      return element.scalar.map { literal($0) } ?? .node(.set(element.set))
    case ".":
      return .node(.set(options.dotTakesAll ? .everything : ScalarSet(0x0A).inverted))
    case "^": return .node(.assertion(.lineStart))
    case "$": return .node(.assertion(.lineEnd))
    case "*", "+", "?": throw Unsupported(reason: "a loop (\(scalar)) follows nothing to repeat")
    default: return literal(scalar.value)
    }
  }

  private func literal(_ scalar: UInt32) -> Part {
    if !options.ignoresCase { return .node(.set(ScalarSet(scalar))) }
    return options.foldsSingly ? .node(.set(CaseFolding.shared.group(of: scalar))) : .row([scalar])
  }

  /// A bracket, of which the content counts without regard to case before it is turned round.
  private func cased(_ content: ScalarSet, isNegated: Bool) -> RegexNode {
    guard options.ignoresCase else { return .set(isNegated ? content.inverted : content) }
    if isNegated { return .set(CaseFolding.shared.closure(of: content).inverted) }
    return CaseFolding.shared.node(for: content)
  }

  /// An assertion behind a backslash, or `\R`.
  private mutating func assertion() -> RegexNode? {
    let word = ScalarProperties.shared.word
    if take("b") { return .assertion(.wordBoundary(word, isNegative: false)) }
    if take("B") { return .assertion(.wordBoundary(word, isNegative: true)) }
    if take("A") { return .assertion(.textStart) }
    if take("z") { return .assertion(.textEnd) }
    if take("Z") {
      let lastLine = RegexNode.sequence([.set(ScalarSet(0x0A)), .assertion(.textEnd)])
      return .lookahead(.alternation([.assertion(.textEnd), lastLine]), isNegative: false)
    }
    if take("R") {
      let pair = RegexNode.sequence([.set(ScalarSet(0x0D)), .set(ScalarSet(0x0A))])
      let ends = ScalarSet([0x0A...0x0D, 0x85...0x85, 0x2028...0x2029])
      return .atomic(.alternation([pair, .set(ends)]))
    }
    return nil
  }

  /// Whether a loop follows; a brace that begins none stands for itself.
  private mutating func startsLoop() throws(Unsupported) -> Bool {
    guard let scalar = next else { return false }
    if ["?", "*", "+"].contains(scalar) { return true }
    var trial = self
    return scalar == "{" ? try trial.interval() != nil : false
  }

  private mutating func quantified(_ atom: RegexNode) throws(Unsupported) -> RegexNode {
    var node = atom
    var loops = 0
    while try startsLoop(), let scalar = next {
      loops += 1
      guard loops <= Self.depthLimit else {
        throw Unsupported(reason: "more than \(Self.depthLimit) loops follow each other")
      }
      if scalar == "{" {
        node = try counted(node)
      } else {
        offset += 1
        let kind: RegexLoopKind = take("?") ? .lazy : take("+") ? .possessive : .greedy
        node = try loop(node, scalar == "+" ? 1 : 0, scalar == "?" ? 1 : Int.max, kind)
      }
      skipComments()
    }
    return node
  }

  private mutating func counted(_ node: RegexNode) throws(Unsupported) -> RegexNode {
    guard let bounds = try interval() else { return node }
    // Numbers the wrong way round make a possessive loop.
    if bounds.least > bounds.most {
      return try loop(node, bounds.most, bounds.least, .possessive)
    }
    // After an interval Oniguruma's Ruby syntax reads a + as a second loop: the next round.
    guard next == "?" else { return try loop(node, bounds.least, bounds.most, .greedy) }
    offset += 1
    if bounds.least < bounds.most { return try loop(node, bounds.least, bounds.most, .lazy) }
    return try loop(loop(node, bounds.least, bounds.most, .greedy), 0, 1, .greedy)
  }

  private func loop(
    _ node: RegexNode, _ least: Int, _ most: Int, _ kind: RegexLoopKind
  ) throws(Unsupported) -> RegexNode {
    if most == 0 { return .sequence([]) }
    guard most == Int.max, node.isNullable else {
      return .loop(node, atLeast: least, atMost: most, kind)
    }
    guard kind != .lazy, let body = node.withoutEmptyMatch else {
      throw Unsupported(reason: "an endless loop goes round something that can match nothing")
    }
    return .loop(body, atLeast: 0, atMost: most, kind)
  }

  /// `{n}`, `{n,}`, `{,m}` or `{n,m}`; nil, with nothing taken, for any other brace.
  private mutating func interval() throws(Unsupported) -> (least: Int, most: Int)? {
    let start = offset
    guard take("{") else { return nil }
    let first = number()
    var most = first
    if take(",") {
      let last = number()
      most = last ?? (first == nil ? nil : Int.max)
    }
    guard let most, take("}") else {
      offset = start
      return nil
    }
    let least = first ?? 0
    guard least <= Self.largestCount, most == Int.max || most <= Self.largestCount else {
      throw Unsupported(reason: "a loop counts to more than \(Self.largestCount)")
    }
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
