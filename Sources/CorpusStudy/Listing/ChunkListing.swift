public import Corpus

/// An index by which lists of chunks are shown page by page, by source or by length, without ever
/// being made whole: 4 bytes a source for every 4,096 chunks, and a count for every length.
public struct ChunkListing: Sendable {
  /// What one source holds.
  public struct Summary: Sendable, Equatable {
    public var chunks = 0
    public var tokens = 0
    /// Median tokens of a chunk, the upper of two.
    public var medianTokens = 0
  }

  /// By number of the source.
  public let summaries: [Summary]
  private let shards: TokenShards
  private let blockSize: Int
  /// Chunks of a source before a block, by source and then by block.
  private let starts: [UInt32]
  /// Chunks of each source, by length.
  private let lengths: [Int: [Int]]

  /// Reads the index and the labels once, some tens of million chunks a second. nil when
  /// `isCancelled` said so, which is asked now and then.
  public init?(_ shards: TokenShards, isCancelled: () -> Bool = { false }) {
    let sources = shards.sources.count
    var size = 4096
    while (shards.count / size + 1) * sources > 4 << 20 { size *= 2 }
    let blocks = (shards.count + size - 1) / size
    var counts = [Int](repeating: 0, count: sources)
    var tokens = counts
    var lengths: [Int: [Int]] = [:]
    var starts = [UInt32](repeating: 0, count: sources * (blocks + 1))
    for block in 0..<blocks {
      if isCancelled() { return nil }
      for source in 0..<sources { starts[source * (blocks + 1) + block] = UInt32(counts[source]) }
      let range = block * size..<min(shards.count, (block + 1) * size)
      shards.forEachChunk(in: range) { _, source, length in
        counts[source] += 1
        tokens[source] += length
        lengths[length, default: [Int](repeating: 0, count: sources)][source] += 1
        return true
      }
    }
    for source in 0..<sources { starts[source * (blocks + 1) + blocks] = UInt32(counts[source]) }
    self.shards = shards
    self.starts = starts
    self.lengths = lengths
    blockSize = size
    let ascending = lengths.keys.sorted()
    summaries = (0..<sources).map { source in
      var before = 0
      let median = ascending.first { length in
        before += lengths[length]?[source] ?? 0
        return before > counts[source] / 2
      }
      return Summary(
        chunks: counts[source], tokens: tokens[source], medianTokens: median ?? 0)
    }
  }

  /// Chunks of a source, or of all.
  public func count(source: Int?) -> Int {
    source.map { summaries[$0].chunks } ?? shards.count
  }

  /// The chunks at some places of the list of a source, in the order of the corpus.
  public func chunks(source: Int?, at places: Range<Int>) -> [Int] {
    let places = places.clamped(to: 0..<count(source: source))
    guard let source else { return Array(places) }
    guard !places.isEmpty else { return [] }
    let blocks = (shards.count + blockSize - 1) / blockSize
    let row = source * (blocks + 1)
    var (low, high) = (0, blocks)
    while low + 1 < high {
      let middle = (low + high) / 2
      if Int(starts[row + middle]) <= places.lowerBound { low = middle } else { high = middle }
    }
    var place = Int(starts[row + low])
    var found: [Int] = []
    shards.forEachChunk(in: low * blockSize..<shards.count) { chunk, own, _ in
      if own == source {
        if place >= places.lowerBound { found.append(chunk) }
        place += 1
      }
      return place < places.upperBound
    }
    return found
  }

  /// The chunks at some places of the list of a source, the longest first. One pass over the lengths.
  public func longestChunks(source: Int?, at places: Range<Int>) -> [Int] {
    let places = places.clamped(to: 0..<count(source: source))
    guard !places.isEmpty else { return [] }
    // Which of the chunks of each length are wanted.
    var wanted: [Int: Range<Int>] = [:]
    var place = 0
    var order: [Int] = []
    for length in lengths.keys.sorted(by: >) {
      let counts = lengths[length] ?? []
      let count = source.map { counts[$0] } ?? counts.reduce(0, +)
      let own = places.clamped(to: place..<place + count)
      if !own.isEmpty {
        wanted[length] = own.lowerBound - place..<own.upperBound - place
        order.append(length)
      }
      place += count
      if place >= places.upperBound { break }
    }
    var seen: [Int: Int] = [:]
    var found: [Int: [Int]] = [:]
    var missing = places.count
    let (longest, shortest) = (order.first ?? 0, order.last ?? 0)
    shards.forEachChunk(in: 0..<shards.count) { chunk, own, length in
      guard length <= longest, length >= shortest, source == nil || own == source,
        let range = wanted[length]
      else { return true }
      let rank = seen[length, default: 0]
      seen[length] = rank + 1
      if range.contains(rank) {
        found[length, default: []].append(chunk)
        missing -= 1
      }
      return missing > 0
    }
    return order.flatMap { found[$0] ?? [] }
  }
}
