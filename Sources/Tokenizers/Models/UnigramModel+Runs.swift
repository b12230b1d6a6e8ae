/// Runs of one character: every place of one has the same tokens, so they are looked up once.
extension UnigramModel.View {
  @inline(__always)
  static func endOfRun(
    _ base: UnsafePointer<UInt8>, _ start: Int, _ width: Int, _ count: Int
  ) -> Int {
    // Each byte equals that one character before it.
    var end = start &+ width
    while end < count, base[end] == base[end &- width] { end &+= 1 }
    return end &- start < 2 &* width ? start &+ width : end &- (end &- start) % width
  }

  /// Goes through a run of one character, in which the same tokens start everywhere, up to where
  /// they might end behind it; returns the place.
  @inline(never)
  func takeRun(
    _ base: UnsafePointer<UInt8>, _ first: Int, _ width: Int, _ endOfRun: Int,
    _ progress: inout Progress, _ output: inout TokenOutput
  ) -> Int {
    let depth = findTokens(base, first, width, endOfRun)
    let (tokens, sums, mask) = (scratch.runTokens, scratch.sums, scratch.mask)
    let furthest = max(width, tokens.map(\.length).max() ?? width)
    var start = first
    tokens.withUnsafeBufferPointer { tokens in
      while start &+ depth < endOfRun {
        let links = links(at: start, base, &progress, &output)
        if tokens.count == 1, furthest == width, progress.origin == start {
          start = repeatToken(tokens[0], base, start, width, endOfRun &- depth, &progress, &output)
          continue
        }
        let origin = progress.origin
        while progress.reach < start &+ furthest {
          progress.reach &+= 1
          links[progress.reach &- origin] = Self.none
        }
        let sum = sums[start & mask]
        for token in tokens {
          let end = start &+ token.length
          let candidate = token.score + sum
          if links[end &- origin] == Self.none || candidate > sums[end & mask] {
            links[end &- origin] = token.link
            sums[end & mask] = candidate
          }
        }
        start &+= width
      }
    }
    return start
  }

  /// Lists the tokens that start in a run; returns how many bytes had to be read to know them all.
  private func findTokens(
    _ base: UnsafePointer<UInt8>, _ start: Int, _ width: Int, _ endOfRun: Int
  ) -> Int {
    scratch.runTokens.removeAll(keepingCapacity: true)
    var hasSingle = false
    var node = ByteTrie.View.root
    var end = start
    while end < endOfRun {
      node = trie.child(of: node, base[end])
      if node < 0 { break }
      end &+= 1
      let token = trie.value(at: node)
      if token < 0 { continue }
      if end &- start == width { hasSingle = true }
      scratch.runTokens.append(
        LatticeScratch.RunToken(length: end &- start, link: token, score: scores[Int(token)]))
    }
    if !hasSingle {
      scratch.runTokens.append(
        LatticeScratch.RunToken(length: width, link: Self.unknown, score: unknownScore))
    }
    return end &- start
  }

  /// Writes the only token of a run for all its characters before `end`; returns where it stops.
  private func repeatToken(
    _ token: LatticeScratch.RunToken, _ base: UnsafePointer<UInt8>, _ first: Int, _ width: Int,
    _ end: Int, _ progress: inout Progress, _ output: inout TokenOutput
  ) -> Int {
    let mask = scratch.mask
    var sum = scratch.sums[first & mask]
    let isUnknown = token.link == Self.unknown || token.link == unknownToken
    if isUnknown {
      if progress.openUnknown < 0 { progress.openUnknown = first }
    } else {
      closeUnknown(base, &progress.openUnknown, first, &output)
    }
    var start = first
    while start < end {
      sum = token.score + sum
      if !isUnknown { output.append(token.link) }
      start &+= width
    }
    scratch.sums[start & mask] = sum
    progress.origin = start
    progress.reach = start
    return start
  }
}
