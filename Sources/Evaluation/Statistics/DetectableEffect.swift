import Foundation

/// The smallest difference that a number of items can show: found in 80 of 100 repetitions by a
/// two-sided test of 5 %, by the normal approximation.
///
/// Source: (z_0.975 + z_0.8) standard errors, the usual power analysis; for evaluations of language
/// models see Miller, "Adding Error Bars to Evals" (2024), section 5.
public enum DetectableEffect {
  /// z_0.975: standard errors of a two-sided interval of 95 %.
  public static let levelQuantile = 1.959963984540054
  /// z_0.8, for a power of 80 %.
  public static let powerQuantile = 0.8416212335729143

  /// Of a measured standard error.
  public static func smallest(standardError: Double) -> Double {
    (levelQuantile + powerQuantile) * standardError
  }

  /// The accuracy's distance from a known value that `items` can show, where the accuracy is about
  /// `accuracy`; nil without items.
  public static func ofOneModel(items: Int, accuracy: Double) -> Double? {
    guard items > 0 else { return nil }
    return smallest(standardError: (accuracy * (1 - accuracy) / Double(items)).squareRoot())
  }

  /// The difference between two models on the same `items`, just one of them being right on the share
  /// `discordant`; nil without items. Never below `leastShown`.
  public static func ofTwoModels(items: Int, discordant: Double) -> Double? {
    guard items > 0 else { return nil }
    let effect = smallest(standardError: (discordant / Double(items)).squareRoot())
    return max(effect, leastShown(items: items))
  }

  /// Six items, all won by one model, are the fewest that an exact test calls significant
  /// (2 / 2^6 < 5 %).
  static func leastShown(items: Int) -> Double { 6 / Double(items) }
}
