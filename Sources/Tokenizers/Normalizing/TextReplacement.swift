/// What the Replace step looks for.
enum ReplacementPattern: Sendable {
  /// A fixed string, in UTF-8; the empty one stands before every character and at the end.
  case literal([UInt8])
  case expression(RegularExpression)
}

/// The Replace step of normalizers and decoders.
struct TextReplacement: Sendable {
  let pattern: ReplacementPattern
  let content: [UInt8]

  /// Appends what becomes of `text` to `output`; false, with nothing appended, when the pattern is
  /// not in it.
  func convert(
    _ text: UnsafeBufferPointer<UInt8>, into output: ByteBuffer, searcher: RegexSearcher?
  ) -> Bool {
    guard let base = text.baseAddress, !text.isEmpty else { return false }
    var copied = 0
    var found = false
    forEachMatch(base, text.count, searcher: searcher) { start, end in
      output.append(base + copied, count: start - copied)
      output.append(content)
      copied = end
      found = true
      return true
    }
    if found { output.append(base + copied, count: text.count - copied) }
    return found
  }

  /// Calls `body` with each match, in order, until it returns false.
  func forEachMatch(
    _ base: UnsafePointer<UInt8>, _ count: Int, searcher: RegexSearcher?,
    _ body: (_ start: Int, _ end: Int) -> Bool
  ) {
    switch pattern {
    case .literal(let wanted):
      if wanted.isEmpty {
        forEachCharacter(base, count, body)
      } else {
        forEachMatch(of: wanted, base, count, body)
      }
    case .expression:
      let text = UTF8Text(bytes: base)
      switch searcher {
      case .automaton(let automaton):
        automaton.begin()
        let matcher = AutomatonMatcher(automaton: automaton, origin: 0)
        forEachMatch(of: matcher, text, count, body)
      case .backtracking(let backtracker):
        backtracker.begin()
        let matcher = BacktrackingMatcher(backtracker: backtracker, origin: 0)
        forEachMatch(of: matcher, text, count, body)
      case nil: break
      }
    }
  }

  private func forEachCharacter(
    _ base: UnsafePointer<UInt8>, _ count: Int, _ body: (_ start: Int, _ end: Int) -> Bool
  ) {
    var offset = 0
    while offset < count {
      guard body(offset, offset) else { return }
      offset += UTF8Decoding.scalar(in: base, at: offset).width
    }
    _ = body(count, count)
  }

  private func forEachMatch(
    of matcher: some PieceMatcher, _ text: UTF8Text, _ count: Int,
    _ body: (_ start: Int, _ end: Int) -> Bool
  ) {
    matcher.forEachMatch(in: text, from: 0, to: count) { body($0.lowerBound, $0.upperBound) }
  }

  private func forEachMatch(
    of wanted: [UInt8], _ base: UnsafePointer<UInt8>, _ count: Int,
    _ body: (_ start: Int, _ end: Int) -> Bool
  ) {
    wanted.withUnsafeBufferPointer { wanted in
      guard let key = wanted.baseAddress else { return }
      var offset = 0
      while let start = ByteSearch.first(key, wanted.count, in: base, from: offset, to: count) {
        offset = start + wanted.count
        guard body(start, offset) else { return }
      }
    }
  }
}
