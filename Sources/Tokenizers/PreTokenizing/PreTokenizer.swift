/// The stages that cut a text into words before BPE, in the order of tokenizer.json.
struct PreTokenizer: Sendable {
  enum Stage: Sendable {
    /// Cuts at the matches of a pattern; `isInverted` swaps matches and gaps.
    case split(Pattern, PieceBehavior, isInverted: Bool)
    /// Turns to the byte-level alphabet, after cutting with GPT-2's pattern if asked to.
    case byteLevel(addsPrefixSpace: Bool, cutsWords: Bool)
  }

  /// Patterns with scanners of their own, and all others as regular expressions.
  enum Pattern: Sendable {
    case gpt2
    case cl100k(numberLimit: Int)
    case digitTriples
    case characters(of: ScalarClass)
    case runs(of: ScalarClass, limit: Int)
    case wordsAndSymbols
    case literal(String)
    case expression(RegularExpression)
  }

  let stages: [Stage]

  /// Memory that one thread keeps between texts.
  struct Scratch {
    fileprivate var pieces: [Piece] = []
    fileprivate var spare: [Piece] = []
    fileprivate var prefixed: [UInt8] = []
  }

  /// Calls `body` with the words of `text` in order, as bytes.
  func forEachWord(
    of text: UnsafeBufferPointer<UInt8>, scratch: inout Scratch,
    _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    guard let base = text.baseAddress, !text.isEmpty else { return }
    scratch.pieces.removeAll(keepingCapacity: true)
    scratch.pieces.append(Piece(start: 0, end: text.count))
    let addsSpace = stages.contains { stage in
      if case .byteLevel(addsPrefixSpace: true, _) = stage { true } else { false }
    }
    guard addsSpace else {
      run(stages[...], base, isByteLevel: false, &scratch)
      Self.emit(scratch.pieces, of: base, body)
      return
    }
    // The inserted spaces need a text of their own, from the ByteLevel stage on.
    let place = stages.firstIndex { if case .byteLevel = $0 { true } else { false } } ?? 0
    run(stages[..<place], base, isByteLevel: false, &scratch)
    insertSpaces(base, &scratch)
    let prefixed = scratch.prefixed
    prefixed.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      run(stages[place...], base, isByteLevel: false, &scratch)
      Self.emit(scratch.pieces, of: base, body)
    }
  }

  private static func emit(
    _ pieces: [Piece], of base: UnsafePointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    for piece in pieces {
      body(UnsafeBufferPointer(start: base + piece.start, count: piece.end - piece.start))
    }
  }

  /// Copies the pieces one after the other, each with a space in front unless it has one.
  private func insertSpaces(_ base: UnsafePointer<UInt8>, _ scratch: inout Scratch) {
    scratch.prefixed.removeAll(keepingCapacity: true)
    for index in scratch.pieces.indices {
      let piece = scratch.pieces[index]
      let start = scratch.prefixed.count
      if base[piece.start] != UInt8(ascii: " ") { scratch.prefixed.append(UInt8(ascii: " ")) }
      scratch.prefixed.append(
        contentsOf: UnsafeBufferPointer(start: base + piece.start, count: piece.end - piece.start))
      scratch.pieces[index] = Piece(start: start, end: scratch.prefixed.count)
    }
  }

  private func run(
    _ stages: ArraySlice<Stage>, _ base: UnsafePointer<UInt8>, isByteLevel: Bool,
    _ scratch: inout Scratch
  ) {
    let classes = ScalarClassTable.shared.view
    let plain = UTF8Text(bytes: base, classes: classes)
    let mapped = ByteLevelText(
      bytes: base, alphabet: ByteAlphabet.shared.scalars.pointer, classes: classes)
    var isByteLevel = isByteLevel
    for stage in stages {
      switch stage {
      case .split(let pattern, let behavior, let isInverted):
        if isByteLevel {
          Self.cut(mapped, pattern, behavior, isInverted, &scratch)
        } else {
          Self.cut(plain, pattern, behavior, isInverted, &scratch)
        }
      case .byteLevel(_, let cutsWords):
        if cutsWords { Self.cut(plain, .gpt2, .isolated, false, &scratch) }
        isByteLevel = true
      }
    }
  }

  private static func cut(
    _ text: some ScalarText, _ pattern: Pattern, _ behavior: PieceBehavior, _ isInverted: Bool,
    _ scratch: inout Scratch
  ) {
    switch pattern {
    case .gpt2: cut(text, GPT2Matcher(), behavior, isInverted, &scratch)
    case .cl100k(let limit):
      cut(text, CL100KMatcher(numberLimit: limit), behavior, isInverted, &scratch)
    case .digitTriples: cut(text, DigitTripleMatcher(), behavior, isInverted, &scratch)
    case .characters(let wanted):
      cut(text, CharacterMatcher(wanted: wanted), behavior, isInverted, &scratch)
    case .runs(let wanted, let limit):
      cut(text, RunMatcher(wanted: wanted, limit: limit), behavior, isInverted, &scratch)
    case .wordsAndSymbols: cut(text, WordOrSymbolMatcher(), behavior, isInverted, &scratch)
    case .literal(let literal):
      let matcher = LiteralMatcher(scalars: literal.unicodeScalars.map(\.value))
      cut(text, matcher, behavior, isInverted, &scratch)
    case .expression(let expression):
      cut(text, RegexMatcher(expression), behavior, isInverted, &scratch)
    }
  }

  /// Cuts every piece of `scratch` at the matches in it.
  private static func cut(
    _ text: some ScalarText, _ matcher: some PieceMatcher, _ behavior: PieceBehavior,
    _ isInverted: Bool, _ scratch: inout Scratch
  ) {
    var collector = PieceCollector(behavior: behavior, reusing: scratch.spare)
    scratch.spare = []
    for piece in scratch.pieces {
      collector.begin()
      var offset = piece.start
      while offset < piece.end,
        let match = matcher.nextMatch(in: text, from: offset, to: piece.end)
      {
        collector.take(offset, match.lowerBound, isMatch: isInverted)
        collector.take(match.lowerBound, match.upperBound, isMatch: !isInverted)
        offset = match.upperBound
      }
      collector.take(offset, piece.end, isMatch: isInverted)
    }
    scratch.spare = scratch.pieces
    scratch.pieces = collector.pieces
  }
}
