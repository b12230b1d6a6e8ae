import Foundation

/// Which n-grams of token ids tell kept chunks from dropped ones: log odds ratios with an informative
/// Dirichlet prior and their z-scores (Monroe, Colaresi and Quinn 2008, "Fightin' Words", equations 16
/// and 20).
///
/// An n-gram counts once in a chunk, however often it stands there, so that one text that repeats itself
/// speaks for itself alone. The prior is the n-gram's share of all counts. Of n-grams that contain each
/// other and stand in about the same chunks the longest is left, in the place of the strongest.
public struct NGramContrast: Sendable, Equatable {
  public struct Row: Sendable, Equatable {
    public let tokens: [Int32]
    /// Chunks that hold it.
    public let kept: Int
    public let dropped: Int
    /// Log odds ratio of kept against dropped, nats, and the same over its standard error.
    public let logOdds: Double
    public let z: Double
  }

  /// Those that speak for being kept, and for being dropped, strongest first.
  public let keeps: [Row]
  public let drops: [Row]

  public struct Settings: Sendable, Equatable {
    /// Tokens of the longest n-gram.
    public var longest: Int
    /// Rows of each side.
    public var top: Int
    /// Chunks that an n-gram must be in.
    public var leastChunks: Int
    /// n-grams with this token are left out: they go over the end of a document.
    public var separator: Int32?

    public init(
      longest: Int = 3, top: Int = 25, leastChunks: Int = 5, separator: Int32? = nil
    ) {
      self.longest = longest
      self.top = top
      self.leastChunks = leastChunks
      self.separator = separator
    }
  }

  /// Counts of all chunks together that the prior is worth.
  private static let priorCounts = 500.0
  /// z below which nothing stands out: nearly all n-grams lie within.
  private static let leastZ = 1.96

  /// - Parameter step: called now and then; throws to end the work.
  public init(
    kept: [[Int32]], dropped: [[Int32]], _ settings: Settings,
    step: () throws -> Void
  ) rethrows {
    var candidates: [Candidate] = []
    if !kept.isEmpty, !dropped.isEmpty {
      for n in 1...max(1, settings.longest) {
        try step()
        candidates += Self.candidates(n, kept, dropped, settings)
      }
      try step()
    }
    let found = Self.rows(candidates, kept + dropped, settings)
    keeps = Self.distinct(found.filter { $0.z > 0 }, settings.top)
    drops = Self.distinct(found.filter { $0.z < 0 }, settings.top)
  }

  private struct Candidate {
    var n: Int
    var key: UInt64
    var kept: Int
    var dropped: Int
    var logOdds: Double
    var z: Double
  }

  /// The n-grams of one length that stand out, by their hash.
  private static func candidates(
    _ n: Int, _ kept: [[Int32]], _ dropped: [[Int32]], _ settings: Settings
  ) -> [Candidate] {
    // The side is the lowest bit, so that both counts of an n-gram come together when sorted.
    var keys: [UInt64] = []
    for (side, chunks) in [(UInt64(1), kept), (0, dropped)] {
      for chunk in chunks {
        var own: [UInt64] = []
        forEach(n, in: chunk, settings.separator) { key, _ in own.append(key << 1 | side) }
        own.sort()
        for (place, key) in own.enumerated() where place == 0 || own[place - 1] != key {
          keys.append(key)
        }
      }
    }
    keys.sort()
    let keptCount = Double(keys.count { $0 & 1 == 1 })
    let droppedCount = Double(keys.count) - keptCount
    guard keptCount > 0, droppedCount > 0 else { return [] }
    var result: [Candidate] = []
    var start = 0
    while start < keys.count {
      let key = keys[start] >> 1
      var (end, onKept) = (start, 0)
      while end < keys.count, keys[end] >> 1 == key {
        onKept += Int(keys[end] & 1)
        end += 1
      }
      defer { start = end }
      guard end - start >= settings.leastChunks else { continue }
      let prior = priorCounts * Double(end - start) / Double(keys.count)
      func logOdds(_ count: Double, of all: Double) -> Double {
        log((count + prior) / (all + priorCounts - count - prior))
      }
      let (one, other) = (Double(onKept), Double(end - start - onKept))
      let ratio = logOdds(one, of: keptCount) - logOdds(other, of: droppedCount)
      let z = ratio / (1 / (one + prior) + 1 / (other + prior)).squareRoot()
      guard abs(z) >= leastZ else { continue }
      result.append(
        Candidate(
          n: n, key: key, kept: onKept, dropped: end - start - onKept, logOdds: ratio, z: z))
    }
    // More than are wanted, for some say the same.
    let enough = 8 * settings.top
    result.sort { $0.z > $1.z }
    return result.count <= 2 * enough
      ? result : Array(result.prefix(enough) + result.suffix(enough))
  }

  /// The tokens of candidates, strongest first.
  private static func rows(
    _ candidates: [Candidate], _ chunks: [[Int32]], _ settings: Settings
  ) -> [Row] {
    var wanted: [[UInt64: Candidate]] = Array(repeating: [:], count: settings.longest + 1)
    for candidate in candidates { wanted[candidate.n][candidate.key] = candidate }
    var rows: [Row] = []
    for chunk in chunks {
      for n in wanted.indices where !wanted[n].isEmpty {
        forEach(n, in: chunk, settings.separator) { key, start in
          guard let found = wanted[n].removeValue(forKey: key) else { return }
          rows.append(
            Row(
              tokens: Array(chunk[start..<start + n]), kept: found.kept, dropped: found.dropped,
              logOdds: found.logOdds, z: found.z))
        }
      }
    }
    return rows.sorted {
      abs($0.z) == abs($1.z)
        ? $0.tokens.lexicographicallyPrecedes($1.tokens) : abs($0.z) > abs($1.z)
    }
  }

  /// Of what says the same one stays, in the place of the strongest: the longest, which says most.
  private static func distinct(_ rows: [Row], _ count: Int) -> [Row] {
    var result: [Row] = []
    for row in rows where result.count < count {
      let told = result.firstIndex { other in
        let (less, more) = (row.kept + row.dropped, other.kept + other.dropped)
        guard Double(min(less, more)) >= 0.7 * Double(max(less, more)) else { return false }
        return contains(other.tokens, row.tokens) || contains(row.tokens, other.tokens)
      }
      guard let told else {
        result.append(row)
        continue
      }
      if row.tokens.count > result[told].tokens.count { result[told] = row }
    }
    return result
  }

  private static func contains(_ longer: [Int32], _ shorter: [Int32]) -> Bool {
    guard shorter.count <= longer.count else { return false }
    return (0...longer.count - shorter.count).contains {
      longer[$0..<$0 + shorter.count].elementsEqual(shorter)
    }
  }

  /// A hash of 63 bits of every n-gram, and where it begins.
  private static func forEach(
    _ n: Int, in chunk: [Int32], _ separator: Int32?, _ body: (_ key: UInt64, _ start: Int) -> Void
  ) {
    guard n > 0, chunk.count >= n else { return }
    // Where the last separator stands.
    var last = -1
    for end in chunk.indices {
      if chunk[end] == separator { last = end }
      let start = end - n + 1
      guard start > last, start >= 0 else { continue }
      var key: UInt64 = UInt64(n)
      for token in chunk[start...end] { key = mixed(key ^ UInt64(UInt32(bitPattern: token))) }
      body(key & UInt64(Int64.max), start)
    }
  }

  /// A step of SplitMix64.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
