import Store

/// Chunks of a corpus that were set aside for the reference model: it has learnt them by heart, so
/// their difference says little.
public struct ReserveOverlap: Sendable, Equatable {
  /// Where the fingerprints came from.
  public let reserve: String
  /// Digest of the fingerprints, which tells reserves apart wherever they lie.
  public let digest: String
  /// Number of chunks in the corpus.
  public let chunkCount: Int
  /// Chunks that are in the reserve, ascending.
  public let chunks: [Int]

  /// Looks for the chunks of `shards` in a reserve.
  ///
  /// - Parameter goesOn: called about every thousand chunks with the chunks compared; false stops.
  /// - Throws: `CorpusError.cancelled` when it was stopped, and what reading throws.
  public init(
    of shards: TokenShards, in set: FingerprintSet, named name: String, threads: Int,
    goesOn: (_ chunks: Int) -> Bool = { _ in true }
  ) throws {
    var found: [Int] = []
    var compared = 0
    try shards.forEachBlock(threads: threads) { chunks, _ in
      var tokens: [Int32] = []
      let found = try chunks.filter { chunk in
        try shards.copyTokens(of: chunk, into: &tokens)
        return set.contains(Fingerprint.chunk(tokens))
      }
      return (found: found, compared: chunks.count)
    } take: {
      found += $0.found
      compared += $0.compared
      if !goesOn(compared) { throw CorpusError.cancelled }
    }
    reserve = name
    digest = try set.digest()
    chunkCount = shards.count
    chunks = found
  }

  /// The fingerprints of a folder: those of a split, or of all chunks where it holds only shards.
  public static func fingerprints(
    of folder: String, threads: Int, goesOn: (_ chunks: Int) -> Bool = { _ in true }
  ) throws -> FingerprintSet {
    let path = "\(folder)/\(FingerprintSet.fileName)"
    if Folder.exists(path) { return try FingerprintSet(path: path) }
    return try FingerprintSet(of: TokenShards(folder: folder), threads: threads, goesOn: goesOn)
  }

  /// A warning for people; nil when no chunk is in the reserve.
  public var warning: String? {
    guard !chunks.isEmpty else { return nil }
    let first = chunks.prefix(5).map(String.init).joined(separator: ", ")
    let share = 100 * Double(chunks.count) / Double(max(1, chunkCount))
    let percent = "\((share * 100).rounded() / 100)"
    return
      "\(chunks.count) of \(chunkCount) chunks (\(percent) %) were set aside for the reference "
      + "model in \(reserve), such as \(first): their difference says little."
  }

  /// 1 for every chunk in the reserve, 0 for the others.
  public var column: [UInt8] {
    var column = [UInt8](repeating: 0, count: chunkCount)
    for chunk in chunks { column[chunk] = 1 }
    return column
  }
}
