import Glibc
import Store

/// How chunks are spread over shards.
public struct ShardOptions: Codable, Sendable, Equatable {
  /// Chunks in a full shard.
  public var chunksPerShard = 1_000_000
  /// Order of the chunks inside every shard, the last one too.
  public var shuffle = ShardShuffle.none
  /// The document entries of every index; nil as published.
  public var documentIndex: DocumentIndex?

  /// A million chunks a shard, in order.
  public init() {}
}

extension ShardOptions {
  /// Reads options that may be older than a setting, which then has its default.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    chunksPerShard = try values.decodeIfPresent(Int.self, forKey: .chunksPerShard) ?? chunksPerShard
    shuffle = try values.decodeIfPresent(ShardShuffle.self, forKey: .shuffle) ?? shuffle
    documentIndex = try values.decodeIfPresent(DocumentIndex.self, forKey: .documentIndex)
  }
}

/// Where a writer was: enough, with its work files, to go on after a crash.
struct ShardWriterState: Codable, Sendable, Equatable {
  var shards = 0
  var chunks = 0
  var tokens = 0
  var sources: [String] = []
  var open = OpenShard.Lengths()
}

/// Writes chunks as `data_0.bin`, `data_0.idx`, `data_1.bin`... and their labels beside them.
///
/// A shard appears by renaming, the `.idx` file last, so a reader never sees a part of one. Memory
/// holds about 30 bytes a chunk of the open shard; tokens go straight to disk. Call `finish()`,
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
  /// Ids below it may be written.
  private let limit: Int
  private var order: ShardOrder
  private var open: OpenShard?
  /// A resumable writer keeps the work files of closed shards until a state knows of the shards.
  private let isResumable: Bool
  private let places: DocumentPlacesRule
  private var retired: [String] = []

  /// Starts at shard 0 of `folder`, which is made if needed.
  public init(
    folder: String, vocabularySize: Int, options: ShardOptions = ShardOptions()
  ) throws(CorpusError) {
    try self.init(folder: folder, vocabularySize: vocabularySize, options: options, resuming: nil)
  }

  /// A writer whose states can be resumed; it goes on behind `state` if there is one.
  init(
    folder: String, vocabularySize: Int, options: ShardOptions, resuming state: ShardWriterState?,
    isResumable: Bool = false, places: DocumentPlacesRule = .none
  ) throws(CorpusError) {
    guard options.chunksPerShard > 0 else {
      throw .setting(
        name: "the shard size", found: "\(options.chunksPerShard)", expected: "1 or more chunks")
    }
    try storing { () throws(StoreError) in try Folder.make(folder) }
    // Everything that may fail comes before the first property.
    var table = SourceTable()
    for name in state?.sources ?? [] { _ = try table.id(of: name) }
    var shard: OpenShard?
    if let state, state.open.chunks > 0 {
      try Self.restoreOrdered(folder: folder, number: state.shards)
      shard = try OpenShard(folder: folder, number: state.shards, keeping: state.open)
    }
    self.folder = folder
    self.options = options
    self.isResumable = isResumable
    self.places = places
    sources = table
    open = shard
    type = TokenType(vocabularySize: vocabularySize)
    limit = min(vocabularySize, TokenType(vocabularySize: vocabularySize).range.upperBound + 1)
    order = ShardOrder(
      options.shuffle, after: state?.shards ?? 0, size: options.chunksPerShard)
    (count, tokenCount, shardCount) = (state?.chunks ?? 0, state?.tokens ?? 0, state?.shards ?? 0)
  }

  /// Makes the open shard durable and describes the writer.
  func checkpoint() throws(CorpusError) -> ShardWriterState {
    try open?.sync()
    return ShardWriterState(
      shards: shardCount, chunks: count, tokens: tokenCount, sources: sources.names,
      open: open?.lengths ?? OpenShard.Lengths())
  }

  /// Removes work files of closed shards, once a state that knows of the shards is on disk.
  mutating func removeRetired() throws(CorpusError) {
    for path in retired { unlink(path) }
    retired.removeAll()
  }

  /// Takes the next chunk.
  public mutating func append(_ chunk: PackedChunk) throws(CorpusError) {
    let failure = chunk.tokens.withUnsafeBufferPointer { tokens in
      chunk.pieces.withUnsafeBufferPointer { pieces -> CorpusError? in
        do throws(CorpusError) {
          try append(PackedChunkView(source: chunk.source, tokens: tokens, pieces: pieces))
          return nil
        } catch {
          return error
        }
      }
    }
    if let failure { throw failure }
  }

  /// Takes the next chunk.
  mutating func append(_ chunk: PackedChunkView) throws(CorpusError) {
    let shard = try shard(for: chunk.source)
    try write(chunk.tokens, to: shard.tokens)
    try shard.append(
      size: Int32(chunk.tokens.count), source: chunk.source, pieces: chunk.pieces)
    try didAppend(chunk.tokens.count, to: shard)
  }

  /// Takes the next chunk as it stands in a shard of the same type.
  mutating func append(
    _ stored: StoredTokens, source: UInt16, pieces: [ChunkPiece]
  ) throws(CorpusError) {
    let shard = try shard(for: source)
    try copy(stored, to: shard.tokens)
    let failure = pieces.withUnsafeBufferPointer { pieces -> CorpusError? in
      do throws(CorpusError) {
        try shard.append(size: Int32(stored.count), source: source, pieces: pieces)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
    try didAppend(stored.count, to: shard)
  }

  /// The shard that takes the next chunk.
  private mutating func shard(for source: UInt16) throws(CorpusError) -> OpenShard {
    guard Int(source) < sources.names.count else {
      throw .setting(
        name: "the source id", found: "\(source)",
        expected: "one of \(sources.names.count) in the table")
    }
    if let open { return open }
    let shard = try OpenShard(folder: folder, number: shardCount)
    open = shard
    return shard
  }

  private mutating func didAppend(_ tokens: Int, to shard: OpenShard) throws(CorpusError) {
    count += 1
    tokenCount += tokens
    if shard.sizes.count == options.chunksPerShard { try closeShard(shard) }
  }

  /// Closes the last shard. A writer that took no chunk writes no file.
  public mutating func finish() throws(CorpusError) {
    if let open { try closeShard(open) }
    if !isResumable { try removeRetired() }
  }

  /// Drops the open shard.
  public mutating func discard() {
    for path in open?.paths ?? [] { unlink(path) }
    open = nil
  }

  /// Tokens in the element type, checked, in pieces that fit the file's buffer.
  private func write(
    _ tokens: UnsafeBufferPointer<Int32>, to file: AppendFile
  ) throws(CorpusError) {
    for token in tokens where token < 0 || Int(token) >= limit {
      throw .tokenOutOfRange(
        token: Int(token), path: "\(folder)/data_\(shardCount).bin",
        expected: "an id below \(limit)")
    }
    try storing { () throws(StoreError) in
      if type != .uint16 {
        // Int32 in memory is Int32 on disk: every machine that runs this is little-endian.
        return try file.append(UnsafeRawBufferPointer(tokens))
      }
      var start = 0
      while start < tokens.count {
        let part = tokens[start..<min(tokens.count, start + 4096)]
        let room = try file.room(2 * part.count).bindMemory(to: UInt16.self)
        for (place, token) in part.enumerated() {
          room[place] = UInt16(truncatingIfNeeded: token)
        }
        file.take(2 * part.count)
        start += part.count
      }
    }
  }

  /// Stored tokens, checked, read straight into the file's buffer.
  private func copy(_ stored: StoredTokens, to file: AppendFile) throws(CorpusError) {
    var start = stored.range.lowerBound
    while start < stored.range.upperBound {
      let count = min(stored.range.upperBound - start, 1 << 18)
      let part = try storing { () throws(StoreError) in
        let room = UnsafeMutableRawBufferPointer(rebasing: try file.room(count)[..<count])
        try stored.file.read(at: start, into: room)
        return room
      }
      if let token = stored.type.firstToken(of: UnsafeRawBufferPointer(part), notBelow: limit) {
        throw .tokenOutOfRange(
          token: token, path: stored.file.path, expected: "an id below \(limit)")
      }
      file.take(count)
      start += count
    }
  }

  private mutating func closeShard(_ shard: OpenShard) throws(CorpusError) {
    let order = order.next(shard: shard.number, count: shard.sizes.count)
    try ShardCloser(
      folder: folder, type: type, names: sources.names, places: places,
      documentIndex: options.documentIndex ?? .published
    )
    .close(shard, order: order)
    retired += shard.paths
    open = nil
    shardCount += 1
    if !isResumable { try removeRetired() }
  }

  /// Whether a writer that goes on from `state` needs a file of its folder: finished shards, the work
  /// files of the open shard.
  static func keeps(_ name: String, _ state: ShardWriterState) -> Bool {
    guard !name.contains(".tmp-"), name.hasPrefix("data_"), let dot = name.firstIndex(of: "."),
      let number = Int(name[name.index(name.startIndex, offsetBy: 5)..<dot])
    else { return false }
    let suffix = String(name[name.index(after: dot)...])
    if OpenShard.suffixes.contains(suffix) { return number == state.shards }
    // Without a shuffle the ordered file of a shard closed after the state may be its .bin.
    return number < state.shards || number == state.shards && suffix == "bin"
  }

  /// Undoes the renaming of an ordered file whose shard was closed after the state was written.
  private static func restoreOrdered(folder: String, number: Int) throws(CorpusError) {
    let base = "\(folder)/data_\(number)."
    guard !Folder.exists(base + "ordered"), Folder.exists(base + "bin") else { return }
    if rename(base + "bin", base + "ordered") != 0 {
      throw .store(.system(operation: "rename to", path: base + "ordered"))
    }
  }
}
