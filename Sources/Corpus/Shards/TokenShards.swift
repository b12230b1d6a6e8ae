import Store

/// A tokenized corpus on disk, opened for random access: `data_0.bin` and `data_0.idx` and so on,
/// as the published code writes them, with or without the labels beside them.
///
/// Files are mapped, not read. Opening checks every size and pointer, so no file, however broken,
/// makes a later access leave its bounds. Safe to share between threads.
public final class TokenShards: Sendable {
  /// The folder.
  public let folder: String
  /// Number of chunks.
  public let count: Int
  /// Sum of their lengths.
  public let tokenCount: Int
  /// Length of the longest chunk.
  public let longestChunk: Int
  /// Source labels; without labels on disk the only one is "unknown".
  public let sources: [String]
  /// Whether all shards have their labels.
  public let isLabelled: Bool
  /// Index of the first chunk of each shard, and `count` at the end.
  public let shardStarts: [Int]
  private let shards: [Shard]

  private struct Shard: Sendable {
    let bin: MappedFile
    let index: ShardIndex
    let labels: ChunkLabelFile?
    /// Id in `sources` of each label of the shard.
    let sourceIDs: [Int]
  }

  /// Label of chunks whose shard has no labels.
  public static let unknownSource = "unknown"

  /// Opens all shards of `folder`.
  public init(folder: String) throws(CorpusError) {
    let numbers = try Self.shardNumbers(in: folder)
    var shards: [Shard] = []
    var sources: [String] = []
    var starts = [0]
    var tokens = 0
    for number in numbers {
      let base = "\(folder)/data_\(number)"
      let bin = try storing { () throws(StoreError) in try MappedFile(path: base + ".bin") }
      let index = try ShardIndex(path: base + ".idx", binSize: bin.bytes.count)
      let labelPath = base + ".chunks.safetensors"
      let labels =
        Folder.exists(labelPath) ? try ChunkLabelFile(path: labelPath, count: index.count) : nil
      let sourceIDs = (labels?.names ?? [Self.unknownSource]).map { name in
        if let id = sources.firstIndex(of: name) { return id }
        sources.append(name)
        return sources.count - 1
      }
      shards.append(Shard(bin: bin, index: index, labels: labels, sourceIDs: sourceIDs))
      starts.append((starts.last ?? 0) + index.count)
      tokens += index.tokenCount
    }
    self.folder = folder
    self.shards = shards
    self.sources = sources
    count = starts.last ?? 0
    shardStarts = starts
    tokenCount = tokens
    isLabelled = shards.allSatisfy { $0.labels != nil }
    longestChunk = shards.map(\.index.longest).max() ?? 0
  }

  /// Number of tokens of a chunk. `chunk` must be in `0..<count`.
  public func length(of chunk: Int) -> Int {
    let (shard, local) = locate(chunk)
    return shards[shard].index.size(of: local)
  }

  /// The tokens of a chunk.
  public func tokens(of chunk: Int) throws(CorpusError) -> [Int32] {
    var tokens: [Int32] = []
    try copyTokens(of: chunk, into: &tokens)
    return tokens
  }

  /// Replaces `tokens` by the tokens of a chunk, keeping its memory.
  public func copyTokens(of chunk: Int, into tokens: inout [Int32]) throws(CorpusError) {
    guard chunk >= 0, chunk < count else { throw .noSuchChunk(index: chunk, count: count) }
    let (shard, local) = locate(chunk)
    let (bin, index) = (shards[shard].bin, shards[shard].index)
    let bytes = UnsafeRawBufferPointer(rebasing: bin.bytes[index.range(of: local)])
    tokens.removeAll(keepingCapacity: true)
    let (type, size) = (index.type, index.size(of: local))
    for position in 0..<size {
      let token = type.token(position, of: bytes)
      guard token >= 0, token <= Int(Int32.max) else {
        throw .tokenOutOfRange(
          token: token, path: bin.path, expected: "an id of 0 to \(Int32.max)")
      }
      tokens.append(Int32(token))
    }
  }

  /// Id in `sources` of a chunk's source. `chunk` must be in `0..<count`.
  public func source(of chunk: Int) -> Int {
    let (shard, local) = locate(chunk)
    let entry = shards[shard]
    return entry.sourceIDs[entry.labels?.source(of: local) ?? 0]
  }

  /// The documents in a chunk, in order; empty without labels. `chunk` must be in `0..<count`.
  public func documents(of chunk: Int) -> [ChunkPiece] {
    let (shard, local) = locate(chunk)
    return shards[shard].labels?.pieces(of: local) ?? []
  }

  /// Whether some shard has tokens of more than 16 bits.
  var holdsWideTokens: Bool { shards.contains { $0.index.type.width > 2 } }

  /// Chunks of each source, by id.
  public func chunkCounts() -> [Int] {
    var counts = [Int](repeating: 0, count: sources.count)
    for chunk in 0..<count { counts[source(of: chunk)] += 1 }
    return counts
  }

  /// Shard of a chunk, and the chunk's place in it.
  private func locate(_ chunk: Int) -> (shard: Int, local: Int) {
    precondition(chunk >= 0 && chunk < count, "chunk index out of range")
    var (low, high) = (0, shards.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if shardStarts[middle] <= chunk { low = middle } else { high = middle - 1 }
    }
    return (low, chunk - shardStarts[low])
  }

  /// Numbers from 0 for which both files stand in `folder`; a number behind a gap is an error.
  private static func shardNumbers(in folder: String) throws(CorpusError) -> Range<Int> {
    let names = try storing { () throws(StoreError) in try Folder.list(folder) }
    func numbers(_ suffix: String) -> Set<Int> {
      Set(
        names.compactMap { name in
          name.hasPrefix("data_") && name.hasSuffix(suffix)
            ? Int(name.dropFirst("data_".count).dropLast(suffix.count)) : nil
        })
    }
    let bins = numbers(".bin")
    let pairs = bins.intersection(numbers(".idx"))
    guard let last = pairs.max() else { throw .noShards(folder: folder) }
    for number in 0..<last where !pairs.contains(number) {
      throw .missingShard(folder: folder, missing: number, found: last)
    }
    return 0..<last + 1
  }
}
