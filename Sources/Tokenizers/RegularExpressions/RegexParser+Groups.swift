/// Groups: what follows an opening parenthesis.
extension RegexParser {
  mutating func group(depth: Int) throws(Unsupported) -> Part {
    let outer = options
    defer { options = outer }
    if take("?<=") { return try lookbehind(depth: depth, isNegative: false) }
    if take("?<!") { return try lookbehind(depth: depth, isNegative: true) }
    if take("?=") {
      return .node(.lookahead(try body(depth: depth).node, isNegative: false))
    }
    if take("?!") { return .node(.lookahead(try body(depth: depth).node, isNegative: true)) }
    if take("?>") { return .node(.atomic(try body(depth: depth).node)) }
    if take("?:") { return try body(depth: depth) }
    if take("?<") { return .node(try named(until: ">", depth: depth)) }
    if take("?'") { return .node(try named(until: "'", depth: depth)) }
    if take("?~") { throw Unsupported(reason: "it has an absent operator, (?~…)") }
    if take("?(") { throw Unsupported(reason: "it has a condition, (?(…)…)") }
    if take("?{") || take("*") { throw Unsupported(reason: "it has a callout") }
    if take("?") {
      guard try takeOptions() else {
        // `(?i)` holds for all alternatives that follow, up to the end of the group around it.
        return .node(try alternation(depth: depth + 1).node)
      }
      return .node(try body(depth: depth).node)
    }
    return .node(try body(depth: depth).node)
  }

  private mutating func body(depth: Int) throws(Unsupported) -> Part {
    let part = try alternation(depth: depth + 1)
    guard take(")") else { throw Unsupported(reason: "a parenthesis is not closed") }
    return part
  }

  /// A group whose name nothing refers to is a group like others.
  private mutating func named(
    until end: Unicode.Scalar, depth: Int
  ) throws(Unsupported) -> RegexNode {
    var length = 0
    while let scalar = next, scalar != end {
      guard
        scalar.properties.isAlphabetic || scalar == "_"
          || length > 0 && (0x30...0x39).contains(scalar.value)
      else { throw Unsupported(reason: "the name of a group is no name") }
      offset += 1
      length += 1
    }
    guard length > 0, next == end else {
      throw Unsupported(reason: "the name of a group is missing or not ended")
    }
    offset += 1
    return try body(depth: depth).node
  }

  private mutating func lookbehind(
    depth: Int, isNegative: Bool
  ) throws(Unsupported) -> Part {
    options.foldsSingly = true
    let node = try body(depth: depth).node
    if let set = node.singleSet { return .node(.assertion(.previous(set, isNegative: isNegative))) }
    guard Self.runsBackwards(node) else {
      throw Unsupported(
        reason: "a lookbehind holds a lookahead, an atomic group or a possessive loop")
    }
    return .node(.lookbehind(node, isNegative: isNegative))
  }

  /// Whether it is the same to look for a node from its end on.
  private static func runsBackwards(_ node: RegexNode) -> Bool {
    switch node {
    case .set, .lookbehind: true
    case .sequence(let nodes), .alternation(let nodes): nodes.allSatisfy(runsBackwards)
    case .loop(let node, _, _, let kind): kind != .possessive && runsBackwards(node)
    case .atomic, .lookahead: false
    case .assertion(.next): false
    case .assertion: true
    }
  }

  /// `i`, `m`, `x`, `i-m` and the like; whether a colon, so a group of their own, follows.
  private mutating func takeOptions() throws(Unsupported) -> Bool {
    var value = true
    while let scalar = next {
      offset += 1
      switch scalar {
      case "i": options.ignoresCase = value
      case "m": options.dotTakesAll = value
      case "x": options.isExtended = value
      case "-": value = false
      case ":": return true
      case ")": return false
      default: throw Unsupported(reason: "it has an unknown group or option, (?\(scalar)…)")
      }
    }
    throw Unsupported(reason: "a parenthesis is not closed")
  }
}
