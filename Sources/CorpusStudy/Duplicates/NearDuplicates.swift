import Corpus

/// Finds texts that nearly equal an earlier one, by banded hashes of their MinHash signatures.
///
/// 21 bands of 6 values: a pair of Jaccard similarity 0.8 shares a band with a chance above 99.8 %.
/// Candidates count when their signatures agree in at least the threshold. Memory: 16 bytes a text
/// and band while it is sorted, in as many passes over the signatures as keep that below a bound,
/// and 4 bytes a text for the groups.
struct NearDuplicates {
  static let bands = 21
  static let rows = 6
  /// Texts of one band that are sorted at a time.
  static let textsOfPass = 8 << 20
  /// Earlier texts of a group that a candidate is compared with.
  static let comparisons = 8

  private let signatures: UnsafeRawBufferPointer
  private let count: Int
  private let threshold: Double
  private let takesPart: (Int) -> Bool

  /// - Parameters:
  ///   - signatures: 128 values of 16 bits for each of `count` texts.
  ///   - threshold: least share of equal values.
  ///   - takesPart: false for texts that are not compared.
  init(
    signatures: UnsafeRawBufferPointer, count: Int, threshold: Double,
    takesPart: @escaping (Int) -> Bool
  ) {
    self.signatures = signatures
    self.count = count
    self.threshold = threshold
    self.takesPart = takesPart
  }

  /// The first text of the group that each text belongs to; itself where it stands alone.
  ///
  /// - Parameter report: gets the share of the work that is done; false ends it early.
  func groups(_ report: (Double) -> Bool) -> [UInt32] {
    var groups = Groups(count: count)
    let passes = max(1, (count + Self.textsOfPass - 1) / Self.textsOfPass)
    for band in 0..<Self.bands {
      for pass in 0..<passes {
        link(band: band, pass: pass, of: passes, &groups)
        let done = Double(band * passes + pass + 1) / Double(Self.bands * passes)
        guard report(done) else { return groups.roots() }
      }
    }
    return groups.roots()
  }

  private func link(band: Int, pass: Int, of passes: Int, _ groups: inout Groups) {
    var keys: [(key: UInt64, text: UInt32)] = []
    keys.reserveCapacity(count / passes + 1)
    for text in 0..<count where takesPart(text) {
      let key = self.key(of: text, band: band)
      // Texts with one key meet in one pass.
      if passes > 1, Int(key >> 32) % passes != pass { continue }
      keys.append((key, UInt32(text)))
    }
    keys.sort { ($0.key, $0.text) < ($1.key, $1.text) }
    var start = 0
    while start < keys.count {
      var end = start + 1
      while end < keys.count, keys[end].key == keys[start].key { end += 1 }
      for index in start + 1..<max(start + 1, end) {
        for other in max(start, index - Self.comparisons)..<index {
          let (a, b) = (Int(keys[other].text), Int(keys[index].text))
          if groups.root(of: a) == groups.root(of: b) { break }
          if agreement(a, b) >= threshold {
            groups.join(a, b)
            break
          }
        }
      }
      start = end
    }
  }

  private func key(of text: Int, band: Int) -> UInt64 {
    var key = UInt64(band) &+ 0x9E37_79B9_7F4A_7C15
    for row in 0..<Self.rows {
      key = MinHash.mix(key ^ UInt64(value(text, band * Self.rows + row)))
    }
    return key
  }

  private func agreement(_ a: Int, _ b: Int) -> Double {
    var equal = 0
    for bin in 0..<MinHash.bins where value(a, bin) == value(b, bin) { equal += 1 }
    return Double(equal) / Double(MinHash.bins)
  }

  @inline(__always)
  private func value(_ text: Int, _ bin: Int) -> UInt16 {
    signatures.loadUnaligned(
      fromByteOffset: 2 * (text * MinHash.bins + bin), as: UInt16.self)
  }
}

/// Groups of texts; each is known by its first.
private struct Groups {
  private var parents: [UInt32]

  init(count: Int) { parents = (0..<UInt32(count)).map { $0 } }

  mutating func root(of text: Int) -> Int {
    var root = text
    while Int(parents[root]) != root {
      parents[root] = parents[Int(parents[root])]
      root = Int(parents[root])
    }
    return root
  }

  mutating func join(_ a: Int, _ b: Int) {
    let (first, second) = (root(of: a), root(of: b))
    parents[max(first, second)] = UInt32(min(first, second))
  }

  mutating func roots() -> [UInt32] {
    for text in parents.indices { parents[text] = UInt32(root(of: text)) }
    return parents
  }
}
