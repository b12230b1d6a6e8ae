import Foundation
import LinearAlgebra
import Numerics
public import ScalingLaws
import Store
import Training

/// Scaling laws of runs: L(C) = A / C^alpha + L_inf for every group, and how much computation one
/// saves against another.
public struct Fit {
  /// How laws are fitted and what is asked of them.
  public struct Settings: Sendable, Equatable {
    /// Huber's delta, of residuals of log loss.
    public var delta = ComputeFit.usualDelta
    public var resampling = Resampling()
    /// Computations that losses are extrapolated to.
    public var computes: [Double] = []
    /// Losses whose computation is asked for.
    public var losses: [Double] = []
    /// Evaluations before this step are left out: the warm-up follows no law.
    public var fromStep = 1
    /// Takes the last evaluation of every run alone, as for runs whose learning rate falls to the end.
    public var onlyLast = false
    /// Operations that every group but the baseline needs beside its training, such as scoring.
    public var offline = 0.0
    /// The group that the others are compared with; nil for none.
    public var baseline: String?

    public init() {}
  }

  private let groups: [FitGroup]
  private let settings: Settings

  public init(_ groups: [FitGroup], settings: Settings) {
    self.groups = groups
    self.settings = settings
  }

  /// Reads the points, fits, and draws resamples.
  ///
  /// - Throws: `FitError`, `StoreError`, `ModelError`, `PipelineError.setting`, `WorkStopped`.
  public func run(_ work: Work) throws -> FitResult {
    try check()
    var fitted: [FittedGroup] = []
    for (place, group) in groups.enumerated() {
      let share = 1 / Double(groups.count)
      let start = Double(place) * share
      let part = work.part(start...min(1, start + share), "\(group.name): ")
      do {
        fitted.append(try FittedGroup(group, points: points(of: group), settings, part))
      } catch let error as ScalingLawError {
        throw FitError.law(group: group.name, error)
      }
    }
    return FitResult(fitted, settings)
  }

  private func check() throws(PipelineError) {
    let names = groups.map(\.name)
    guard !groups.isEmpty else {
      throw .setting(name: "runs", found: "none", expected: "at least one run or file of points")
    }
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw .setting(
        name: "runs", found: "two groups called \(twice)", expected: "a name of its own for each")
    }
    if let empty = groups.first(where: \.paths.isEmpty) {
      throw .setting(
        name: "runs", found: "no path for \(empty.name)", expected: "NAME=PATH,PATH")
    }
    if let baseline = settings.baseline, !names.contains(baseline) {
      throw .setting(
        name: "baseline", found: baseline, expected: "one of \(names.joined(separator: ", "))")
    }
  }

  private func points(of group: FitGroup) throws -> [LossPoint] {
    try group.paths.flatMap { path in
      let log = "/" + MetricsLog.fileName
      let folder = path.hasSuffix(log) ? String(path.dropLast(log.count)) : path
      if Folder.isFolder(folder) {
        return try RunPoints(run: folder)
          .read(fromStep: settings.fromStep, onlyLast: settings.onlyLast)
      }
      let points = try PointsFile(path: path).read(fromStep: settings.fromStep)
      return settings.onlyLast ? Self.last(points) : points
    }
  }

  /// The last point of every run; a file without runs is one.
  private static func last(_ points: [LossPoint]) -> [LossPoint] {
    var places: [String?: Int] = [:]
    for (place, point) in points.enumerated() { places[point.run] = place }
    return places.values.sorted().map { points[$0] }
  }
}
