import Numerics
import Store

/// How chunks are spread over shards.
public struct ShardOptions: Codable, Sendable, Equatable {
  /// Chunks in a full shard.
  public var chunksPerShard = 1_000_000
  /// Seed of the shuffle inside every shard; nil keeps the order. The published code shuffles with
  /// NumPy's generator and seed 233; this one uses `RandomSource(seed:).split("shard k")` and
  /// Fisher-Yates, so the order is another one, equal on every machine.
  public var shuffleSeed: UInt64?

  /// A million chunks a shard, in order.
  public init() {}
}

/// Writes chunks as `data_0.bin`, `data_0.idx`, `data_1.bin`... and their labels beside them.
///
/// A shard appears by renaming, the `.idx` file last, so a reader never sees a part of one. Memory
/// holds about 60 bytes a chunk of the open shard; tokens go straight to disk. Call `finish()`,
/// or `discard()` to leave no open shard behind.
public struct ShardWriter: ~Copyable {
  /// Labels that the source ids of the chunks stand for; may grow between chunks.
  public var sources = SourceTable()
  /// Chunks taken so far.
  public private(set) var count = 0
  /// Tokens taken so far.
  public private(set) var tokenCount = 0
  /// Shards finished so far.
  public private(set) var shardCount = 0
  /// The element type on disk.
  public let type: TokenType
  private let folder: String
  private let options: ShardOptions
  private let vocabularySize: Int
  private var bin: FileWriter?
  private var sizes: [Int32] = []
  private var labels = ChunkLabels()
  private var encoded: [UInt8] = []

  /// Starts at shard 0 of `folder`, which is made if needed.
  public init(
    folder: String, vocabularySize: Int, options: ShardOptions = ShardOptions()
  ) throws(CorpusError) {
    guard options.chunksPerShard > 0 else {
      throw .setting(
        name: "the shard size", found: "\(options.chunksPerShard)", expected: "1 or more chunks")
    }
    try storing { () throws(StoreError) in try Folder.make(folder) }
    self.folder = folder
    self.options = options
    self.vocabularySize = vocabularySize
    type = TokenType(vocabularySize: vocabularySize)
    bin = nil
  }

  /// Takes the next chunk.
  public mutating func append(_ chunk: PackedChunk) throws(CorpusError) {
    guard Int(chunk.source) < sources.names.count else {
      throw .setting(
        name: "the source id", found: "\(chunk.source)",
        expected: "one of \(sources.names.count) in the table")
    }
    try encode(chunk.tokens)
    if bin == nil {
      let path = self.path(options.shuffleSeed == nil ? "bin" : "ordered")
      bin = try storing { () throws(StoreError) in try FileWriter(replacing: path) }
    }
    let bytes = encoded
    try bytes.withBytes { (raw) throws(CorpusError) in
      do throws(StoreError) {
        try bin?.write(raw)
      } catch {
        throw .store(error)
      }
    }
    sizes.append(Int32(chunk.tokens.count))
    labels.append(source: chunk.source, pieces: chunk.pieces)
    count += 1
    tokenCount += chunk.tokens.count
    if sizes.count == options.chunksPerShard { try closeShard() }
  }

  /// Closes the last shard. A writer that took no chunk writes no file.
  public mutating func finish() throws(CorpusError) {
    if !sizes.isEmpty { try closeShard() }
  }

  /// Drops the open shard.
  public mutating func discard() {
    bin?.discard()
    bin = nil
  }

  private func path(_ suffix: String) -> String { "\(folder)/data_\(shardCount).\(suffix)" }

  private mutating func encode(_ tokens: [Int32]) throws(CorpusError) {
    encoded.removeAll(keepingCapacity: true)
    let limit = min(vocabularySize, type.range.upperBound + 1)
    for token in tokens where token < 0 || Int(token) >= limit {
      throw .tokenOutOfRange(
        token: Int(token), path: path("bin"), expected: "an id below \(limit)")
    }
    if type == .uint16 {
      for token in tokens {
        encoded.append(UInt8(truncatingIfNeeded: token))
        encoded.append(UInt8(truncatingIfNeeded: token >> 8))
      }
    } else {
      for token in tokens {
        withUnsafeBytes(of: token.littleEndian) { encoded.append(contentsOf: $0) }
      }
    }
  }

  private mutating func closeShard() throws(CorpusError) {
    let failure: StoreError?
    do throws(StoreError) {
      try bin?.commit()
      failure = nil
    } catch {
      failure = error
    }
    bin = nil
    if let failure { throw .store(failure) }
    if let seed = options.shuffleSeed { try shuffle(seed: seed) }
    try labels.write(to: path("chunks.safetensors"), names: sources.names)
    let index = ShardIndex.encode(sizes: sizes, type: type)
    let indexPath = path("idx")
    try storing { () throws(StoreError) in try AtomicFile.write(index, to: indexPath) }
    shardCount += 1
    sizes.removeAll(keepingCapacity: true)
    labels = ChunkLabels()
  }

  /// Writes the chunks of the open shard in a random order, copying from the ordered file.
  private mutating func shuffle(seed: UInt64) throws(CorpusError) {
    var order = Array(sizes.indices)
    var random = RandomSource(seed: seed).split("shard \(shardCount)")
    random.shuffle(&order)
    var starts = [0]
    starts.reserveCapacity(sizes.count + 1)
    for size in sizes { starts.append((starts.last ?? 0) + Int(size) * type.width) }
    let (ordered, shuffled) = (path("ordered"), path("bin"))
    try storing { () throws(StoreError) in
      let file = try MappedFile(path: ordered)
      try AtomicFile.write(to: shuffled) { (writer) throws(StoreError) in
        for index in order {
          try writer.write(
            UnsafeRawBufferPointer(rebasing: file.bytes[starts[index]..<starts[index + 1]]))
        }
      }
      try Folder.remove(ordered)
    }
    labels = labels.reordered(order)
    sizes = order.map { sizes[$0] }
  }
}
