import Store

extension TokenShards {
  /// Chunks whose tokens the identity takes in.
  static let identitySamples = 4096

  /// A digest that tells corpora apart without reading hundreds of gigabytes: SHA-256 over every
  /// `.idx` file, the sizes of the `.bin` files, and the tokens of 4,096 chunks spread evenly (of all
  /// chunks, if there are no more).
  ///
  /// Equal for copies and links under other names. A change that keeps every length and misses the
  /// sample goes unnoticed; a digest of every byte finds it, at the cost of reading every byte.
  public func identity() throws(CorpusError) -> String {
    var hasher = try storing { () throws(StoreError) in try Digest.Hasher() }
    for shard in shards {
      withUnsafeBytes(of: Int64(shard.bin.bytes.count).littleEndian) { hasher.update($0) }
      hasher.update(shard.index.bytes)
    }
    let samples = min(count, Self.identitySamples)
    for sample in 0..<samples {
      let (place, local) = locate(sample * count / samples)
      let range = try shards[place].index.range(of: local)
      hasher.update(UnsafeRawBufferPointer(rebasing: shards[place].bin.bytes[range]))
    }
    return hasher.finish()
  }
}
