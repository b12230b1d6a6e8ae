/// The two patterns that most tokenizers use, run over a whole piece.
///
/// ASCII words are seen by their first two bytes and a run of letters, eight bytes a step; all else
/// is left to the matcher of the pattern, one word at a time.
enum WordScanner {
  /// Gives the matches of ``CL100KMatcher`` to `sink`.
  ///
  /// - Parameter limit: how many bytes of `text` may be read, at least `end`.
  @inline(__always)
  static func cl100k(
    _ text: UTF8Text, from start: Int, to end: Int, limit: Int, numberLimit: Int,
    _ sink: inout some WordSink
  ) {
    let matcher = CL100KMatcher(numberLimit: numberLimit)
    let bytes = text.bytes
    let classes = text.byteClasses
    let letter = ScalarClass.letter.rawValue
    let number = ScalarClass.number.rawValue
    // Bytes that may not stand in front of the letters of their word.
    let closed = number | ByteClasses.wide
    var offset = start
    while offset < end {
      let first = bytes[offset]
      let lead = classes[Int(first)]
      var next = offset &+ 1
      if lead & letter != 0 {
        next = endOfLetters(text, from: next, to: end)
      } else if next < end, lead & closed == 0, classes[Int(bytes[next])] & letter != 0,
        first != UInt8(ascii: "'"), first != UInt8(ascii: "\n"), first != UInt8(ascii: "\r")
      {
        next = endOfLetters(text, from: next &+ 1, to: end)
      } else if lead & number == 0 || numberLimit != 1 {
        next = matcher.nextMatch(in: text, from: offset, to: end)?.upperBound ?? end
      }
      sink.take(bytes + offset, count: next &- offset, readable: limit &- offset)
      offset = next
    }
  }

  /// Gives the matches of ``GPT2Matcher`` to `sink`.
  ///
  /// - Parameter limit: how many bytes of `text` may be read, at least `end`.
  @inline(__always)
  static func gpt2(
    _ text: UTF8Text, from start: Int, to end: Int, limit: Int, _ sink: inout some WordSink
  ) {
    let matcher = GPT2Matcher()
    let bytes = text.bytes
    let classes = text.byteClasses
    let letter = ScalarClass.letter.rawValue
    var offset = start
    while offset < end {
      let first = bytes[offset]
      var next = offset &+ 1
      if classes[Int(first)] & letter != 0 {
        next = endOfLetters(text, from: next, to: end)
      } else if first == UInt8(ascii: " "), next < end, classes[Int(bytes[next])] & letter != 0 {
        next = endOfLetters(text, from: next &+ 1, to: end)
      } else {
        next = matcher.nextMatch(in: text, from: offset, to: end)?.upperBound ?? end
      }
      sink.take(bytes + offset, count: next &- offset, readable: limit &- offset)
      offset = next
    }
  }

  /// Where the run of letters that goes on at `start` ends.
  @inline(__always)
  private static func endOfLetters(_ text: UTF8Text, from start: Int, to end: Int) -> Int {
    var offset = start
    while offset &+ 8 <= end {
      let stops = EightBytes.nonLetters(EightBytes.load(text.bytes + offset))
      if stops == 0 {
        offset &+= 8
        continue
      }
      offset &+= stops.trailingZeroBitCount &>> 3
      if text.bytes[offset] < 0x80 { return offset }
      break
    }
    return text.endOfRun(of: .letter, from: offset, to: end)
  }
}
