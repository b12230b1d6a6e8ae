/// Runs a regular expression by backtracking, with a list of the places to go back to.
///
/// A search that takes long notes where it has been: a place of the program and of the text leads to
/// a match or not, whatever came before, so each is tried once. The notes last for a whole text,
/// which bounds all searches in it together by the product of the lengths of program and text.
final class Backtracker {
  /// Places to go back to: at an instruction, with the text at `high`, later before it down to
  /// `low` one character at a time. The complement of a run's instruction only says that all places
  /// behind the run, from `low` to `high`, have failed.
  private struct Choice {
    let instruction: Int
    let low: Int
    var high: Int
    /// How long the trail was: what was noted later has failed when this choice comes up.
    let trail: Int
  }

  /// Where a text is searched.
  private struct Bounds {
    let origin: Int
    let end: Int
    /// Whether only it matters that there is a match, not where it ends.
    var isTest = false
  }

  let program: BacktrackingProgram
  private var choices: [Choice] = []
  /// Whether places that were tried lead to a match; those on the way there count as failed until
  /// it is found.
  private var outcomes: [UInt64: Bool] = [:]
  /// Places noted on the way that is being tried.
  private var trail: [UInt64] = []
  /// The last endless run of an instruction, and the last one behind which every place has failed.
  private var runs: [Int: Range<Int>] = [:]
  private var failedRuns: [Int: ClosedRange<Int>] = [:]
  private var steps = 0
  /// How many instructions were run in all.
  private(set) var stepCount = 0
  private static let patience = 256
  private static let shortPatience = 4
  /// Bytes of a run that is worth remembering.
  private static let longRun = 64

  init(_ program: BacktrackingProgram) { self.program = program }

  /// Forgets what holds for one text only.
  func begin() {
    if !outcomes.isEmpty { outcomes.removeAll() }
    if !runs.isEmpty { runs.removeAll() }
    if !failedRuns.isEmpty { failedRuns.removeAll() }
  }

  /// The end of the match at `start` of a text that ends at `end`; nil without one.
  func matchEnd(in text: some ScalarText, from start: Int, to end: Int, origin: Int) -> Int? {
    steps = 0
    choices.removeAll(keepingCapacity: true)
    trail.removeAll(keepingCapacity: true)
    return run(0, text, from: start, Bounds(origin: origin, end: end))
  }

  private enum Advice {
    case goOn
    case fails
    case succeeds
  }

  /// What is known of a place; notes it when it is new and the search already takes long.
  private func advice(_ instruction: Int, _ offset: Int, atFork: Bool) -> Advice {
    steps &+= 1
    stepCount &+= 1
    // Where one search took long, the next ones will too: they look for notes much sooner.
    if steps < (outcomes.isEmpty ? Self.patience : Self.shortPatience) { return .goOn }
    // A place gone back to may be a fork, which then is noted once more as such.
    let place = UInt64(instruction) << 48 | UInt64(offset)
    let key = atFork ? place | 1 << 63 : place
    if let outcome = outcomes[key] { return outcome ? .succeeds : .fails }
    outcomes[key] = false
    trail.append(key)
    return .goOn
  }

  /// Settles what was noted since `mark` on a way that led to a match.
  private func settle(since mark: Int, isTest: Bool) {
    for key in trail[mark...] { outcomes[key] = isTest ? true : nil }
    trail.removeLast(trail.count - mark)
  }

  /// The end of the match of the instructions from `first` on at `start`; nil without one.
  private func run(
    _ first: Int, _ text: some ScalarText, from start: Int, _ bounds: Bounds
  ) -> Int? {
    let base = choices.count
    let mark = trail.count
    defer { choices.removeLast(choices.count - base) }
    var instruction = first
    var offset = start
    while true {
      if let next = step(&instruction, text, offset, bounds) {
        offset = next
        if instruction >= 0 { continue }
        settle(since: mark, isTest: bounds.isTest)
        return offset
      }
      var isOpen = false
      while !isOpen {
        guard choices.count > base, let choice = choices.popLast() else {
          trail.removeLast(trail.count - mark)
          return nil
        }
        trail.removeLast(trail.count - choice.trail)
        if choice.instruction < 0 {
          failedRuns[~choice.instruction] = choice.low...choice.high
          continue
        }
        instruction = choice.instruction
        offset = choice.high
        if choice.high > choice.low {
          let shorter = text.start(before: choice.high)
          choices.append(
            Choice(instruction: instruction, low: choice.low, high: shorter, trail: choice.trail))
        }
        switch advice(instruction, offset, atFork: false) {
        case .goOn: isOpen = true
        case .fails: break
        case .succeeds:
          settle(since: mark, isTest: bounds.isTest)
          return offset
        }
      }
    }
  }

