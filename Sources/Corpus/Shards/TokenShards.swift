import Store

/// A tokenized corpus on disk, opened for random access: `data_0.bin` and `data_0.idx` and so on,
/// as the published code writes them, with or without the labels beside them.
///
/// Indices and labels are mapped, tokens are read where they stand, and entries are checked then:
/// opening costs the same for ten chunks and for a hundred million, passes over all tokens do not
/// fill the memory, and no file, however broken, makes an access leave its bounds. Safe to share
/// between threads.
public final class TokenShards: Sendable {
  /// The folder.
  public let folder: String
  /// Number of chunks.
  public let count: Int
  /// Sum of their lengths, by the places of the last chunks.
  public let tokenCount: Int
  /// Source labels; without labels on disk the only one is "unknown".
  public let sources: [String]
  /// Whether all shards have their labels.
  public let isLabelled: Bool
  /// Index of the first chunk of each shard, and `count` at the end.
  public let shardStarts: [Int]
  /// Paths of the shards without their suffixes.
  public let shardPaths: [String]
  let shards: [Shard]
  /// The files as they were before they were opened.
  private let states: [(path: String, state: InputState)]

  struct Shard: Sendable {
    let bin: PositionedFile
    let index: ShardIndex
    let labels: ChunkLabelFile?
    /// Where the parts of documents are; nil if that was not written.
    let places: DocumentPlaces?
    /// Id in `sources` of each label of the shard.
    let sourceIDs: [Int]
  }

  /// Label of chunks whose shard has no labels.
  public static let unknownSource = "unknown"

  /// Opens shards: of a folder, or of the part of it that a `ShardLocation` names.
  public convenience init(folder: String) throws(CorpusError) {
    try self.init(ShardLocation(folder))
  }

  /// Opens the shards of a location.
  public init(_ location: ShardLocation) throws(CorpusError) {
    var shards: [Shard] = []
    var sources: [String] = []
    var ids: [String: Int] = [:]
    var starts = [0]
    var tokens = 0
    var states: [(path: String, state: InputState)] = []
    shardPaths = try location.bases()
    for base in shardPaths {
      for suffix in ["bin", "idx", "chunks.safetensors", DocumentPlaces.suffix] {
        let path = "\(base).\(suffix)"
        if let state = InputState(of: path) { states.append((path, state)) }
      }
      let bin = try storing { () throws(StoreError) in try PositionedFile(path: base + ".bin") }
      let index = try ShardIndex(path: base + ".idx", binSize: bin.byteCount)
      let labelPath = base + ".chunks.safetensors"
      let labels =
        Folder.exists(labelPath) ? try ChunkLabelFile(path: labelPath, count: index.count) : nil
      let sourceIDs = (labels?.names ?? [Self.unknownSource]).map { name in
        if let id = ids[name] { return id }
        ids[name] = sources.count
        sources.append(name)
        return sources.count - 1
      }
      let placesPath = base + "." + DocumentPlaces.suffix
      shards.append(
        Shard(
          bin: bin, index: index, labels: labels,
          places: Folder.exists(placesPath) ? try DocumentPlaces(path: placesPath) : nil,
          sourceIDs: sourceIDs))
      starts.append((starts.last ?? 0) + index.count)
      tokens += index.tokenCount
    }
    folder = location.folder
    self.shards = shards
    self.states = states
    self.sources = sources
    count = starts.last ?? 0
    shardStarts = starts
    tokenCount = tokens
    isLabelled = shards.allSatisfy { $0.labels != nil }
  }

  /// Refuses results of files that somebody has written to, or replaced, since they were opened: what
  /// was read is then no content that the shards ever had.
  ///
  /// - Throws: `changedWhileRead`.
  public func requireUnchanged() throws(CorpusError) {
    for (path, state) in states {
      guard let now = InputState(of: path) else {
        throw .changedWhileRead(
          path: path, found: "no file any more", expected: "the \(state.size) bytes that it had")
      }
      if let (found, expected) = state.difference(to: now, ofContentAlone: true) {
        throw .changedWhileRead(path: path, found: found, expected: expected)
      }
    }
  }

