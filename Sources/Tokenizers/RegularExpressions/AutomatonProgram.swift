/// What the automaton of a regular expression runs: sets, forks and assertions.
struct AutomatonProgram: Sendable {
  enum Instruction: Sendable {
    /// Takes one character of the classes that are true.
    case set([Bool])
    /// Goes on at the first, or with less priority at the second.
    case fork(Int, Int)
    case jump(Int)
    /// Goes on when it holds.
    case assertion(RegexAssertion)
    case match
  }

  let instructions: [Instruction]
  let classes: CharacterClasses
  /// Whether an assertion asks for the character before a place.
  let looksBack: Bool
  /// Whether a match may take no text.
  let isNullable: Bool

  /// Nil when the expression needs more than an automaton: atomic groups, possessive loops,
  /// lookahead and lookbehind over more than one character.
  init?(_ node: RegexNode) {
    var compiler = Compiler()
    guard compiler.add(node) else { return nil }
    let pieces = compiler.pieces
    var sets: [ScalarSet] = []
    var looksBack = false
    for piece in pieces {
      switch piece {
      case .set(let set): sets.append(set)
      case .assertion(let assertion):
        sets += assertion.sets
        looksBack = looksBack || assertion.looksBack
      default: break
      }
    }
    var distinct: [ScalarSet] = []
    var known: Set<ScalarSet> = []
    for set in sets where known.insert(set).inserted { distinct.append(set) }
    guard let classes = CharacterClasses(of: distinct) else { return nil }
    instructions =
      pieces.map { piece in
        switch piece {
        case .set(let set): .set(classes.representatives.map(set.contains))
        case .assertion(let assertion): .assertion(assertion)
        case .fork(let first, let second): .fork(first, second)
        case .jump(let target): .jump(target)
        }
      } + [.match]
    self.classes = classes
    self.looksBack = looksBack
    isNullable = node.isNullable
  }

  private struct Compiler {
    enum Piece {
      case set(ScalarSet)
      case assertion(RegexAssertion)
      case fork(Int, Int)
      case jump(Int)
    }

    private static let longestLoop = 256

    var pieces: [Piece] = []

    /// False when the node needs more than an automaton.
    mutating func add(_ node: RegexNode) -> Bool {
      if pieces.count > RegularExpression.sizeLimit { return false }
      switch node {
      case .set(let set): pieces.append(.set(set))
      case .sequence(let nodes): return nodes.allSatisfy { add($0) }
      case .alternation(let nodes): return addAlternatives(nodes[...])
      case .assertion(let assertion): pieces.append(.assertion(assertion))
      case .lookahead(let inner, let isNegative):
        guard let set = inner.singleSet else { return false }
        pieces.append(.assertion(.next(set, isNegative: isNegative)))
      case .lookbehind: return false
      case .atomic(let inner):
        guard let set = inner.singleSet else { return false }
        pieces.append(.set(set))
      case .loop(let inner, let atLeast, let atMost, .possessive):
        return addPossessive(inner, atLeast, atMost)
      case .loop(let inner, let atLeast, let atMost, let kind):
        return addLoop(inner, atLeast, atMost, kind)
      }
      return true
    }

    /// A possessive loop over one set ends where the set does: greedy, with none of it behind.
    private mutating func addPossessive(_ node: RegexNode, _ atLeast: Int, _ atMost: Int) -> Bool {
      guard let set = node.singleSet else { return false }
      let end = RegexNode.assertion(.next(set, isNegative: true))
      if atMost == Int.max {
        return addLoop(.set(set), atLeast, atMost, .greedy) && add(end)
      }
      guard atLeast == 0, atMost == 1 else { return false }
      return addAlternatives([.set(set), end])
    }

    private mutating func addAlternatives(_ nodes: ArraySlice<RegexNode>) -> Bool {
      guard let first = nodes.first else { return true }
      if nodes.count == 1 { return add(first) }
      let fork = reserve()
      guard add(first) else { return false }
      let jump = reserve()
      pieces[fork] = .fork(fork + 1, pieces.count)
      guard addAlternatives(nodes.dropFirst()) else { return false }
      pieces[jump] = .jump(pieces.count)
      return true
    }

    private mutating func addLoop(
      _ node: RegexNode, _ atLeast: Int, _ atMost: Int, _ kind: RegexLoopKind
    ) -> Bool {
      // Counted loops are written out: long ones are for the other engine.
      if max(atLeast, atMost == Int.max ? 0 : atMost) > Self.longestLoop { return false }
      for _ in 0..<atLeast where !add(node) { return false }
      if atMost == Int.max {
        let fork = reserve()
        guard add(node) else { return false }
        pieces.append(.jump(fork))
        close(fork, kind)
        return true
      }
      var forks: [Int] = []
      for _ in 0..<max(0, atMost - atLeast) {
        forks.append(reserve())
        guard add(node) else { return false }
      }
      for fork in forks { close(fork, kind) }
      return true
    }

    private mutating func close(_ fork: Int, _ kind: RegexLoopKind) {
      let (inside, outside) = (fork + 1, pieces.count)
      pieces[fork] = kind == .lazy ? .fork(outside, inside) : .fork(inside, outside)
    }

    private mutating func reserve() -> Int {
      pieces.append(.jump(0))
      return pieces.count - 1
    }
  }
}