  /// Runs one instruction at `offset`: returns where the text goes on and moves `instruction`, to
  /// -1 at a match; nil when it fails.
  private func step(
    _ instruction: inout Int, _ text: some ScalarText, _ offset: Int, _ bounds: Bounds
  ) -> Int? {
    stepCount &+= 1
    switch program.instructions[instruction] {
    case .set(let set):
      guard offset < bounds.end else { return nil }
      let scalar = text.scalar(at: offset)
      guard program.sets[set].contains(scalar.value) else { return nil }
      instruction += 1
      return scalar.next
    case .setBefore(let set):
      guard offset > bounds.origin else { return nil }
      let before = text.start(before: offset)
      guard program.sets[set].contains(text.scalar(at: before).value) else { return nil }
      instruction += 1
      return before
    case .run(let set, let atLeast, let atMost, let kind):
      return takeRun(program.sets[set], atLeast...atMost, kind, &instruction, text, offset, bounds)
    case .fork(let first, let second):
      switch advice(instruction, offset, atFork: true) {
      case .goOn: break
      case .fails: return nil
      case .succeeds:
        instruction = -1
        return offset
      }
      push(second, offset, offset)
      instruction = first
      return offset
    case .jump(let target):
      instruction = target
      return offset
    case .lookahead(let isNegative, let next):
      var inner = bounds
      inner.isTest = true
      let found = run(instruction + 1, text, from: offset, inner) != nil
      guard found != isNegative else { return nil }
      instruction = next
      return offset
    case .atomic(let next):
      var inner = bounds
      inner.isTest = false
      guard let last = run(instruction + 1, text, from: offset, inner) else { return nil }
      instruction = next
      return last
    case .assertion(let assertion):
      let previous =
        offset > bounds.origin ? text.scalar(at: text.start(before: offset)).value : nil
      let next = offset < bounds.end ? text.scalar(at: offset).value : nil
      guard assertion.holds(after: previous, before: next) else { return nil }
      instruction += 1
      return offset
    case .match:
      instruction = -1
      return offset
    }
  }

  private func takeRun(
    _ wanted: BacktrackingProgram.QuickSet, _ counts: ClosedRange<Int>, _ kind: RegexLoopKind,
    _ instruction: inout Int, _ text: some ScalarText, _ offset: Int, _ bounds: Bounds
  ) -> Int? {
    let isEndless = counts.upperBound == Int.max
    var low = offset
    var high = offset
    var count = 0
    // Inside of a run that was seen before, only the least number of rounds has to be counted.
    let known = isEndless ? runs[instruction].flatMap { $0.contains(offset) ? $0 : nil } : nil
    let limit = known == nil ? counts.upperBound : counts.lowerBound
    while high < bounds.end, count < limit {
      let scalar = text.scalar(at: high)
      guard wanted.contains(scalar.value) else { break }
      high = scalar.next
      count += 1
      if count == counts.lowerBound { low = high }
    }
    stepCount &+= count
    guard count >= counts.lowerBound else { return nil }
    if let known {
      high = known.upperBound
    } else if isEndless, high - offset > Self.longRun {
      runs[instruction] = offset..<high
    }
    let run = instruction
    instruction += 1
    switch kind {
    case .possessive: return high
    case .greedy:
      if high > low {
        if high - low > Self.longRun {
          if let failed = failedRuns[run], failed.contains(low), failed.contains(high) {
            return nil
          }
          push(~run, low, high)
        }
        push(instruction, low, text.start(before: high))
      }
      return high
    case .lazy:
      // From the shortest on, each longer one behind it.
      var longer: [Int] = []
      var next = low
      while next < high {
        next = text.scalar(at: next).next
        longer.append(next)
      }
      for end in longer.reversed() { push(instruction, end, end) }
      return low
    }
  }

  private func push(_ instruction: Int, _ low: Int, _ high: Int) {
    choices.append(Choice(instruction: instruction, low: low, high: high, trail: trail.count))
  }
}
