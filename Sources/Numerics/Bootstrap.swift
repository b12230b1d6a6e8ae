/// The ends of an interval.
public struct Interval: Codable, Sendable, Equatable {
  public var low: Double
  public var high: Double

  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  public func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

/// The bootstrap: how far a statistic moves when the units that it is made of are drawn anew, with
/// replacement, as many as there are.
///
/// Whatever is computed from sums over units (means, ratios of sums, differences of them) is computed
/// from the sums of every replicate, and the percentiles of those values are its interval (Efron and
/// Tibshirani, "An Introduction to the Bootstrap", ch. 13). Units that belong together, such as the
/// parts of one document, have to be one unit. With fewer than some twenty units the interval is too
/// narrow.
public struct Bootstrap: Codable, Sendable, Equatable {
  /// How often the units are drawn anew.
  public var replicates: Int
  /// Seed of the draws: the same one gives the same intervals.
  public var seed: UInt64

  public init(replicates: Int = 1000, seed: UInt64 = 1) {
    self.replicates = max(1, replicates)
    self.seed = seed
  }

  /// The sum of every column in every replicate.
  ///
  /// - Parameters:
  ///   - columns: quantities by unit, all of the same units.
  ///   - stream: names the draws; columns that are to be drawn alike come in one call.
  /// - Returns: [columns][replicates]; without units no replicates.
  public func sums(of columns: [[Double]], stream: String) -> [[Double]] {
    let units = columns.first?.count ?? 0
    guard units > 0 else { return columns.map { _ in [] } }
    precondition(columns.allSatisfy { $0.count == units }, "columns of the same units")
    var random = RandomSource(seed: seed).split(stream)
    // How often a unit was drawn: the draws are random places in 4 bytes a unit, the sums go straight
    // through the columns.
    var counts = [UInt32](repeating: 0, count: units)
    var sums = columns.map { _ in [Double](repeating: 0, count: replicates) }
    for replicate in 0..<replicates {
      counts.withUnsafeMutableBufferPointer { counts in
        counts.update(repeating: 0)
        for _ in 0..<units { counts[random.index(below: units)] &+= 1 }
        for (place, column) in columns.enumerated() {
          sums[place][replicate] = column.withUnsafeBufferPointer { column in
            var sum = 0.0
            for unit in 0..<units { sum += Double(counts[unit]) * column[unit] }
            return sum
          }
        }
      }
    }
    return sums
  }

  /// The interval that holds the middle `confidence` of values; nil without values, and where one is no
  /// number. Percentiles lie between neighbouring values, as NumPy's do.
  public static func interval(of values: [Double], confidence: Double = 0.95) -> Interval? {
    guard !values.isEmpty, values.allSatisfy(\.isFinite) else { return nil }
    let sorted = values.sorted()
    func percentile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let below = Int(place)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
    let outside = (1 - confidence) / 2
    return Interval(low: percentile(outside), high: percentile(1 - outside))
  }
}
