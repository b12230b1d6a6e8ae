/// Counts of chunks by what both models say of them: mean log p of the reference across, of the
/// teacher up, in fine cells of equal width. Memory does not grow with the corpus.
public struct ScoreDensity: Sendable, Equatable {
  /// Width of a fine cell, nats per token.
  public static let fineWidth = 0.05
  /// Cells a side: from `lowest` to zero; what lies below it is in the first.
  static let side = 320
  /// Mean log probability at the left and lower edge.
  public static let lowest = -Double(side) * fineWidth

  public private(set) var count = 0
  private var cells = [UInt32](repeating: 0, count: side * side)
  private var columns = [Int](repeating: 0, count: side)
  private var rows = [Int](repeating: 0, count: side)

  public init() {}

  public mutating func add(_ scores: [ChunkScore]) {
    for score in scores { add(score) }
  }

  public mutating func add(_ scores: ChunkScores) {
    for row in 0..<scores.count { add(scores[row]) }
  }

  /// Scores that are not finite are left out.
  private mutating func add(_ score: ChunkScore) {
    guard score.isFinite else { return }
    let (x, y) = (Self.cell(score.referenceNLL), Self.cell(score.teacherNLL))
    cells[y * Self.side + x] &+= 1
    columns[x] += 1
    rows[y] += 1
    count += 1
  }

  /// The cell of a mean NLL, nats per token.
  private static func cell(_ nll: Float) -> Int {
    min(side - 1, max(0, Int(((-Double(nll) - lowest) / fineWidth).rounded(.down))))
  }

  /// Counts in a grid that holds all but the outermost `clipped` share on each side of both axes.
  public struct Display: Sendable, Equatable {
    /// Left end of the first column, lower end of the first row; nats per token.
    public var left: Double
    public var bottom: Double
    /// Width and height of a cell.
    public var cell: Double
    public var columns: Int
    public var rows: Int
    /// Row by row from below; the edges hold what lies outside, too.
    public var counts: [UInt32]
  }

  /// The densest part in at most so many cells a side; nil without scores.
  public func display(most: Int = 120, clipped: Double = 0.0005) -> Display? {
    guard count > 0, most > 0 else { return nil }
    let x = Self.range(columns, count: count, clipped: clipped)
    let y = Self.range(rows, count: count, clipped: clipped)
    // One width for both axes: equal differences are diagonals of one slope everywhere.
    let merged = max(1, (max(x.count, y.count) + most - 1) / most)
    let width = (x.count + merged - 1) / merged
    let height = (y.count + merged - 1) / merged
    var counts = [UInt32](repeating: 0, count: width * height)
    for row in 0..<Self.side where rows[row] > 0 {
      let to = min(height - 1, max(0, (row - y.lowerBound) / merged))
      for column in 0..<Self.side {
        let amount = cells[row * Self.side + column]
        guard amount > 0 else { continue }
        counts[to * width + min(width - 1, max(0, (column - x.lowerBound) / merged))] &+= amount
      }
    }
    return Display(
      left: Self.lowest + Double(x.lowerBound) * Self.fineWidth,
      bottom: Self.lowest + Double(y.lowerBound) * Self.fineWidth,
      cell: Double(merged) * Self.fineWidth, columns: width, rows: height, counts: counts)
  }

  /// The cells between the two quantiles.
  private static func range(_ sums: [Int], count: Int, clipped: Double) -> Range<Int> {
    let outside = Int(Double(count) * clipped)
    var (low, passed) = (0, 0)
    while low < side - 1, passed + sums[low] <= outside {
      passed += sums[low]
      low += 1
    }
    var high = side - 1
    passed = 0
    while high > low, passed + sums[high] <= outside {
      passed += sums[high]
      high -= 1
    }
    return low..<high + 1
  }
}
