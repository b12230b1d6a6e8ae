/// Finds added tokens in a text: leftmost first, the longest of those that start together.
struct AddedTokenMatcher: Sendable {
  /// A part of a text: a token, or text between tokens when `token` is nil.
  struct Part {
    let token: Int32?
    let range: Range<Int>
  }

  private struct Node {
    var children: [UInt8: Int] = [:]
    var token: Int?
  }

  private let tokens: [AddedToken]
  private let nodes: [Node]
  /// Whether a token starts with a byte.
  private let starts: FrozenArray<Bool>

  var isEmpty: Bool { tokens.isEmpty }

  /// - Parameter tokens: tokens with the bytes to look for; of equal bytes the first counts.
  init(_ tokens: [AddedToken]) {
    var nodes = [Node()]
    var starts = [Bool](repeating: false, count: 256)
    for (index, token) in tokens.enumerated() {
      guard let first = token.content.first else { continue }
      starts[Int(first)] = true
      var node = 0
      for byte in token.content {
        if let child = nodes[node].children[byte] {
          node = child
        } else {
          nodes.append(Node())
          nodes[node].children[byte] = nodes.count - 1
          node = nodes.count - 1
        }
      }
      if nodes[node].token == nil { nodes[node].token = index }
    }
    self.tokens = tokens
    self.nodes = nodes
    self.starts = FrozenArray(starts)
  }

  /// Cuts `text`, valid UTF-8, into tokens and what stands between them.
  func parts(of text: UnsafeBufferPointer<UInt8>) -> [Part] {
    guard let base = text.baseAddress, !text.isEmpty else { return [] }
    let starts = self.starts.pointer
    var parts: [Part] = []
    var covered = 0
    var offset = 0
    while offset < text.count {
      if !starts[Int(base[offset])] {
        offset += 1
        continue
      }
      guard let match = longestMatch(base, from: offset, to: text.count) else {
        offset += 1
        continue
      }
      let token = tokens[match.token]
      var start = offset
      var end = match.end
      offset = end
      if token.isSingleWord, touchesWord(base, start, end, text.count) { continue }
      if token.stripsLeft { start = max(spaceStart(base, before: start), covered) }
      if token.stripsRight { end = spaceEnd(base, from: end, to: text.count) }
      if covered < start { parts.append(Part(token: nil, range: covered..<start)) }
      // White space that an earlier token swallowed leaves nothing for this one.
      if start < end { parts.append(Part(token: token.id, range: start..<end)) }
      covered = end
    }
    if covered < text.count { parts.append(Part(token: nil, range: covered..<text.count)) }
    return parts
  }

  private func longestMatch(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int
  ) -> (token: Int, end: Int)? {
    var best: (token: Int, end: Int)?
    var node = 0
    var offset = start
    while offset < end, let child = nodes[node].children[base[offset]] {
      node = child
      offset += 1
      if let token = nodes[node].token { best = (token, offset) }
    }
    return best
  }

  private func touchesWord(
    _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ count: Int
  ) -> Bool {
    let text = UTF8Text(bytes: base, classes: ScalarClassTable.shared.view)
    if start > 0, text.scalarClass(at: text.start(before: start)).value.contains(.word) {
      return true
    }
    return end < count && text.scalarClass(at: end).value.contains(.word)
  }

  private func spaceStart(_ base: UnsafePointer<UInt8>, before start: Int) -> Int {
    let text = UTF8Text(bytes: base, classes: ScalarClassTable.shared.view)
    var offset = start
    while offset > 0 {
      let previous = text.start(before: offset)
      if !text.scalarClass(at: previous).value.contains(.space) { break }
      offset = previous
    }
    return offset
  }

  private func spaceEnd(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
    UTF8Text(bytes: base, classes: ScalarClassTable.shared.view)
      .endOfRun(of: .space, from: start, to: end)
  }
}
