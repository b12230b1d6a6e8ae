public import EngineInterface

/// Ratio and threshold read off a histogram, so that the screen follows a key before the engine
/// answers. Exact up to the width of a bin.
extension HistogramSnapshot {
  public var total: Int { counts.reduce(0, +) }

  private var binWidth: Double { (upper - lower) / Double(max(1, counts.count)) }

  /// The value above which a share (0...1) of the scores lies; nil without scores.
  public func threshold(keeping share: Double) -> Double? {
    let total = total
    guard total > 0, upper > lower else { return nil }
    var wanted = min(1, max(0, share)) * Double(total)
    for index in counts.indices.reversed() {
      let count = Double(counts[index])
      if wanted <= count {
        let part = count > 0 ? wanted / count : 0
        return lower + (Double(index + 1) - part) * binWidth
      }
      wanted -= count
    }
    return lower
  }

  /// The share (0...1) of the scores that is at least `value`; nil without scores.
  public func share(atLeast value: Double) -> Double? {
    let total = total
    guard total > 0, upper > lower, value.isFinite else { return nil }
    let place = min(Double(counts.count), max(0, (value - lower) / binWidth))
    let bin = min(counts.count - 1, Int(place))
    var above = Double(counts[(bin + 1)...].reduce(0, +))
    above += Double(counts[bin]) * (Double(bin + 1) - place)
    return above / Double(total)
  }

  /// Neighbouring bins put together, so that at most `limit` bins are left.
  public func merged(toAtMost limit: Int) -> HistogramSnapshot {
    guard limit > 0, counts.count > limit else { return self }
    let factor = (counts.count + limit - 1) / limit
    var merged: [Int] = []
    for start in stride(from: 0, to: counts.count, by: factor) {
      merged.append(counts[start..<min(counts.count, start + factor)].reduce(0, +))
    }
    var result = self
    result.counts = merged
    // The last group may reach past the end: the right edge moves with it.
    result.upper = lower + Double(merged.count * factor) * binWidth
    return result
  }
}
