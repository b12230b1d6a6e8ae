/// Runs a regular expression by backtracking, with a list of the places to go back to.
///
/// A search that takes long starts to note the places it has failed from, which bounds it by the
/// product of the lengths of pattern and text: whether a place fails depends on nothing before it.
struct RegexMatcher: PieceMatcher {
  /// Places to go back to: at an instruction, with the text at `high`, later before it down to
  /// `low` one character at a time.
  private struct Choice {
    let instruction: Int
    let low: Int
    var high: Int
  }

  /// What a search knows of places that lead to no match.
  private struct Failures {
    var steps = 0
    var places: Set<UInt64> = []

    /// Whether it is worth going on from a place: false when that has failed before.
    mutating func allow(_ instruction: Int, _ offset: Int, atFork: Bool) -> Bool {
      steps += 1
      if steps < RegexMatcher.patience { return true }
      // A place gone back to may be a fork, which then is noted once more as such.
      let place = UInt64(instruction) << 48 | UInt64(offset)
      return places.insert(atFork ? place | 1 << 63 : place).inserted
    }
  }

  private final class Scratch {
    var choices: [Choice] = []
  }

  private let expression: RegularExpression
  private let scratch = Scratch()
  private static let patience = 4_096

  init(_ expression: RegularExpression) { self.expression = expression }

  func nextMatch(in text: some ScalarText, from start: Int, to end: Int) -> Range<Int>? {
    var choices: [Choice] = []
    swap(&choices, &scratch.choices)
    defer { swap(&choices, &scratch.choices) }
    var failures = Failures()
    var offset = start
    while offset < end {
      choices.removeAll(keepingCapacity: true)
      if let last = run(0, text, from: offset, to: end, &choices, &failures) {
        return offset..<last
      }
      offset = text.scalar(at: offset).next
    }
    return nil
  }

  /// The end of the match of the instructions from `first` on at `start`; nil without one.
  private func run(
    _ first: Int, _ text: some ScalarText, from start: Int, to end: Int, _ choices: inout [Choice],
    _ failures: inout Failures
  ) -> Int? {
    let base = choices.count
    defer { choices.removeLast(choices.count - base) }
    var instruction = first
    var offset = start
    while true {
      if let next = step(&instruction, text, offset, end, &choices, &failures) {
        if instruction < 0 { return next }
        offset = next
        continue
      }
      repeat {
        guard choices.count > base, let choice = choices.popLast() else { return nil }
        instruction = choice.instruction
        offset = choice.high
        if choice.high > choice.low {
          let shorter = text.start(before: choice.high)
          choices.append(Choice(instruction: instruction, low: choice.low, high: shorter))
        }
      } while !failures.allow(instruction, offset, atFork: false)
    }
  }

  /// Runs one instruction at `offset`: returns where the text goes on and moves `instruction`, to
  /// -1 at a match; nil when it fails.
  @inline(__always)
  private func step(
    _ instruction: inout Int, _ text: some ScalarText, _ offset: Int, _ end: Int,
    _ choices: inout [Choice], _ failures: inout Failures
  ) -> Int? {
    switch expression.instructions[instruction] {
    case .set(let set):
      guard offset < end else { return nil }
      let scalar = text.scalar(at: offset)
      guard expression.sets[set].contains(scalar.value, text.classes) else { return nil }
      instruction += 1
      return scalar.next
    case .run(let set, let atLeast, let atMost, let kind):
      return takeRun(set, atLeast, atMost, kind, &instruction, text, offset, end, &choices)
    case .fork(let first, let second):
      guard failures.allow(instruction, offset, atFork: true) else { return nil }
      choices.append(Choice(instruction: second, low: offset, high: offset))
      instruction = first
      return offset
    case .jump(let target):
      instruction = target
      return offset
    case .lookahead(let isNegative, let next):
      // A place that led to a match in here has not failed, so its search keeps its own notes.
      var inner = Failures()
      let last = run(instruction + 1, text, from: offset, to: end, &choices, &inner)
      let found = last != nil
      guard found != isNegative else { return nil }
      instruction = next
      return offset
    case .match:
      instruction = -1
      return offset
    }
  }

  @inline(__always)
  private func takeRun(
    _ set: Int, _ atLeast: Int, _ atMost: Int, _ kind: RegexLoopKind, _ instruction: inout Int,
    _ text: some ScalarText, _ offset: Int, _ end: Int, _ choices: inout [Choice]
  ) -> Int? {
    let wanted = expression.sets[set]
    var low = offset
    var high = offset
    var count = 0
    while high < end, count < atMost {
      let scalar = text.scalar(at: high)
      guard wanted.contains(scalar.value, text.classes) else { break }
      high = scalar.next
      count += 1
      if count == atLeast { low = high }
    }
    guard count >= atLeast else { return nil }
    instruction += 1
    switch kind {
    case .possessive: return high
    case .greedy:
      if high > low {
        choices.append(
          Choice(instruction: instruction, low: low, high: text.start(before: high)))
      }
      return high
    case .lazy:
      // From the shortest on, each longer one behind it.
      var longer: [Int] = []
      var place = low
      while place < high {
        place = text.scalar(at: place).next
        longer.append(place)
      }
      for place in longer.reversed() {
        choices.append(Choice(instruction: instruction, low: place, high: place))
      }
      return low
    }
  }
}
