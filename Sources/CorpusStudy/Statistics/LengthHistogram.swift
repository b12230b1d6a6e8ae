/// Lengths in bins that grow with the length: 16 for every doubling, so quantiles are off by 3 %.
struct LengthHistogram: Sendable {
  private(set) var bins: [Int] = []
  private(set) var count = 0
  private(set) var longest = 0

  mutating func add(_ length: Int) {
    let bin = Self.bin(of: length)
    if bin >= bins.count { bins += [Int](repeating: 0, count: bin + 1 - bins.count) }
    bins[bin] += 1
    count += 1
    longest = max(longest, length)
  }

  mutating func add(_ other: LengthHistogram) {
    if other.bins.count > bins.count {
      bins += [Int](repeating: 0, count: other.bins.count - bins.count)
    }
    for (bin, count) in other.bins.enumerated() { bins[bin] += count }
    count += other.count
    longest = max(longest, other.longest)
  }

  /// The length that a share of all does not exceed; the middle of its bin.
  func quantile(_ share: Double) -> Int {
    let rank = Int((share * Double(max(0, count - 1))).rounded())
    var before = 0
    for (bin, count) in bins.enumerated() {
      before += count
      if before > rank { return min(longest, (Self.start(of: bin) + Self.start(of: bin + 1)) / 2) }
    }
    return longest
  }

  /// Lengths below 32 have a bin each.
  private static func bin(of length: Int) -> Int {
    guard length >= 32 else { return max(0, length) }
    let exponent = Int.bitWidth - 1 - length.leadingZeroBitCount
    return 32 + 16 * (exponent - 5) + (length >> (exponent - 4)) - 16
  }

  private static func start(of bin: Int) -> Int {
    guard bin >= 32 else { return bin }
    return (16 + (bin - 32) % 16) << ((bin - 32) / 16 + 1)
  }
}
