public import Store

/// Fingerprints of chunks, sorted: 8 bytes a chunk.
///
/// On disk `reserve.safetensors` with the one column `fingerprint` U64.
public struct FingerprintSet: Sendable {
  /// Name of the file.
  public static let fileName = "reserve.safetensors"

  /// Ascending, each once.
  public let values: [UInt64]

  /// A set of fingerprints in any order.
  public init(_ fingerprints: [UInt64]) {
    var sorted = fingerprints.sorted()
    var kept = 0
    for index in sorted.indices where index == 0 || sorted[index] != sorted[kept - 1] {
      sorted[kept] = sorted[index]
      kept += 1
    }
    sorted.removeLast(sorted.count - kept)
    values = sorted
  }

  /// The fingerprints of all chunks of a corpus.
  ///
  /// - Parameter goesOn: called about every thousand chunks with the chunks read; false stops.
  /// - Throws: `CorpusError.cancelled` when it was stopped, and what reading throws.
  public init(
    of shards: TokenShards, threads: Int, goesOn: (_ chunks: Int) -> Bool = { _ in true }
  ) throws {
    var all: [UInt64] = []
    all.reserveCapacity(shards.count)
    try shards.forEachBlock(threads: threads) { chunks, _ in
      var tokens: [Int32] = []
      return try chunks.map { chunk in
        try shards.copyTokens(of: chunk, into: &tokens)
        return Fingerprint.chunk(tokens)
      }
    } take: {
      all += $0
      if !goesOn(all.count) { throw CorpusError.cancelled }
    }
    self.init(all)
  }

  /// Reads a set that `write` wrote.
  public init(path: String) throws(StoreError) {
    let values: [UInt64] = try SafetensorsFile(path: path).values(of: "fingerprint")
    for index in values.indices.dropFirst() where values[index - 1] >= values[index] {
      throw .malformed(
        path: path, found: "fingerprint \(index) below the one before it",
        expected: "ascending fingerprints")
    }
    self.values = values
  }

  /// Hexadecimal SHA-256 of the values, little-endian: the same wherever the set lies.
  public func digest() throws(StoreError) -> String {
    var hasher = try Digest.Hasher()
    values.withUnsafeBytes { hasher.update($0) }
    return hasher.finish()
  }

  /// Number of different fingerprints.
  public var count: Int { values.count }

  /// Whether a fingerprint is in the set.
  public func contains(_ fingerprint: UInt64) -> Bool {
    values.withUnsafeBufferPointer { values in
      var (low, high) = (0, values.count)
      while low < high {
        let middle = (low + high) / 2
        if values[middle] < fingerprint { low = middle + 1 } else { high = middle }
      }
      return low < values.count && values[low] == fingerprint
    }
  }

  /// Writes the set into a folder.
  public func write(to folder: String) throws(StoreError) {
    var writer = try SafetensorsWriter(
      replacing: "\(folder)/\(Self.fileName)",
      tensors: [.init(name: "fingerprint", type: .u64, shape: [values.count])])
    do throws(StoreError) {
      try writer.write(values)
      try writer.commit()
    } catch {
      writer.discard()
      throw error
    }
  }
}

extension TokenShards {
  /// Works on blocks of 1,024 chunks on several threads, and takes the results in order; memory of
  /// what was read goes back as it goes on.
  func forEachBlock<Product: Sendable>(
    threads: Int,
    _ work: @escaping @Sendable (_ chunks: Range<Int>, _ block: Int) throws -> Product,
    take: (Product) throws -> Void
  ) throws {
    let size = 1024
    let count = count
    @Sendable func chunks(_ block: Int) -> Range<Int> {
      block * size..<min(count, (block + 1) * size)
    }
    _ = try OrderedBlocks.run(count: (count + size - 1) / size, threads: threads) {
    } produce: { _, block in
      try work(chunks(block), block)
    } consume: { block, product in
      try take(product)
      release(chunks(block))
      return true
    }
  }
}
