/// Keeps account of the bytes at the start of a text that come from where the document starts.
///
/// `tokenizers` remembers for every byte of a normalised text where it comes from. Ids depend on
/// that in one place: a Metaspace stage whose prepend_scheme is "first" goes by whether a piece comes
/// from place zero. Only that question is answered here, and with the same oddities.
struct LeadingBytes {
  /// Before the step.
  let text: UnsafeBufferPointer<UInt8>
  /// After it.
  let result: UnsafeBufferPointer<UInt8>
  /// How many bytes at the start of `text` come from place zero; above zero.
  let leading: Int

  /// How many bytes at the start of `result` come from place zero.
  func after(_ step: Normalizer.Step, _ searcher: RegexSearcher?) -> Int {
    guard let base = text.baseAddress else { return 0 }
    switch step {
    case .characters(let chain):
      return chain.links.reduce(Stretch(Array(prefix), leading)) { $0.after($1) }.leading
    case .form(let form):
      return Stretch(Array(prefix), leading).after(.form(form)).leading
    case .prepend(let start): return start.count + leading
    case .strip(let left, _):
      return max(
        0, leading - WhiteSpace.stripped(base, text.count, left: left, right: false).lowerBound)
    case .replace(let replacement):
      return replaced(base, replacement, searcher)
    case .precompiled(let map): return precompiled(base, map)
    }
  }

  /// The leading bytes and as much behind them as may matter to them.
  private var prefix: UnsafeBufferPointer<UInt8> {
    var end = min(text.count, leading + 64)
    while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
    return UnsafeBufferPointer(rebasing: text[..<end])
  }

  /// New text counts as coming from where the last byte of its match does.
  private func replaced(
    _ base: UnsafePointer<UInt8>, _ replacement: TextReplacement, _ searcher: RegexSearcher?
  ) -> Int {
    var kept = 0
    var copied = 0
    var isOver = false
    replacement.forEachMatch(base, text.count, searcher: searcher) { start, end in
      if start >= leading {
        // An empty match goes with the byte before it.
        if start == end, start == leading, start > 0 { kept += replacement.content.count }
        return false
      }
      kept += start - copied
      copied = end
      if end > leading {
        isOver = true
        return false
      }
      kept += replacement.content.count
      return true
    }
    return isOver ? kept : kept + max(0, leading - copied)
  }

  /// A character of the result: the first of a replacement take the places of replaced ones, the
  /// others are added; removed ones go with the character before them.
  private struct Change {
    let width: Int
    /// One for an added character; below zero, how many characters are removed behind it.
    var count = 0
  }

  private func precompiled(_ base: UnsafePointer<UInt8>, _ map: PrecompiledMap) -> Int {
    var changes: [Change] = []
    var place = 0
    /// Where the changes so far reach in the text: behind `place` where removed characters had none
    /// before them to go with, which upstream forgets.
    var reached = 0
    /// Whether what comes cannot change the account any more.
    var isSettled: Bool { reached >= leading }
    func reach() { reached += CharacterCount.width(base[reached]) }
    func keep(to end: Int) {
      while place < end, !isSettled {
        let width = CharacterCount.width(base[place])
        changes.append(Change(width: width))
        place += width
        reach()
      }
      // The next character ends what removed ones may still be added to.
      if place < end { changes.append(Change(width: CharacterCount.width(base[place]))) }
    }
    var isOver = false
    map.forEachReplacement(base, text.count) { start, end, content in
      keep(to: start)
      isOver = place < start
      if isOver { return false }
      let wasSettled = isSettled
      let more = content.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
      for byte in content where byte & 0xC0 != 0x80 {
        changes.append(Change(width: CharacterCount.width(byte)))
      }
      let taken = CharacterCount.of(base + start, end - start)
      let difference = more - taken
      for added in 0..<max(0, difference) { changes[changes.count - 1 - added].count = 1 }
      if difference < 0, !changes.isEmpty { changes[changes.count - 1].count += difference }
      if !changes.isEmpty { for _ in 0..<taken { reach() } }
      place = end
      isOver = wasSettled && more > 0
      return !isOver
    }
    if !isOver { keep(to: text.count) }
    return leadingBytes(of: changes, base)
  }

  private func leadingBytes(of changes: [Change], _ base: UnsafePointer<UInt8>) -> Int {
    var result = 0
    var offset = 0
    func advance() {
      if offset < text.count { offset += CharacterCount.width(base[offset]) }
    }
    for change in changes {
      // An added character goes with the byte before it.
      guard (change.count > 0 ? max(0, offset - 1) : offset) < leading else { break }
      result += change.width
      if change.count > 0 { continue }
      for _ in 0...(-change.count) { advance() }
    }
    return min(result, self.result.count)
  }

  /// A short text on its way through character steps.
  private struct Stretch {
    var bytes: [UInt8]
    var leading: Int

    init(_ bytes: [UInt8], _ leading: Int) {
      self.bytes = bytes
      self.leading = leading
    }

    func after(_ link: CharacterChain.Link) -> Stretch {
      var result = Stretch([], 0)
      switch link {
      case .step(let step):
        bytes.withUnsafeBufferPointer { bytes in
          guard let base = bytes.baseAddress else { return }
          var made: [UInt32] = []
          var offset = 0
          while offset < bytes.count {
            let scalar = UTF8Decoding.scalar(in: base, at: offset)
            made.removeAll(keepingCapacity: true)
            step.append(scalar.value, to: &made)
            for scalar in made { UTF8Decoding.append(scalar, to: &result.bytes) }
            if offset < leading { result.leading = result.bytes.count }
            offset += scalar.width
          }
        }
      case .form(let form):
        let whole = converted(bytes, form)
        let own = converted(Array(bytes[..<min(leading, bytes.count)]), form)
        var common = zip(whole, own).prefix { $0 == $1 }.count
        while common < whole.count, whole[common] & 0xC0 == 0x80 { common -= 1 }
        result.bytes = whole
        // The first character always takes the place of the first one.
        result.leading =
          leading == 0 ? 0 : max(common, whole.isEmpty ? 0 : CharacterCount.width(whole[0]))
      }
      return result
    }

    private func converted(_ bytes: [UInt8], _ form: NormalForm) -> [UInt8] {
      let output = ByteBuffer()
      let changed = bytes.withUnsafeBufferPointer { form.converter.convert($0, into: output) }
      return changed ? Array(output.bytes) : bytes
    }
  }
}

/// Characters in valid UTF-8.
enum CharacterCount {
  static func of(_ base: UnsafePointer<UInt8>, _ count: Int) -> Int {
    var result = 0
    for place in 0..<count where base[place] & 0xC0 != 0x80 { result += 1 }
    return result
  }

  /// How many bytes a character takes, by its first one.
  static func width(_ first: UInt8) -> Int {
    first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
  }
}