  /// Number of tokens of a chunk; 0 where the index is broken, which reading the tokens reports.
  /// `chunk` must be in `0..<count`.
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
  ///
  /// - Throws: `malformedShard` for an entry of the index or of the labels that cannot be,
  ///   `tokenOutOfRange`, `noSuchChunk`.
  public func copyTokens(of chunk: Int, into tokens: inout [Int32]) throws(CorpusError) {
    let stored = try storedTokens(of: chunk)
    let (file, type, size) = (stored.file, stored.type, stored.count)
    if tokens.count < size {
      tokens.append(contentsOf: repeatElement(0, count: size - tokens.count))
    } else {
      tokens.removeLast(tokens.count - size)
    }
    let failure = tokens.withUnsafeMutableBufferPointer { target -> CorpusError? in
      do throws(CorpusError) {
        if type == .int32 {
          // Int32 on disk is Int32 in memory: every machine that runs this is little-endian.
          try Self.read(file, at: stored.range, into: UnsafeMutableRawBufferPointer(target))
        } else {
          try Self.readNarrow(file, at: stored.range, type, into: target)
        }
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
    // Other types cannot hold negative numbers, or were looked at one by one.
    if type == .int32, tokens.reduce(0, |) < 0, let wrong = tokens.first(where: { $0 < 0 }) {
      throw .tokenOutOfRange(
        token: Int(wrong), path: file.path, expected: "an id of 0 to \(Int32.max)")
    }
  }

  /// Where the tokens of a chunk stand, for copying them as they are.
  func storedTokens(of chunk: Int) throws(CorpusError) -> StoredTokens {
    guard chunk >= 0, chunk < count else { throw .noSuchChunk(index: chunk, count: count) }
    let (place, local) = locate(chunk)
    let shard = shards[place]
    let range = try shard.index.range(of: local)
    try shard.labels?.check(local)
    return StoredTokens(file: shard.bin, range: range, type: shard.index.type)
  }

  private static func read(
    _ file: PositionedFile, at range: Range<Int>, into target: UnsafeMutableRawBufferPointer
  ) throws(CorpusError) {
    try storing { () throws(StoreError) in try file.read(at: range.lowerBound, into: target) }
  }

  /// Tokens of another width, by way of a piece of memory of their own.
  private static func readNarrow(
    _ file: PositionedFile, at range: Range<Int>, _ type: TokenType,
    into target: UnsafeMutableBufferPointer<Int32>
  ) throws(CorpusError) {
    let failure = withUnsafeTemporaryAllocation(
      byteCount: max(1, range.count), alignment: 8
    ) { memory -> CorpusError? in
      let bytes = UnsafeMutableRawBufferPointer(rebasing: memory[..<range.count])
      do throws(CorpusError) {
        try read(file, at: range, into: bytes)
      } catch {
        return error
      }
      if type == .uint16 {
        let tokens = bytes.bindMemory(to: UInt16.self)
        for position in target.indices {
          target[position] = Int32(UInt16(littleEndian: tokens[position]))
        }
        return nil
      }
      for position in target.indices {
        let token = type.token(position, of: UnsafeRawBufferPointer(bytes))
        guard token >= 0, token <= Int(Int32.max) else {
          return .tokenOutOfRange(
            token: token, path: file.path, expected: "an id of 0 to \(Int32.max)")
        }
        target[position] = Int32(token)
      }
      return nil
    }
    if let failure { throw failure }
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

  /// Replaces `pieces` by the documents in a chunk, keeping its memory.
  func copyDocuments(of chunk: Int, into pieces: inout [ChunkPiece]) {
    let (shard, local) = locate(chunk)
    pieces.removeAll(keepingCapacity: true)
    shards[shard].labels?.appendPieces(of: local, to: &pieces)
  }

  /// Whether some shard has tokens of more than 16 bits.
  public var holdsWideTokens: Bool { shards.contains { $0.index.type.width > 2 } }

  /// Shard of a chunk, and the chunk's place in it.
  func locate(_ chunk: Int) -> (shard: Int, local: Int) {
    precondition(chunk >= 0 && chunk < count, "chunk index out of range")
    var (low, high) = (0, shards.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if shardStarts[middle] <= chunk { low = middle } else { high = middle - 1 }
    }
    return (low, chunk - shardStarts[low])
  }
}
