import Foundation
import Numerics
import ScalingLaws

/// What a person should know of a fit before they believe it.
enum FitWarnings {
  /// Below this share of a constant's objective a law says little more than a constant.
  private static let leastExplained = 0.5
  /// Powers of ten that an extrapolation may lie beyond the points.
  private static let mostDecades = 2.0

  static func of(_ group: FittedGroup, _ settings: Fit.Settings) -> [String] {
    var warnings: [String] = []
    let (fit, points) = (group.fit, group.points)
    if fit.explained < leastExplained {
      warnings.append(
        "the law hardly fits: it explains \(Number.percent(fit.explained)) of what a constant leaves"
      )
    }
    if points.count < 6 {
      warnings.append("\(points.count) points for 3 constants: the law nearly meets each of them")
    }
    if fit.law.floor == 0 {
      warnings.append(
        "the points show no floor: L_inf is 0, and losses far beyond them are too low")
    }
    if settings.resampling.count > 0 {
      if !group.laws.isTrusted {
        warnings.append(
          "\(group.laws.failures) of \(settings.resampling.count) resamples have no law, so there are "
            + "no intervals")
      } else if group.laws.failures > 0 {
        warnings.append(
          "\(group.laws.failures) of \(settings.resampling.count) resamples have no law and are not "
            + "in the intervals")
      }
      let runs = Set(points.map(\.run))
      if group.laws.unit == .points, runs.count < points.count, !runs.contains(nil) {
        warnings.append(
          "points of one run vary together: intervals over fewer than \(Resampling.runsNeeded) runs "
            + "are too narrow")
      }
    }
    let largest = points.map(\.compute).max() ?? 1
    if let furthest = settings.computes.max(), log10(furthest / largest) > mostDecades {
      warnings.append(
        "\(Number.significant(furthest, 3)) is \(Number.significant(furthest / largest, 2)) times the "
          + "largest computation measured")
    }
    if Set(points.compactMap(\.parameters)).count > 1 {
      warnings.append(
        "points are of several sizes, and one law of the computation is fitted to all")
    }
    return warnings
  }
}
