/// Spearman's rank correlation: Pearson's correlation of the ranks.
public enum RankCorrelation {
  /// Ranks from 1; equal values share the mean of the ranks that they take up.
  public static func midranks(_ values: [Float]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      // Ranks start + 1 ... end; the mean is exact, a multiple of one half.
      let shared = Double(start + 1 + end) / 2
      for place in order[start..<end] { ranks[place] = shared }
      start = end
    }
    return ranks
  }

  /// The correlation of `first` and `second`, finite values of equal number; nil when all values of
  /// one are equal.
  public static func spearman(_ first: [Float], _ second: [Float]) -> Double? {
    precondition(first.count == second.count, "values do not pair")
    let mean = Double(first.count + 1) / 2
    var (products, firstSquares, secondSquares) = (0.0, 0.0, 0.0)
    for (a, b) in zip(midranks(first), midranks(second)) {
      products += (a - mean) * (b - mean)
      firstSquares += (a - mean) * (a - mean)
      secondSquares += (b - mean) * (b - mean)
    }
    guard firstSquares > 0, secondSquares > 0 else { return nil }
    return products / (firstSquares * secondSquares).squareRoot()
  }
}
