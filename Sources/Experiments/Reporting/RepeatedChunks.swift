import Corpus

/// Held-out chunks that stand, token for token, in the text that students or scorers learn from: their
/// loss says what was remembered.
enum RepeatedChunks {
  /// How many chunks of `heldOut` are among those of `learnt`, by hashes of 64 bits. Memory: some tens of
  /// bytes a held-out chunk.
  static func count(in heldOut: some ChunkSource, of learnt: [any ChunkSource]) throws -> Int {
    var tokens: [Int32] = []
    var numbers: [Int: Int] = [:]
    for chunk in 0..<heldOut.count {
      try heldOut.copyTokens(of: chunk, into: &tokens)
      numbers[hash(tokens), default: 0] += 1
    }
    var found = 0
    for source in learnt {
      for chunk in 0..<source.count {
        try source.copyTokens(of: chunk, into: &tokens)
        found += numbers.removeValue(forKey: hash(tokens)) ?? 0
      }
    }
    return found
  }

  private static func hash(_ tokens: [Int32]) -> Int {
    var hasher = Hasher()
    tokens.withUnsafeBytes { hasher.combine(bytes: $0) }
    return hasher.finalize()
  }
}
