import Foundation

/// McNemar's exact test: whether one of two models is right more often on the items on which just one
/// of them is.
public enum McNemar {
  /// Two-sided p of `wins` against `losses` under a fair coin (binomial, exact); 1 without either.
  public static func exactP(wins: Int, losses: Int) -> Double {
    let count = wins + losses
    let fewer = min(wins, losses)
    if count == 0 || wins == losses { return 1 }
    // From the largest term down, so that small ones are not lost.
    var term = exp(logChoose(count, fewer) - Double(count) * log(2))
    var sum = 0.0
    for taken in stride(from: fewer, through: 0, by: -1) {
      sum += term
      term *= Double(taken) / Double(count - taken + 1)
    }
    return min(1, 2 * sum)
  }

  private static func logChoose(_ count: Int, _ taken: Int) -> Double {
    lgamma(Double(count + 1)) - lgamma(Double(taken + 1)) - lgamma(Double(count - taken + 1))
  }
}
