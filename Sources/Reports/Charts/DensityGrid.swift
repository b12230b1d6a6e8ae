/// How many points lie in each cell of a grid, kept and dropped ones apart: a scatter of 10^8 points
/// is as small as one of a thousand.
public struct DensityGrid: Sendable, Equatable {
  public let x: ClosedRange<Double>
  public let y: ClosedRange<Double>
  public let columns: Int
  public let rows: Int
  private(set) var kept: [Int]
  private(set) var dropped: [Int]
  /// Points that lie outside of the grid or are no numbers.
  public private(set) var outside = 0

  /// - Parameters:
  ///   - x, y: what the grid spans; a range without width becomes one around its value.
  ///   - columns, rows: at least 1, at most 200 each.
  public init(
    x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int = 120, rows: Int = 84
  ) {
    func wide(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
      let made = AxisRange(from: range.lowerBound, to: range.upperBound, scale: .linear)
      return made.low...made.high
    }
    self.x = wide(x)
    self.y = wide(y)
    self.columns = min(200, max(1, columns))
    self.rows = min(200, max(1, rows))
    kept = [Int](repeating: 0, count: self.columns * self.rows)
    dropped = kept
  }

  public mutating func add(x px: Double, y py: Double, isKept: Bool) {
    guard x.contains(px), y.contains(py) else {
      outside += 1
      return
    }
    let column = Int((px - x.lowerBound) / (x.upperBound - x.lowerBound) * Double(columns))
    let row = Int((py - y.lowerBound) / (y.upperBound - y.lowerBound) * Double(rows))
    let cell = min(rows - 1, row) * columns + min(columns - 1, column)
    if isKept { kept[cell] += 1 } else { dropped[cell] += 1 }
  }

  /// Points inside.
  public var count: Int { kept.reduce(0, +) + dropped.reduce(0, +) }

  func points(_ column: Int, _ row: Int) -> (kept: Int, dropped: Int) {
    (kept[row * columns + column], dropped[row * columns + column])
  }

  /// The range that shows all but a few far values: all of them where that takes no more than twice
  /// the width of the middle 99.8 %.
  ///
  /// - Parameter sample: finite or not, in any order.
  public static func range(showing sample: some Sequence<Double>) -> ClosedRange<Double> {
    let sorted = sample.filter { AxisScale.linear.holds($0) }.sorted()
    guard let least = sorted.first, let most = sorted.last else { return 0...1 }
    let cut = Int(Double(sorted.count) * 0.001)
    let (low, high) = (sorted[cut], sorted[sorted.count - 1 - cut])
    let space = (high - low) * 0.05
    let isWide = most - least > 2 * (high - low) && high > low
    let made = AxisRange(
      of: isWide ? [low - space, high + space] : [least, most], scale: .linear,
      margin: isWide ? 0 : 0.02)
    return made.low...made.high
  }
}
