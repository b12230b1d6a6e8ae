/// A regular expression, compiled to instructions.
///
/// General categories finer than L, N and M come from Swift's Unicode tables.
struct RegularExpression: Sendable {
  enum Instruction: Sendable {
    /// Takes one character.
    case set(Int)
    /// Takes a run of characters of one set.
    case run(set: Int, atLeast: Int, atMost: Int, RegexLoopKind)
    /// Goes on at the first, or at the second if that fails.
    case fork(Int, Int)
    case jump(Int)
    /// Runs the instructions that follow up to `match`, then goes on at `next`.
    case lookahead(isNegative: Bool, next: Int)
    case match
  }

  let instructions: [Instruction]
  let sets: [ScalarSet]
  private static let sizeLimit = 4096

  /// Nil when `pattern` holds something that is not supported, or can match without taking text.
  init?(_ pattern: String) {
    guard let node = try? RegexParser.parse(pattern), !node.isNullable else { return nil }
    var compiler = Compiler()
    compiler.add(node)
    compiler.instructions.append(.match)
    guard compiler.instructions.count <= Self.sizeLimit else { return nil }
    instructions = compiler.instructions
    sets = compiler.sets
  }

  private struct Compiler {
    var instructions: [Instruction] = []
    var sets: [ScalarSet] = []

    mutating func add(_ node: RegexNode) {
      // Loops in loops multiply; past the limit the expression is refused anyway.
      if instructions.count > RegularExpression.sizeLimit { return }
      switch node {
      case .set(let set): instructions.append(.set(index(of: set)))
      case .sequence(let nodes): for node in nodes { add(node) }
      case .alternation(let nodes): addAlternatives(nodes[...])
      case .loop(.set(let set), let atLeast, let atMost, let kind):
        instructions.append(.run(set: index(of: set), atLeast: atLeast, atMost: atMost, kind))
      case .loop(let node, let atLeast, let atMost, let kind):
        for _ in 0..<atLeast { add(node) }
        if atMost == Int.max {
          addStar(node, kind)
        } else {
          addOptional(node, atMost - atLeast, kind)
        }
      case .lookahead(let node, let isNegative):
        let place = instructions.count
        instructions.append(.match)
        add(node)
        instructions.append(.match)
        instructions[place] = .lookahead(isNegative: isNegative, next: instructions.count)
      }
    }

    private mutating func index(of set: ScalarSet) -> Int {
      if let known = sets.firstIndex(of: set) { return known }
      sets.append(set)
      return sets.count - 1
    }

    private mutating func addAlternatives(_ nodes: ArraySlice<RegexNode>) {
      guard let first = nodes.first else { return }
      if nodes.count == 1 { return add(first) }
      let fork = instructions.count
      instructions.append(.match)
      add(first)
      let jump = instructions.count
      instructions.append(.match)
      instructions[fork] = .fork(fork + 1, instructions.count)
      addAlternatives(nodes.dropFirst())
      instructions[jump] = .jump(instructions.count)
    }

    private mutating func addStar(_ node: RegexNode, _ kind: RegexLoopKind) {
      let fork = instructions.count
      instructions.append(.match)
      add(node)
      instructions.append(.jump(fork))
      instructions[fork] = Self.fork(kind, inside: fork + 1, outside: instructions.count)
    }

    private mutating func addOptional(_ node: RegexNode, _ count: Int, _ kind: RegexLoopKind) {
      var forks: [Int] = []
      for _ in 0..<max(0, count) {
        forks.append(instructions.count)
        instructions.append(.match)
        add(node)
      }
      for fork in forks {
        instructions[fork] = Self.fork(kind, inside: fork + 1, outside: instructions.count)
      }
    }

    private static func fork(_ kind: RegexLoopKind, inside: Int, outside: Int) -> Instruction {
      kind == .lazy ? .fork(outside, inside) : .fork(inside, outside)
    }
  }
}
