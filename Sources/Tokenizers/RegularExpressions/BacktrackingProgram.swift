/// What the backtracking engine runs: for expressions that need more than an automaton.
struct BacktrackingProgram: Sendable {
  enum Instruction: Sendable {
    /// Takes one character.
    case set(Int)
    /// Goes back over one character.
    case setBefore(Int)
    /// Takes a run of characters of one set.
    case run(set: Int, atLeast: Int, atMost: Int, RegexLoopKind)
    /// Goes on at the first, or at the second if that fails.
    case fork(Int, Int)
    case jump(Int)
    /// Runs the instructions that follow up to `match`, then goes on at `next`; a look behind runs
    /// backwards.
    case lookahead(isNegative: Bool, next: Int)
    /// Takes what the instructions that follow take up to `match`, then goes on at `next`.
    case atomic(next: Int)
    case assertion(RegexAssertion)
    case match
  }

  /// A set with its answers for ASCII, one bit a character.
  struct QuickSet: Sendable {
    private let low: UInt64
    private let high: UInt64
    private let set: ScalarSet

    init(_ set: ScalarSet) {
      var bits: [UInt64] = [0, 0]
      for scalar in UInt32(0)..<128 where set.contains(scalar) {
        bits[Int(scalar / 64)] |= 1 << UInt64(scalar % 64)
      }
      (low, high) = (bits[0], bits[1])
      self.set = set
    }

    @inline(__always)
    func contains(_ scalar: UInt32) -> Bool {
      if scalar < 64 { return low &>> UInt64(scalar) & 1 == 1 }
      if scalar < 128 { return high &>> UInt64(scalar &- 64) & 1 == 1 }
      return set.contains(scalar)
    }
  }

  let instructions: [Instruction]
  let sets: [QuickSet]
  /// Whether a match may take no text.
  let isNullable: Bool

  /// Nil when the program would be too long.
  init?(_ node: RegexNode) {
    var compiler = Compiler()
    compiler.add(node)
    compiler.instructions.append(.match)
    guard compiler.instructions.count <= RegularExpression.sizeLimit else { return nil }
    instructions = compiler.instructions
    sets = compiler.sets.map(QuickSet.init)
    isNullable = node.isNullable
  }

  private struct Compiler {
    var instructions: [Instruction] = []
    var sets: [ScalarSet] = []
    private var numbers: [ScalarSet: Int] = [:]
    /// Whether what is added runs backwards.
    private var isReversed = false

    mutating func add(_ node: RegexNode) {
      // Loops in loops multiply; past the limit the expression is refused anyway.
      if instructions.count > RegularExpression.sizeLimit { return }
      switch node {
      case .set(let set):
        let number = number(of: set)
        instructions.append(isReversed ? .setBefore(number) : .set(number))
      case .sequence(let nodes):
        for node in isReversed ? nodes.reversed() : nodes { add(node) }
      case .alternation(let nodes): addAlternatives(nodes[...])
      case .loop(.set(let set), let atLeast, let atMost, let kind) where !isReversed:
        instructions.append(.run(set: number(of: set), atLeast: atLeast, atMost: atMost, kind))
      case .loop(let node, let atLeast, let atMost, .possessive):
        enclose({ .atomic(next: $0) }, .loop(node, atLeast: atLeast, atMost: atMost, .greedy))
      case .loop(let node, let atLeast, let atMost, let kind):
        for _ in 0..<atLeast { add(node) }
        if atMost == Int.max {
          addStar(node, kind)
        } else {
          addOptional(node, atMost - atLeast, kind)
        }
      case .lookahead(let node, let isNegative):
        if let set = node.singleSet {
          instructions.append(.assertion(.next(set, isNegative: isNegative)))
        } else {
          enclose({ .lookahead(isNegative: isNegative, next: $0) }, node)
        }
      case .lookbehind(let node, let isNegative):
        let outer = isReversed
        isReversed = true
        enclose({ .lookahead(isNegative: isNegative, next: $0) }, node)
        isReversed = outer
      case .atomic(let node): enclose({ .atomic(next: $0) }, node)
      case .assertion(let assertion): instructions.append(.assertion(assertion))
      }
    }

    /// Puts `node` and a `match` of its own behind an instruction that goes on after them.
    private mutating func enclose(_ make: (Int) -> Instruction, _ node: RegexNode) {
      let place = instructions.count
      instructions.append(.match)
      add(node)
      instructions.append(.match)
      instructions[place] = make(instructions.count)
    }

    private mutating func number(of set: ScalarSet) -> Int {
      if let known = numbers[set] { return known }
      sets.append(set)
      numbers[set] = sets.count - 1
      return sets.count - 1
    }

    private mutating func addAlternatives(_ nodes: ArraySlice<RegexNode>) {
      guard let first = nodes.first, instructions.count <= RegularExpression.sizeLimit else {
        return
      }
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
