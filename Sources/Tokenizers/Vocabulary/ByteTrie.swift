/// A tree of byte strings in two arrays, to find all strings that start at a place of a text.
///
/// The child of a node for a byte lies where the node's base and the byte say, so that a step costs
/// one read.
struct ByteTrie: Sendable {
  fileprivate struct Node: BitwiseCopyable, Sendable {
    /// Children lie at `base ^ byte`.
    var base: Int32 = 0
    /// The node that this one is a child of; -1 in a free place.
    var parent: Int32 = -1
    /// What the string that ends here stands for; -1 when none does.
    var value: Int32 = -1
  }

  private let nodes: FrozenArray<Node>
  /// Length of the longest string.
  let longest: Int

  /// - Parameter entries: strings and their values from zero up; of equal strings the last counts,
  ///   the empty one is left out.
  init(_ entries: [(bytes: ArraySlice<UInt8>, value: Int32)]) {
    var builder = Builder()
    builder.insert(entries)
    nodes = FrozenArray(builder.nodes)
    longest = entries.map(\.bytes.count).max() ?? 0
  }

  /// A pointer for loops; valid while the tree lives.
  var view: View { View(nodes: nodes.pointer) }

  struct View: BitwiseCopyable {
    fileprivate let nodes: UnsafePointer<Node>

    /// The node at the start of all strings.
    static let root: Int32 = 0

    /// The child of a node for a byte; -1 without one.
    @inline(__always)
    func child(of node: Int32, _ byte: UInt8) -> Int32 {
      let child = nodes[Int(node)].base ^ Int32(byte)
      return nodes[Int(child)].parent == node ? child : -1
    }

    /// What the string that ends at a node stands for; -1 when none does.
    @inline(__always)
    func value(at node: Int32) -> Int32 { nodes[Int(node)].value }

    /// What a string stands for; nil when the tree does not hold it.
    func value(of text: UnsafeBufferPointer<UInt8>) -> Int32? {
      var node = Self.root
      for byte in text {
        node = child(of: node, byte)
        if node < 0 { return nil }
      }
      let value = value(at: node)
      return value >= 0 ? value : nil
    }
  }
}

/// Lays the nodes of a tree out, each family of children in the first places that suit it.
private struct Builder {
  var nodes: [ByteTrie.Node] = []
  /// Free places that are still tried, newest block last.
  private var free: [Int32] = []
  /// Blocks of 256 places that are tried; older ones stay as full as they are.
  private static let openBlocks = 16
  private static let attempts = 512

  init() {
    addBlock()
    nodes[0].parent = 0
  }

  /// A node whose strings are `low..<high` of the sorted entries and share `depth` bytes.
  private struct Task {
    let node: Int32
    let low: Int
    let high: Int
    let depth: Int
  }

  mutating func insert(_ entries: [(bytes: ArraySlice<UInt8>, value: Int32)]) {
    // Equal strings stay in their order, so that the last one is written last.
    let sorted = entries.indices.filter { !entries[$0].bytes.isEmpty }
      .sorted { first, second in
        let (left, right) = (entries[first].bytes, entries[second].bytes)
        if left.lexicographicallyPrecedes(right) { return true }
        return left.elementsEqual(right) && first < second
      }
      .map { entries[$0] }
    var tasks = [Task(node: 0, low: 0, high: sorted.count, depth: 0)]
    var families: [(label: UInt8, low: Int, high: Int)] = []
    while let task = tasks.popLast() {
      var place = task.low
      while place < task.high, sorted[place].bytes.count == task.depth {
        nodes[Int(task.node)].value = sorted[place].value
        place += 1
      }
      if place == task.high { continue }
      families.removeAll(keepingCapacity: true)
      while place < task.high {
        let bytes = sorted[place].bytes
        let label = bytes[bytes.startIndex + task.depth]
        let low = place
        while place < task.high, case let other = sorted[place].bytes,
          other[other.startIndex + task.depth] == label
        {
          place += 1
        }
        families.append((label: label, low: low, high: place))
      }
      let base = base(for: families.map(\.label))
      nodes[Int(task.node)].base = base
      for family in families {
        let child = base ^ Int32(family.label)
        nodes[Int(child)].parent = task.node
        tasks.append(
          Task(node: child, low: family.low, high: family.high, depth: task.depth + 1))
      }
    }
  }

  /// A base with free places for children of all labels.
  private mutating func base(for labels: [UInt8]) -> Int32 {
    var tried = 0
    var place = free.count - 1
    while place >= 0, tried < Self.attempts {
      let slot = free[place]
      if nodes[Int(slot)].parent >= 0 {
        // Taken meanwhile; the newest free place fills the gap.
        free[place] = free[free.count - 1]
        free.removeLast()
        place -= 1
        continue
      }
      let base = slot ^ Int32(labels[0])
      if labels.allSatisfy({ nodes[Int(base ^ Int32($0))].parent < 0 }) { return base }
      tried += 1
      place -= 1
    }
    let start = Int32(nodes.count)
    addBlock()
    return start
  }

  private mutating func addBlock() {
    let start = nodes.count
    nodes += [ByteTrie.Node](repeating: ByteTrie.Node(), count: 256)
    let oldest = Int32(start - (Self.openBlocks - 1) * 256)
    free.removeAll { $0 < oldest || nodes[Int($0)].parent >= 0 }
    free += (start..<start + 256).map { Int32($0) }
  }
}
