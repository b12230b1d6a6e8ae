import Foundation
import Numerics

/// How the bootstrap draws.
public struct Resampling: Codable, Sendable, Equatable {
  /// What is drawn, with replacement.
  public enum Unit: String, Codable, Sendable, CaseIterable {
    /// Points, each by itself.
    case points
    /// Whole runs: points of one run share its seed and its data and vary together.
    case runs
    /// The computations stay, and residuals of the fit are drawn around it: for few points at chosen
    /// computations, and where their errors are alike.
    case residuals
  }

  /// Resamples; 0 makes no intervals.
  public var count: Int
  public var seed: UInt64
  /// Nil chooses: runs from `runsNeeded` of them on, else points.
  public var unit: Unit?

  /// Runs that are drawn as wholes by default: fewer have too few resamples that differ.
  public static let runsNeeded = 3

  public init(count: Int = 1000, seed: UInt64 = 0, unit: Unit? = nil) {
    self.count = count
    self.seed = seed
    self.unit = unit
  }

  /// The unit for these points.
  func unit(for points: [LossPoint]) -> Unit {
    if let unit { return unit }
    let runs = Set(points.map(\.run))
    return runs.count >= Self.runsNeeded && !runs.contains(nil) ? .runs : .points
  }

  /// A resample of as many points (or runs) as there are; `residuals` are those of the fit of
  /// `parameterCount` parameters, predicted minus measured log loss.
  func draw(
    _ points: [LossPoint], residuals: [Double], parameterCount: Int, from source: inout RandomSource
  ) -> [LossPoint] {
    switch unit(for: points) {
    case .points: return points.map { _ in points[source.index(below: points.count)] }
    case .runs:
      let groups = Self.groups(points)
      return groups.flatMap { _ in groups[source.index(below: groups.count)] }
    case .residuals:
      // A fit takes up a part of the errors: residuals are smaller than these by this much.
      let free = Double(max(1, points.count - parameterCount))
      let scale = (Double(points.count) / free).squareRoot()
      return points.indices.map { place in
        var point = points[place]
        let drawn = residuals[source.index(below: residuals.count)]
        point.loss *= exp(residuals[place] - scale * drawn)
        return point
      }
    }
  }

  /// Points by run in the order in which runs first stand.
  private static func groups(_ points: [LossPoint]) -> [[LossPoint]] {
    var places: [String?: Int] = [:]
    var groups: [[LossPoint]] = []
    for point in points {
      if let place = places[point.run] {
        groups[place].append(point)
      } else {
        places[point.run] = groups.count
        groups.append([point])
      }
    }
    return groups
  }
}
