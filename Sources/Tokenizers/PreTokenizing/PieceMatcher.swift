/// What a pre-tokenizer stage looks for in a text.
///
/// Scanners written by hand serve the patterns that most published tokenizers use; `RegexMatcher`
/// serves the others, several times slower.
protocol PieceMatcher {
  /// The first match that starts at or after `start` and ends at or before `end`; nil without one.
  ///
  /// Nothing before `start` or after `end` exists for the match.
  func nextMatch(in text: some ScalarText, from start: Int, to end: Int) -> Range<Int>?

  /// Whether a match may be empty, even one at the end of the text.
  var findsEmpty: Bool { get }
}

extension PieceMatcher {
  var findsEmpty: Bool { false }

  /// Calls `body` with each match, in order, until it returns false. As in `tokenizers`, a match of
  /// nothing right behind another match does not count.
  @inline(__always)
  func forEachMatch(
    in text: some ScalarText, from start: Int, to end: Int, _ body: (Range<Int>) -> Bool
  ) {
    var offset = start
    var last = -1
    let stop = findsEmpty ? end &+ 1 : end
    while offset < stop, let match = nextMatch(in: text, from: offset, to: end) {
      if match.isEmpty, match.lowerBound == last {
        if last == end { return }
        offset = text.scalar(at: last).next
        continue
      }
      guard body(match) else { return }
      last = match.upperBound
      offset = last
    }
  }
}

/// Every single character of a class.
struct CharacterMatcher: PieceMatcher {
  let wanted: ScalarClass

  @inline(__always)
  func nextMatch(in text: some ScalarText, from start: Int, to end: Int) -> Range<Int>? {
    let first = text.endOfRun(outside: wanted, from: start, to: end)
    return first < end ? first..<text.scalar(at: first).next : nil
  }
}

/// A run of one class, `\s+`, or single characters of it when `limit` is 1, `\p{N}{1,3}` for 3.
struct RunMatcher: PieceMatcher {
  let wanted: ScalarClass
  /// The longest run that makes one match, in characters.
  let limit: Int

  @inline(__always)
  func nextMatch(in text: some ScalarText, from start: Int, to end: Int) -> Range<Int>? {
    let first = text.endOfRun(outside: wanted, from: start, to: end)
    var offset = first
    var count = 0
    while offset < end, count < limit {
      let current = text.scalarClass(at: offset)
      if current.value.isDisjoint(with: wanted) { break }
      offset = current.next
      count += 1
    }
    return offset > first ? first..<offset : nil
  }
}

/// `[0-9][0-9][0-9]` of Falcon: exactly three ASCII digits.
struct DigitTripleMatcher: PieceMatcher {
  @inline(__always)
  func nextMatch(in text: some ScalarText, from start: Int, to end: Int) -> Range<Int>? {
    var run = 0
    var offset = start
    while offset < end {
      let scalar = text.scalar(at: offset)
      run = scalar.value >= 0x30 && scalar.value <= 0x39 ? run + 1 : 0
      offset = scalar.next
      // ASCII digits take one byte each.
      if run == 3 { return offset - 3..<offset }
    }
    return nil
  }
}

/// A fixed string.
struct LiteralMatcher: PieceMatcher {
  let scalars: [UInt32]

  func nextMatch(in text: some ScalarText, from start: Int, to end: Int) -> Range<Int>? {
    if scalars.isEmpty { return nil }
    var first = start
    while first < end {
      var offset = first
      var matched = 0
      while matched < scalars.count, offset < end {
        let scalar = text.scalar(at: offset)
        if scalar.value != scalars[matched] { break }
        matched += 1
        offset = scalar.next
      }
      if matched == scalars.count { return first..<offset }
      first = text.scalar(at: first).next
    }
    return nil
  }
}

/// `\w+|[^\w\s]+` of the Whitespace stage.
struct WordOrSymbolMatcher: PieceMatcher {
  @inline(__always)
  func nextMatch(in text: some ScalarText, from start: Int, to end: Int) -> Range<Int>? {
    let first = text.endOfRun(of: .space, from: start, to: end)
    if first == end { return nil }
    let isWord = text.scalarClass(at: first).value.contains(.word)
    let last =
      isWord
      ? text.endOfRun(of: .word, from: first, to: end)
      : text.endOfRun(outside: [.word, .space], from: first, to: end)
    return first..<last
  }
}

/// So many characters at a time; fewer at the end.
struct GroupMatcher: PieceMatcher {
  let count: Int

  func nextMatch(in text: some ScalarText, from start: Int, to end: Int) -> Range<Int>? {
    var offset = start
    var taken = 0
    while offset < end, taken < count {
      offset = text.scalar(at: offset).next
      taken += 1
    }
    return offset > start ? start..<offset : nil
  }
}

/// A run of characters of one script, as the UnicodeScripts stage sees it: with those that join any
/// script behind it, and no match for those before the first of any.
struct ScriptRunMatcher: PieceMatcher {
  private static let scripts = ScalarValueTable(runs: UnicodeScriptData.runs)

  func nextMatch(in text: some ScalarText, from start: Int, to end: Int) -> Range<Int>? {
    let scripts = Self.scripts
    var first = start
    var script: UInt8 = 0
    while first < end {
      let scalar = text.scalar(at: first)
      script = scripts[scalar.value]
      if script != 0 { break }
      first = scalar.next
    }
    var offset = first
    while offset < end {
      let scalar = text.scalar(at: offset)
      let next = scripts[scalar.value]
      if next != 0, next != script { break }
      offset = scalar.next
    }
    return offset > first ? first..<offset : nil
  }
}
