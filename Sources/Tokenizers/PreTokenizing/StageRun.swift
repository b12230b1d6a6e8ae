/// The text that stages cut: as it is, or seen through the byte-level alphabet.
struct StageText {
  let bytes: UnsafePointer<UInt8>
  /// Bytes that may be read.
  let limit: Int
  let isByteLevel: Bool
  /// How many bytes at the start come from the start of the document.
  let leading: Int

  init(bytes: UnsafePointer<UInt8>, limit: Int, isByteLevel: Bool, leading: Int) {
    self.bytes = bytes
    self.limit = limit
    self.isByteLevel = isByteLevel
    self.leading = leading
  }

  /// A changed copy of a piece.
  init(_ copy: ByteBuffer, leading: Int) {
    bytes = copy.start
    limit = copy.count
    isByteLevel = false
    self.leading = leading
  }

  /// How many bytes of a copy of what stands from `start` on come from the start of the document,
  /// with `added` bytes put in front of it.
  func leading(from start: Int, behind added: Int) -> Int {
    leading > start ? leading - start + added : 0
  }

  /// Writes bytes as the characters of the alphabet that they stand for; returns how many bytes come
  /// from the start of the document, and how many there are.
  func write(_ start: Int, _ end: Int, to copy: ByteBuffer) -> (leading: Int, count: Int) {
    let scalars = ByteAlphabet.shared.scalars.pointer
    var known = 0
    for place in start..<end {
      copy.append(scalars[Int(bytes[place])])
      if place < leading { known = copy.count }
    }
    return (known, copy.count)
  }
}

/// Runs the stages depth first: each piece goes through all later stages before the next one is
/// looked for, so that no list of pieces is ever held.
struct StageRun {
  let stages: UnsafeBufferPointer<PreTokenizer.Stage>
  let cuttingBytes: [FrozenArray<Bool>?]
  let scratch: PreTokenizer.Scratch

  func run(
    _ stage: Int, on text: StageText, _ start: Int, _ end: Int, _ sink: inout some WordSink
  ) {
    guard stage < stages.count, !isWhole(stage, text, start, end) else {
      sink.take(text.bytes + start, count: end - start, readable: text.limit - start)
      return
    }
    switch stages[stage] {
    case .split(let pattern, let behavior, let isInverted):
      cut(stage, text, pattern, behavior, isInverted, start, end, &sink)
    case .byteLevel, .metaspace:
      guard text.isByteLevel else { return rewrite(stage, text, start, end, &sink) }
      // These stages take characters: the bytes are written out as what they stand for.
      let copy = scratch.copy(stages.count + stage)
      let (from, to) = text.write(start, end, to: copy)
      rewrite(stage, StageText(copy, leading: from), 0, to, &sink)
    }
  }

  /// A stage that changes text.
  private func rewrite(
    _ stage: Int, _ text: StageText, _ start: Int, _ end: Int, _ sink: inout some WordSink
  ) {
    switch stages[stage] {
    case .split: return
    case .byteLevel(let addsPrefixSpace, let cutsWords):
      if addsPrefixSpace {
        runWithSpace(stage, text, cutsWords, start, end, &sink)
      } else {
        runBytes(stage, text, cutsWords, start, end, &sink)
      }
    case .metaspace(let metaspace):
      runMetaspace(stage, text, metaspace, start, end, &sink)
    }
  }

  /// Whether it is plain to see that neither a stage nor any later one cuts a piece.
  @inline(__always)
  private func isWhole(_ stage: Int, _ text: StageText, _ start: Int, _ end: Int) -> Bool {
    guard text.isByteLevel, let cutting = cuttingBytes[stage]?.pointer else { return false }
    for place in start..<end where cutting[Int(text.bytes[place])] { return false }
    return true
  }

  /// The ByteLevel stage on a piece.
  private func runBytes(
    _ stage: Int, _ text: StageText, _ cutsWords: Bool, _ start: Int, _ end: Int,
    _ sink: inout some WordSink
  ) {
    let mapped = StageText(
      bytes: text.bytes, limit: text.limit, isByteLevel: true, leading: text.leading)
    guard cutsWords else { return run(stage + 1, on: mapped, start, end, &sink) }
    let plain = UTF8Text(bytes: text.bytes)
    if stage + 1 == stages.count {
      WordScanner.gpt2(plain, from: start, to: end, limit: text.limit, &sink)
      return
    }
    let matcher = GPT2Matcher()
    var offset = start
    while let match = matcher.nextMatch(in: plain, from: offset, to: end) {
      run(stage + 1, on: mapped, match.lowerBound, match.upperBound, &sink)
      offset = match.upperBound
    }
  }

  /// The ByteLevel stage on a piece that gets a space in front unless it has one.
  private func runWithSpace(
    _ stage: Int, _ text: StageText, _ cutsWords: Bool, _ start: Int, _ end: Int,
    _ sink: inout some WordSink
  ) {
    let space = UInt8(ascii: " ")
    if text.bytes[start] == space {
      return runBytes(stage, text, cutsWords, start, end, &sink)
    }
    let copy = scratch.copy(stage)
    copy.append([space])
    copy.append(text.bytes + start, count: end - start)
    let source = StageText(copy, leading: text.leading(from: start, behind: 1))
    runBytes(stage, source, cutsWords, 0, copy.count, &sink)
  }

