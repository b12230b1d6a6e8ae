/// A deterministic automaton that is built while it runs: one table look-up for each character.
///
/// A state is the list of places in the program that a backtracking engine would still try, in its
/// order; the list ends at the first place that has matched. So the match is the one that
/// backtracking finds first. A transition looks at the character that comes next before it takes
/// it, which settles assertions and matches that end there. One automaton per thread.
final class LazyAutomaton {
  private struct State: Hashable {
    /// Places in the program, best first.
    let places: [Int32]
    /// Class of the character before; -1 at the start of the text or when it does not count.
    let previous: Int16
  }

  let program: AutomatonProgram
  private var states: [State] = []
  private var numbers: [State: Int32] = [:]
  /// For each state and class: the next state times two, plus one when a match ends before the
  /// character; `unknown` before it is needed. The class behind the last one is the text's end.
  private var table: UnsafeMutablePointer<Int32>
  private var capacity: Int
  private let stride: Int
  /// First state by class of the character before, that of the text's start in front.
  private var starts: [Int32]
  /// Places of the text at which a state finds no further match, as `offset << 20 | state`.
  private var fruitless: Set<UInt64> = []
  /// How many characters were looked at in all.
  private(set) var stepCount = 0
  /// Counts how often all states were forgotten, after which their numbers mean nothing.
  private var generation = 0

  /// Whether a character of a class can begin a match.
  private let openers: UnsafeMutablePointer<Bool>

  private static let unknown: Int32 = -1
  /// The state that goes nowhere.
  private static let dead: Int32 = 0
  /// More states than this are forgotten and made again when needed.
  private static let stateLimit = 4_096
  /// Steps without a match before a search starts to note or to look up `fruitless` places.
  private static let patience = 64

  init(_ program: AutomatonProgram) {
    self.program = program
    stride = program.classes.count + 1
    capacity = 64
    table = .allocate(capacity: capacity * stride)
    starts = [Int32](repeating: Self.unknown, count: program.classes.count + 1)
    openers = .allocate(capacity: stride)
    openers.initialize(repeating: true, count: stride)
    reset()
    // What stands before a place may decide; otherwise the first state tells it.
    guard !program.looksBack else { return }
    let first = State(places: [0], previous: -1)
    for nextClass in 0..<program.classes.count {
      let (places, isMatch) = step(first, nextClass)
      openers[nextClass] = isMatch || !places.isEmpty
    }
  }

  deinit {
    table.deallocate()
    openers.deallocate()
  }

  /// Forgets what holds for one text only.
  func begin() {
    if !fruitless.isEmpty { fruitless.removeAll() }
  }

  /// The first place from `start` on whose character can begin a match; `end` without one.
  @inline(__always)
  func nextStart(in text: some ScalarText, from start: Int, to end: Int) -> Int {
    let classes = program.classes.view
    let openers = self.openers
    var offset = start
    while offset < end {
      let scalar = text.scalar(at: offset)
      if openers[classes[scalar.value]] { return offset }
      offset = scalar.next
    }
    return end
  }

  /// The end of the match at `start` of a text that ends at `end`; nil without one.
  ///
  /// - Parameter origin: where the text starts; what lies between it and `start` can be asserted.
  @inline(__always)
  func matchEnd(
    in text: some ScalarText, from start: Int, to end: Int, origin: Int
  ) -> Int? {
    let classes = program.classes.view
    let first = firstState(text, start, origin, classes)
    let generation = self.generation
    var state = first
    var offset = start
    var last = -1
    var stateAtLast = first
    let stride = self.stride
    var table = self.table
    while true {
      var next = offset
      var place = Int(state) &* stride
      if offset < end {
        let scalar = text.scalar(at: offset)
        next = scalar.next
        place &+= classes[scalar.value]
      } else {
        place &+= stride &- 1
      }
      var transition = table[place]
      if transition == Self.unknown {
        (state, transition) = extend(state, place &- Int(state) &* stride)
        table = self.table
      }
      if transition & 1 != 0 {
        last = offset
        stateAtLast = state
      }
      let following = transition &>> 1
      if following == Self.dead { break }
      offset = next
      state = following
      if offset &- max(start, last) > Self.patience, isFruitless(state, offset) { break }
    }
    stepCount &+= offset &- start
    if offset &- max(start, last) > Self.patience &* 2, generation == self.generation {
      let from = last < 0 ? (first, start) : (stateAtLast, last)
      note(text, from.0, from: from.1, to: offset, end)
    }
    return last < 0 ? nil : last
  }

