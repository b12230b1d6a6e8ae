/// A source whose differences lie apart from those of the rest of the corpus.
public struct SourceStandout: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// Its median is outside of what the central 90 % of the others have.
    case median
    /// It makes a peak of its own in the histogram of all: so many of the chunks there are its.
    case peak(share: Double)
  }

  public let source: Int
  public let kind: Kind
  /// Chunks of the source that are meant, and all of its chunks.
  public let chunks: Int
  public let of: Int
  /// Where they lie: their median, or the top of the peak; nats per token.
  public let place: Double
  /// Where the central 90 % of the others lie.
  public let others: ClosedRange<Double>

  /// Chunks of a source below which nothing is said of it, and the share of all.
  static let fewest = 20
  static let smallestShare = 0.004

  /// Looks through the histograms of all sources: O(sources x bins), however many chunks there are.
  /// The farthest first.
  public static func find(_ histograms: SourceHistograms) -> [SourceStandout] {
    let all = histograms.all.display(bins: 256, clipped: 0)
    let total = all.counts.reduce(0, +)
    guard total > 0, all.binWidth > 0 else { return [] }
    let displays = histograms.sources.map { $0.display(like: all) }
    let peaks = sidePeaks(all)
    let found = histograms.sources.indices.compactMap { source -> SourceStandout? in
      let own = histograms.sources[source]
      guard own.count >= fewest, Double(own.count) >= smallestShare * Double(total),
        own.count < total, let median = own.quantile(0.5)
      else { return nil }
      let counts = displays[source].counts
      let rest = zip(all.counts, counts).map { $0 - $1 }
      guard let low = quantile(0.05, rest, all), let high = quantile(0.95, rest, all), low < high
      else { return nil }
      if !(low...high).contains(median) {
        return SourceStandout(
          source: source, kind: .median, chunks: own.count, of: own.count, place: median,
          others: low...high)
      }
      for peak in peaks {
        let here = counts[peak.bins].reduce(0, +)
        let everybody = all.counts[peak.bins].reduce(0, +)
        let share = Double(here) / Double(max(1, everybody))
        // Most of the peak is the source's, and the source is more than a passer-by in it.
        guard here >= fewest, share >= 0.6, Double(here) >= 0.2 * Double(own.count) else {
          continue
        }
        return SourceStandout(
          source: source, kind: .peak(share: share), chunks: here, of: own.count,
          place: all.lower + (Double(peak.top) + 0.5) * all.binWidth, others: low...high)
      }
      return nil
    }
    func distance(_ standout: SourceStandout) -> Double {
      max(standout.others.lowerBound - standout.place, standout.place - standout.others.upperBound)
    }
    return found.sorted { distance($0) > distance($1) }
  }

  private static func quantile(
    _ share: Double, _ counts: [Int], _ display: ScoreHistogram.Display
  ) -> Double? {
    let total = counts.reduce(0, +)
    guard total > 0 else { return nil }
    let target = share * Double(total)
    var passed = 0.0
    for (bin, count) in counts.enumerated() where count > 0 {
      if passed + Double(count) >= target {
        let inside = (target - passed) / Double(count)
        return display.lower + (Double(bin) + inside) * display.binWidth
      }
      passed += Double(count)
    }
    return display.upper
  }

  /// Peaks beside the highest one: between them and it the smoothed counts fall to less than 0.7 of the
  /// lower of both.
  private static func sidePeaks(
    _ display: ScoreHistogram.Display
  ) -> [(top: Int, bins: Range<Int>)] {
    let smooth = smoothed(display.counts)
    guard let highest = smooth.indices.max(by: { smooth[$0] < smooth[$1] }) else { return [] }
    var peaks: [(top: Int, bins: Range<Int>)] = []
    for step in [-1, 1] {
      var (valley, place) = (highest, highest)
      var top: Int?
      while smooth.indices.contains(place) {
        if let known = top {
          if smooth[place] > smooth[known] { top = place }
        } else if smooth[place] < smooth[valley] {
          valley = place
        } else if smooth[place] >= 1, smooth[valley] < 0.7 * smooth[place] {
          top = place
        }
        place += step
      }
      guard let top else { continue }
      peaks.append((top, step < 0 ? 0..<valley : valley + 1..<smooth.count))
    }
    return peaks
  }

  /// Means over nine bins, twice: one chunk more or less makes no peak.
  private static func smoothed(_ counts: [Int]) -> [Double] {
    var values = counts.map(Double.init)
    for _ in 0..<2 {
      values = values.indices.map { bin in
        let near = max(0, bin - 4)..<min(values.count, bin + 5)
        return values[near].reduce(0, +) / Double(near.count)
      }
    }
    return values
  }
}
