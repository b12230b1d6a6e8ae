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
      withUnsafeBytes(of: Int64(shard.bin.byteCount).littleEndian) { hasher.update($0) }
      hasher.update(shard.index.bytes)
    }
    var bytes: [UInt8] = []
    let samples = min(count, Self.identitySamples)
    for sample in 0..<samples {
      let (place, local) = locate(sample * count / samples)
      let range = try shards[place].index.range(of: local)
      if bytes.count < range.count {
        bytes.append(contentsOf: repeatElement(0, count: range.count - bytes.count))
      }
      let failure = bytes.withUnsafeMutableBytes { buffer -> StoreError? in
        let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<range.count])
        do throws(StoreError) {
          try shards[place].bin.read(at: range.lowerBound, into: target)
        } catch {
          return error
        }
        hasher.update(UnsafeRawBufferPointer(target))
        return nil
      }
      if let failure { throw .store(failure) }
    }
    return hasher.finish()
  }
}
