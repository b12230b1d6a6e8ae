/// The pattern that started with OpenAI's cl100k and lives on in Llama 3 and Qwen2:
///
///     (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*
///     |\s*[\r\n]+|\s+(?!\S)|\s+
///
/// Qwen2 takes numbers one by one. Every character belongs to a match.
struct CL100KMatcher: PieceMatcher {
  /// The longest run of numbers that makes one match.
  let numberLimit: Int

  /// The matcher of a pattern, when it is one of this family.
  init?(pattern: String) {
    guard let limit = Self.numberLimits[pattern] else { return nil }
    numberLimit = limit
  }

  init(numberLimit: Int) { self.numberLimit = numberLimit }

  /// The pattern with `numbers` for its numbers.
  static func pattern(numbers: String) -> String {
    [contractions[0], words[0], numbers, symbols[0], lineEnds[0], spaces[0]]
      .joined(separator: "|")
  }

  // Published spellings of each alternative; those of one list match the same.
  private static let contractions = ["(?i:'s|'t|'re|'ve|'m|'ll|'d)", "'(?i:[sdmt]|ll|ve|re)"]
  private static let words = [#"[^\r\n\p{L}\p{N}]?\p{L}+"#, #"[^\r\n\p{L}\p{N}]?+\p{L}+"#]
  private static let symbols = [#" ?[^\s\p{L}\p{N}]+[\r\n]*"#, #" ?[^\s\p{L}\p{N}]++[\r\n]*"#]
  private static let lineEnds = [#"\s*[\r\n]+"#, #"\s*[\r\n]"#]
  private static let spaces = [#"\s+(?!\S)|\s+"#, #"\s+(?!\S)|\s"#]
  private static let numbers = [
    (#"\p{N}"#, 1), (#"\p{N}{1,2}"#, 2), (#"\p{N}{1,3}"#, 3), (#"\p{N}+"#, Int.max),
  ]

  /// What stands for the numbers, by whole pattern.
  private static let numberLimits: [String: Int] = {
    var patterns = [""]
    for alternatives in [contractions, words, ["#"], symbols, lineEnds, spaces] {
      patterns = patterns.flatMap { start in
        alternatives.map { start.isEmpty ? $0 : "\(start)|\($0)" }
      }
    }
    var limits: [String: Int] = [:]
    for pattern in patterns {
      let parts = pattern.split(separator: "|#|", maxSplits: 1)
      for (number, limit) in numbers where parts.count == 2 {
        limits["\(parts[0])|\(number)|\(parts[1])"] = limit
      }
    }
    return limits
  }()

  @inline(__always)
  func nextMatch(in text: some ScalarText, from start: Int, to end: Int) -> Range<Int>? {
    if start >= end { return nil }
    let first = text.scalar(at: start)
    let lead = text.classes[first.value]
    if lead.contains(.letter) {
      return start..<text.endOfRun(of: .letter, from: first.next, to: end)
    }
    if lead.contains(.number) { return start..<endOfNumber(in: text, from: start, to: end) }
    if first.value == Ascii.apostrophe {
      let contraction = Contraction.end(in: text, after: first.next, to: end, ignoresCase: true)
      if let contraction { return start..<contraction }
    }
    let isLineEnd = first.value == Ascii.lineFeed || first.value == Ascii.carriageReturn
    if !isLineEnd, first.next < end {
      let second = text.scalarClass(at: first.next)
      // Any one character but a line end belongs to the letters that follow.
      if second.value.contains(.letter) {
        return start..<text.endOfRun(of: .letter, from: second.next, to: end)
      }
      let symbolFollows = second.value.isDisjoint(with: [.space, .letter, .number])
      if first.value == Ascii.space, symbolFollows {
        return start..<endOfSymbols(in: text, from: second.next, to: end)
      }
    }
    if !lead.contains(.space) { return start..<endOfSymbols(in: text, from: start, to: end) }
    return start..<endOfSpace(in: text, from: start, to: end)
  }

  @inline(__always)
  private func endOfNumber(in text: some ScalarText, from start: Int, to end: Int) -> Int {
    var offset = start
    var count = 0
    while offset < end, count < numberLimit {
      let current = text.scalarClass(at: offset)
      if !current.value.contains(.number) { break }
      offset = current.next
      count += 1
    }
    return offset
  }

  /// `[^\s\p{L}\p{N}]+[\r\n]*`
  @inline(__always)
  private func endOfSymbols(in text: some ScalarText, from start: Int, to end: Int) -> Int {
    var offset = text.endOfRun(outside: [.space, .letter, .number], from: start, to: end)
    while offset < end {
      let scalar = text.scalar(at: offset)
      if scalar.value != Ascii.lineFeed, scalar.value != Ascii.carriageReturn { break }
      offset = scalar.next
    }
    return offset
  }

  /// `\s*[\r\n]+|\s+(?!\S)|\s+`: up to the last line end of the white space, if it has one.
  @inline(__always)
  private func endOfSpace(in text: some ScalarText, from start: Int, to end: Int) -> Int {
    var offset = start
    var last = start
    var afterLineEnd = start
    while offset < end {
      let scalar = text.scalar(at: offset)
      if !text.classes[scalar.value].contains(.space) { break }
      last = offset
      offset = scalar.next
      if scalar.value == Ascii.lineFeed || scalar.value == Ascii.carriageReturn {
        afterLineEnd = offset
      }
    }
    if afterLineEnd > start { return afterLineEnd }
    if offset == end { return end }
    return last > start ? last : offset
  }
}
