/// distinct-n: how many of a text's n-grams differ (Li et al. 2016, "A Diversity-Promoting Objective
/// Function for Neural Conversation Models").
///
/// N-grams of token ids inside one chunk; those of all chunks are counted together. The ratio falls with
/// the amount of text: only equal amounts can be compared.
public struct NGramDistinctness: Codable, Sendable, Equatable {
  /// Tokens of an n-gram.
  public var n: Int
  /// N-grams that differ, and all.
  public var distinct: Int
  public var total: Int

  /// Distinct n-grams over all; 0 without any.
  public var ratio: Double { total == 0 ? 0 : Double(distinct) / Double(total) }

  private enum CodingKeys: CodingKey { case n, distinct, total, ratio }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(n, forKey: .n)
    try values.encode(distinct, forKey: .distinct)
    try values.encode(total, forKey: .total)
    try values.encode(ratio, forKey: .ratio)
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    n = try values.decode(Int.self, forKey: .n)
    distinct = try values.decode(Int.self, forKey: .distinct)
    total = try values.decode(Int.self, forKey: .total)
  }

  /// Counts the n-grams of chunks: pairs exactly, longer ones by a hash of 64 bits, which for ten
  /// million n-grams errs with a chance of one in a hundred thousand.
  public init(n: Int, in chunks: [[Int32]]) {
    self.n = max(1, n)
    var keys: [UInt64] = []
    keys.reserveCapacity(chunks.reduce(0) { $0 + max(0, $1.count - n + 1) })
    for chunk in chunks where chunk.count >= self.n {
      for start in 0...chunk.count - self.n {
        var key: UInt64 = 0
        for token in chunk[start..<start + self.n] {
          key =
            self.n <= 2
            ? key << 32 | UInt64(UInt32(bitPattern: token))
            : Self.mixed(key ^ UInt64(UInt32(bitPattern: token)))
        }
        keys.append(key)
      }
    }
    keys.sort()
    total = keys.count
    distinct = keys.indices.count { $0 == 0 || keys[$0] != keys[$0 - 1] }
  }

  /// A step of SplitMix64: a permutation of all 64-bit numbers.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