  /// The Metaspace stage on a piece.
  private func runMetaspace(
    _ stage: Int, _ text: StageText, _ metaspace: Metaspace, _ start: Int, _ end: Int,
    _ sink: inout some WordSink
  ) {
    let copy = scratch.copy(stage)
    let isFirst = text.leading > start
    let added = metaspace.write(text.bytes + start, count: end - start, isFirst: isFirst, to: copy)
    let source = StageText(copy, leading: text.leading(from: start, behind: added))
    guard metaspace.cuts else {
      return run(stage + 1, on: source, 0, copy.count, &sink)
    }
    var offset = 0
    while offset < copy.count {
      let next = metaspace.endOfWord(copy.start, from: offset, to: copy.count)
      run(stage + 1, on: source, offset, next, &sink)
      offset = next
    }
  }

  private func cut(
    _ stage: Int, _ text: StageText, _ pattern: PreTokenizer.Pattern, _ behavior: PieceBehavior,
    _ isInverted: Bool, _ start: Int, _ end: Int, _ sink: inout some WordSink
  ) {
    if text.isByteLevel {
      let mapped = ByteLevelText(bytes: text.bytes)
      cut(stage, text, mapped, pattern, behavior, isInverted, start, end, &sink)
      return
    }
    let plain = UTF8Text(bytes: text.bytes)
    // Every character belongs to a match of these patterns, so only the words are left.
    if isLast(stage), case .isolated = behavior {
      switch pattern {
      case .cl100k(let limit):
        return WordScanner.cl100k(
          plain, from: start, to: end, limit: text.limit, numberLimit: limit, &sink)
      case .gpt2:
        return WordScanner.gpt2(plain, from: start, to: end, limit: text.limit, &sink)
      default: break
      }
    }
    cut(stage, text, plain, pattern, behavior, isInverted, start, end, &sink)
  }

  /// Whether the stages after one change nothing.
  private func isLast(_ stage: Int) -> Bool {
    if stage + 1 == stages.count { return true }
    guard stage + 2 == stages.count else { return false }
    if case .byteLevel(addsPrefixSpace: false, cutsWords: false) = stages[stage + 1] { return true }
    return false
  }

  private func cut(
    _ stage: Int, _ source: StageText, _ text: some ScalarText, _ pattern: PreTokenizer.Pattern,
    _ behavior: PieceBehavior, _ isInverted: Bool, _ start: Int, _ end: Int,
    _ sink: inout some WordSink
  ) {
    let cuts = Cuts(stage: stage, source: source, behavior: behavior, isInverted: isInverted)
    switch pattern {
    case .gpt2: cut(cuts, text, GPT2Matcher(), start, end, &sink)
    case .cl100k(let limit):
      cut(cuts, text, CL100KMatcher(numberLimit: limit), start, end, &sink)
    case .digitTriples: cut(cuts, text, DigitTripleMatcher(), start, end, &sink)
    case .characters(let wanted):
      cut(cuts, text, CharacterMatcher(wanted: wanted), start, end, &sink)
    case .runs(let wanted, let limit):
      cut(cuts, text, RunMatcher(wanted: wanted, limit: limit), start, end, &sink)
    case .wordsAndSymbols: cut(cuts, text, WordOrSymbolMatcher(), start, end, &sink)
    case .scriptRuns: cut(cuts, text, ScriptRunMatcher(), start, end, &sink)
    case .groups(let count): cut(cuts, text, GroupMatcher(count: count), start, end, &sink)
    case .literal(let literal):
      let matcher = LiteralMatcher(scalars: literal.unicodeScalars.map(\.value))
      cut(cuts, text, matcher, start, end, &sink)
    case .expression(let expression):
      switch scratch.searcher(stage, of: expression) {
      case .automaton(let automaton):
        automaton.begin()
        let matcher = AutomatonMatcher(automaton: automaton, origin: start)
        cut(cuts, text, matcher, start, end, &sink)
      case .backtracking(let backtracker):
        backtracker.begin()
        let matcher = BacktrackingMatcher(backtracker: backtracker, origin: start)
        cut(cuts, text, matcher, start, end, &sink)
      }
    }
  }

  private struct Cuts {
    let stage: Int
    let source: StageText
    let behavior: PieceBehavior
    let isInverted: Bool
  }

  /// Cuts a piece at the matches in it.
  private func cut(
    _ cuts: Cuts, _ text: some ScalarText, _ matcher: some PieceMatcher, _ start: Int, _ end: Int,
    _ sink: inout some WordSink
  ) {
    var pieces = PieceMerger(behavior: cuts.behavior)
    var covered = start
    matcher.forEachMatch(in: text, from: start, to: end) { match in
      if covered < match.lowerBound {
        let gap = pieces.take(covered, match.lowerBound, isMatch: cuts.isInverted)
        if let gap { pass(gap, cuts, &sink) }
      }
      let piece = pieces.take(match.lowerBound, match.upperBound, isMatch: !cuts.isInverted)
      if let piece { pass(piece, cuts, &sink) }
      covered = match.upperBound
      return true
    }
    if covered < end {
      let rest = pieces.take(covered, end, isMatch: cuts.isInverted)
      if let rest { pass(rest, cuts, &sink) }
    }
    if let last = pieces.last { pass(last, cuts, &sink) }
  }

  @inline(__always)
  private func pass(_ piece: Range<Int>, _ cuts: Cuts, _ sink: inout some WordSink) {
    run(cuts.stage + 1, on: cuts.source, piece.lowerBound, piece.upperBound, &sink)
  }
}
