/// Finds added tokens in a text: leftmost first, the longest of those that start together.
struct AddedTokenMatcher: Sendable {
  /// A node of the tree of all tokens' bytes; its children are linked from the first one on.
  private struct Node: BitwiseCopyable, Sendable {
    var byte: UInt8
    var firstChild: Int32 = -1
    var nextSibling: Int32 = -1
    /// Index of the token that ends here; -1 without one.
    var token: Int32 = -1
  }

  private let tokens: [AddedToken]
  private let nodes: FrozenArray<Node>
  /// Whether a token starts with a byte.
  private let starts: FrozenArray<Bool>
  /// For the first two bytes of a text, the node of the first; -1 where no token starts so.
  private let pairs: FrozenArray<Int32>

  var isEmpty: Bool { tokens.isEmpty }

  /// - Parameter tokens: tokens with the bytes to look for; of equal bytes the first counts.
  init(_ tokens: [AddedToken]) {
    var nodes = [Node(byte: 0)]
    var starts = [Bool](repeating: false, count: 256)
    for (index, token) in tokens.enumerated() {
      guard let first = token.content.first else { continue }
      starts[Int(first)] = true
      var node = 0
      for byte in token.content { node = Self.child(byte, of: node, &nodes) }
      if nodes[node].token < 0 { nodes[node].token = Int32(index) }
    }
    self.tokens = tokens
    self.starts = FrozenArray(starts)
    self.nodes = FrozenArray(nodes)
    pairs = FrozenArray(Self.pairs(nodes))
  }

  /// The child of a node for a byte, made if need be.
  private static func child(_ byte: UInt8, of node: Int, _ nodes: inout [Node]) -> Int {
    var child = Int(nodes[node].firstChild)
    while child >= 0 {
      if nodes[child].byte == byte { return child }
      child = Int(nodes[child].nextSibling)
    }
    nodes.append(Node(byte: byte, nextSibling: nodes[node].firstChild))
    nodes[node].firstChild = Int32(nodes.count - 1)
    return nodes.count - 1
  }

  private static func pairs(_ nodes: [Node]) -> [Int32] {
    var pairs = [Int32](repeating: -1, count: 1 << 16)
    var first = nodes[0].firstChild
    while first >= 0 {
      let node = nodes[Int(first)]
      if node.token >= 0 {
        // One byte makes a token: any second byte will do.
        for second in 0..<256 { pairs[Int(node.byte) << 8 | second] = first }
      }
      var second = node.firstChild
      while second >= 0 {
        pairs[Int(node.byte) << 8 | Int(nodes[Int(second)].byte)] = first
        second = nodes[Int(second)].nextSibling
      }
      first = node.nextSibling
    }
    return pairs
  }

  /// Cuts `text`, valid UTF-8, into tokens and what stands between them, where the token is nil.
  @inline(__always)
  func forEachPart(
    of text: UnsafeBufferPointer<UInt8>, _ body: (_ token: Int32?, _ range: Range<Int>) -> Void
  ) {
    guard let base = text.baseAddress, !text.isEmpty else { return }
    var covered = 0
    var offset = 0
    while let match = nextMatch(base, from: offset, to: text.count) {
      let token = tokens[match.token]
      var start = match.start
      var end = match.end
      offset = end
      if token.isSingleWord, touchesWord(base, start, end, text.count) { continue }
      if token.stripsLeft { start = max(spaceStart(base, before: start), covered) }
      if token.stripsRight { end = spaceEnd(base, from: end, to: text.count) }
      if covered < start { body(nil, covered..<start) }
      // White space that an earlier token swallowed leaves nothing for this one.
      if start < end { body(token.id, start..<end) }
      covered = end
    }
    if covered < text.count { body(nil, covered..<text.count) }
  }

  /// The first place from `start` on where a token stands, and the longest one there.
  private func nextMatch(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int
  ) -> (token: Int, start: Int, end: Int)? {
    let (starts, pairs) = (starts.pointer, pairs.pointer)
    var offset = start
    while offset &+ 1 < end {
      if starts[Int(base[offset])] {
        let node = pairs[Int(base[offset]) &<< 8 | Int(base[offset &+ 1])]
        if node >= 0, let match = longestMatch(base, Int(node), from: offset, to: end) {
          return (match.token, offset, match.end)
        }
      }
      offset &+= 1
    }
    // The last byte has no second one.
    guard offset < end, starts[Int(base[offset])] else { return nil }
    var node = nodes.pointer[0].firstChild
    while node >= 0, nodes.pointer[Int(node)].byte != base[offset] {
      node = nodes.pointer[Int(node)].nextSibling
    }
    guard node >= 0, nodes.pointer[Int(node)].token >= 0 else { return nil }
    return (Int(nodes.pointer[Int(node)].token), offset, end)
  }

  /// The longest token at `start`, whose first byte leads to `node`.
  private func longestMatch(
    _ base: UnsafePointer<UInt8>, _ node: Int, from start: Int, to end: Int
  ) -> (token: Int, end: Int)? {
    let nodes = nodes.pointer
    var best: (token: Int, end: Int)?
    var node = node
    var offset = start + 1
    while true {
      if nodes[node].token >= 0 { best = (Int(nodes[node].token), offset) }
      guard offset < end else { return best }
      var child = Int(nodes[node].firstChild)
      while child >= 0, nodes[child].byte != base[offset] { child = Int(nodes[child].nextSibling) }
      guard child >= 0 else { return best }
      node = child
      offset += 1
    }
  }

  private func touchesWord(
    _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ count: Int
  ) -> Bool {
    let text = UTF8Text(bytes: base)
    if start > 0, text.scalarClass(at: text.start(before: start)).value.contains(.word) {
      return true
    }
    return end < count && text.scalarClass(at: end).value.contains(.word)
  }

  private func spaceStart(_ base: UnsafePointer<UInt8>, before start: Int) -> Int {
    let text = UTF8Text(bytes: base)
    var offset = start
    while offset > 0 {
      let previous = text.start(before: offset)
      if !text.scalarClass(at: previous).value.contains(.space) { break }
      offset = previous
    }
    return offset
  }

  private func spaceEnd(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
    UTF8Text(bytes: base)
      .endOfRun(of: .space, from: start, to: end)
  }
}
