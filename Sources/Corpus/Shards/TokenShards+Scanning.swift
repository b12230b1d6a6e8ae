import Store

/// What needs a pass over many entries, which opening does not make.
extension TokenShards {
  /// Calls `body` with the number, the source and the length of every chunk of a range, in order;
  /// false ends it. Reads the index and the labels, no tokens: some tens of million chunks a second.
  public func forEachChunk(
    in range: Range<Int>, _ body: (_ chunk: Int, _ source: Int, _ length: Int) -> Bool
  ) {
    for place in shards.indices {
      let chunks = range.clamped(to: shardStarts[place]..<shardStarts[place + 1])
      let shard = shards[place]
      for chunk in chunks {
        let local = chunk - shardStarts[place]
        let source = shard.sourceIDs[shard.labels?.source(of: local) ?? 0]
        guard body(chunk, source, shard.index.size(of: local)) else { return }
      }
    }
  }

  /// Chunks of each source, by id.
  public func chunkCounts() -> [Int] {
    var counts = [Int](repeating: 0, count: sources.count)
    forEachChunk(in: 0..<count) { _, source, _ in
      counts[source] += 1
      return true
    }
    return counts
  }

  /// Length of the longest chunk.
  public var longestChunk: Int {
    var longest = 0
    forEachChunk(in: 0..<count) { _, _, length in
      longest = max(longest, length)
      return true
    }
    return longest
  }

  /// Reads every entry of the index, of the labels, and every token.
  ///
  /// - Throws: the error of the first chunk that cannot be read.
  public func verify() throws(CorpusError) {
    var tokens: [Int32] = []
    for chunk in 0..<count { try copyTokens(of: chunk, into: &tokens) }
  }

  /// Reads every entry of the indices and the labels, but no tokens: chunks may stand in any order,
  /// and no bytes of the `.bin` file between them.
  ///
  /// - Parameter goesOn: asked every million chunks; false ends it.
  /// - Throws: `malformedShard`, naming the first entry that cannot be.
  public func verifyLayout(goesOn: (Int) -> Bool = { _ in true }) throws(CorpusError) {
    for (place, shard) in shards.enumerated() {
      var runs = ChunkRuns()
      for chunk in 0..<shard.index.count {
        runs.append(chunk, at: try shard.index.range(of: chunk))
        try shard.labels?.check(chunk)
        if chunk % 1_000_000 == 999_999 {
          shard.index.release(upTo: chunk + 1)
          shard.labels?.release(upTo: chunk + 1)
          if !goesOn(shardStarts[place] + chunk + 1) { throw .cancelled }
        }
      }
      if let gap = runs.gap() {
        throw .malformedShard(
          path: shardPaths[place] + ".idx",
          found: "chunk \(gap.chunk) at byte \(gap.start) of the .bin file",
          expected: "\(gap.end), the end of the chunk before")
      }
    }
  }

  /// Gives the memory of what was read for these chunks, and for those before them, back to the
  /// system: entries of the index and labels. Reading them again is slower, nothing else. Passes over
  /// a whole corpus call it as they go on, so that they stay small.
  public func release(_ range: Range<Int>) {
    for place in shards.indices {
      let chunks = range.clamped(to: shardStarts[place]..<shardStarts[place + 1])
      guard !chunks.isEmpty else { continue }
      let end = chunks.upperBound - shardStarts[place]
      shards[place].index.release(upTo: end)
      shards[place].labels?.release(upTo: end)
    }
  }
}

/// Where chunks stand in a `.bin` file: pieces in which each follows the one before. One piece is all
/// of a file in the order of its chunks.
private struct ChunkRuns {
  private var runs: [(chunk: Int, start: Int, end: Int)] = []

  mutating func append(_ chunk: Int, at range: Range<Int>) {
    if let last = runs.indices.last, runs[last].end == range.lowerBound {
      runs[last].end = range.upperBound
    } else {
      runs.append((chunk, range.lowerBound, range.upperBound))
    }
  }

  /// The first chunk behind bytes that no chunk covers, and where these begin; nil without any.
  func gap() -> (chunk: Int, start: Int, end: Int)? {
    var end = 0
    for run in runs.sorted(by: { $0.start < $1.start }) {
      if run.start > end { return (run.chunk, run.start, end) }
      end = max(end, run.end)
    }
    return nil
  }
}