  @inline(__always)
  private func firstState(
    _ text: some ScalarText, _ start: Int, _ origin: Int, _ classes: CharacterClasses.View
  ) -> Int32 {
    var previous = -1
    if program.looksBack, start > origin {
      previous = classes[text.scalar(at: text.start(before: start)).value]
    }
    let known = starts[previous + 1]
    return known == Self.unknown ? addStart(previous) : known
  }

  private func addStart(_ previous: Int) -> Int32 {
    if states.count >= Self.stateLimit { reset() }
    let state = number(of: State(places: [0], previous: Int16(previous)))
    starts[previous + 1] = state
    return state
  }

  private func isFruitless(_ state: Int32, _ offset: Int) -> Bool {
    !fruitless.isEmpty && fruitless.contains(Self.key(state, offset))
  }

  private static func key(_ state: Int32, _ offset: Int) -> UInt64 {
    UInt64(truncatingIfNeeded: offset) << 20 | UInt64(UInt32(bitPattern: state))
  }

  /// Walks once more over text behind the last match and notes the states met there.
  @inline(never)
  private func note(
    _ text: some ScalarText, _ first: Int32, from start: Int, to stop: Int, _ end: Int
  ) {
    let classes = program.classes.view
    var state = first
    var offset = start
    while offset < stop, offset < end {
      if offset - start > Self.patience { fruitless.insert(Self.key(state, offset)) }
      let scalar = text.scalar(at: offset)
      let transition = table[Int(state) * stride + classes[scalar.value]]
      // Only known transitions were walked; states that were forgotten meanwhile end the notes.
      if transition == Self.unknown || transition >> 1 == Self.dead { return }
      state = transition >> 1
      offset = scalar.next
    }
  }
}

/// Building.
extension LazyAutomaton {
  private func reset() {
    generation += 1
    states = []
    numbers = [:]
    fruitless = []
    for place in starts.indices { starts[place] = Self.unknown }
    _ = number(of: State(places: [], previous: -1))
  }

  private func number(of state: State) -> Int32 {
    if let known = numbers[state] { return known }
    let number = states.count
    states.append(state)
    numbers[state] = Int32(number)
    if number >= capacity { grow() }
    for place in 0..<stride { table[number * stride + place] = Self.unknown }
    return Int32(number)
  }

  private func grow() {
    let larger = UnsafeMutablePointer<Int32>.allocate(capacity: capacity * 2 * stride)
    larger.update(from: table, count: capacity * stride)
    table.deallocate()
    (table, capacity) = (larger, capacity * 2)
  }

  /// Works out the transition of a state for a class; returns the state too, which may have got
  /// another number.
  @inline(never)
  private func extend(_ number: Int32, _ nextClass: Int) -> (state: Int32, transition: Int32) {
    var number = number
    let state = states[Int(number)]
    if states.count >= Self.stateLimit {
      reset()
      number = self.number(of: state)
    }
    let (places, isMatch) = step(state, nextClass)
    let previous = program.looksBack && !places.isEmpty ? Int16(nextClass) : -1
    let next = self.number(of: State(places: places, previous: previous))
    let transition = next << 1 | (isMatch ? 1 : 0)
    table[Int(number) * stride + nextClass] = transition
    return (number, transition)
  }

  /// The places behind a character of a class, and whether a match ends before it.
  private func step(_ state: State, _ nextClass: Int) -> (places: [Int32], isMatch: Bool) {
    let representatives = program.classes.representatives
    let isEnd = nextClass == representatives.count
    let next = isEnd ? nil : representatives[nextClass]
    let previous = state.previous < 0 ? nil : representatives[Int(state.previous)]
    var visited = [Bool](repeating: false, count: program.instructions.count)
    var result: [Int32] = []
    var pending = Array(state.places.reversed())
    while let place = pending.popLast() {
      if visited[Int(place)] { continue }
      visited[Int(place)] = true
      switch program.instructions[Int(place)] {
      case .jump(let target): pending.append(Int32(target))
      case .fork(let first, let second):
        pending.append(Int32(second))
        pending.append(Int32(first))
      case .assertion(let assertion):
        if assertion.holds(after: previous, before: next) { pending.append(place + 1) }
      case .set(let members):
        if !isEnd, members[nextClass] { result.append(place + 1) }
      // What comes later would be tried only without this match.
      case .match: return (result, true)
      }
    }
    return (result, false)
  }
}
