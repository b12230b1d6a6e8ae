/// The pattern of GPT-2, which is also what the ByteLevel stage uses:
///
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
///
/// Every character belongs to a match, so matches follow each other without gaps.
struct GPT2Matcher: PieceMatcher {
  static let pattern =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  @inline(__always)
  func nextMatch(in text: some ScalarText, from start: Int, to end: Int) -> Range<Int>? {
    if start >= end { return nil }
    let first = text.scalar(at: start)
    var lead = text.classes[first.value]
    var body = start
    if first.value == Ascii.apostrophe {
      let contraction = Contraction.end(in: text, after: first.next, to: end, ignoresCase: false)
      if let contraction { return start..<contraction }
    } else if first.value == Ascii.space, first.next < end {
      let second = text.scalarClass(at: first.next).value
      // One space belongs to the word that follows.
      if !second.contains(.space) {
        body = first.next
        lead = second
      }
    }
    if lead.contains(.letter) { return start..<text.endOfRun(of: .letter, from: body, to: end) }
    if lead.contains(.number) { return start..<text.endOfRun(of: .number, from: body, to: end) }
    if !lead.contains(.space) {
      return start..<text.endOfRun(outside: [.space, .letter, .number], from: body, to: end)
    }
    return start..<SpaceRun.end(in: text, from: start, to: end)
  }
}

enum Ascii {
  static let space = UInt32(UInt8(ascii: " "))
  static let apostrophe = UInt32(UInt8(ascii: "'"))
  static let lineFeed = UInt32(UInt8(ascii: "\n"))
  static let carriageReturn = UInt32(UInt8(ascii: "\r"))
}

/// `\s+(?!\S)|\s+`: white space up to the end of the text, or all but its last character.
enum SpaceRun {
  /// The end of the match at `start`, where white space stands.
  @inline(__always)
  static func end(in text: some ScalarText, from start: Int, to end: Int) -> Int {
    let last = text.endOfRun(of: .space, from: start, to: end)
    if last == end { return end }
    let shorter = text.start(before: last)
    return shorter > start ? shorter : last
  }
}

/// `'s|'t|'re|'ve|'m|'ll|'d`
enum Contraction {
  /// The end of the contraction whose apostrophe ends at `start`; nil when there is none.
  @inline(__always)
  static func end(
    in text: some ScalarText, after start: Int, to end: Int, ignoresCase: Bool
  ) -> Int? {
    if start >= end { return nil }
    let first = text.scalar(at: start)
    switch letter(first.value, ignoresCase) {
    case 0x73, 0x74, 0x6D, 0x64: return first.next
    case 0x72, 0x76: return pair(in: text, at: first.next, to: end, second: 0x65, ignoresCase)
    case 0x6C: return pair(in: text, at: first.next, to: end, second: 0x6C, ignoresCase)
    default: return nil
    }
  }

  private static func pair(
    in text: some ScalarText, at offset: Int, to end: Int, second: UInt32, _ ignoresCase: Bool
  ) -> Int? {
    if offset >= end { return nil }
    let scalar = text.scalar(at: offset)
    return letter(scalar.value, ignoresCase) == second ? scalar.next : nil
  }

  /// The lower-case ASCII letter that `scalar` counts as.
  @inline(__always)
  private static func letter(_ scalar: UInt32, _ ignoresCase: Bool) -> UInt32 {
    guard ignoresCase else { return scalar }
    if scalar >= 0x41, scalar <= 0x5A { return scalar | 0x20 }
    // The long s is an s when case does not count.
    return scalar == 0x17F ? 0x73 : scalar
  }
}
