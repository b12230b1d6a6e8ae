import Numerics
import Pipeline
import ScalingLaws

/// What scaling laws of both students' held-out losses say, in sentences for the Compare screen.
enum FitLines {
  /// Enough for an interval of two digits; the subcommand draws more.
  private static let resamples = 200

  /// None where no law can be fitted: too few evaluations, or losses that do not fall.
  static func of(_ places: CommitFolder, _ work: Work) -> [String] {
    let (a, b) = ("A uniform", "B refined")
    var settings = Fit.Settings()
    settings.resampling = Resampling(count: resamples)
    settings.baseline = a
    let groups = [
      FitGroup(name: a, paths: [places.runA]), FitGroup(name: b, paths: [places.runB]),
    ]
    guard let result = try? Fit(groups, settings: settings).run(work), result.fits.count == 2,
      let compared = result.speedups.first
    else { return [] }
    return [sentence(compared.speedup, result.fits)]
      + result.fits.flatMap { law in
        law.warnings.prefix(1).map { "Scaling law of \(law.name): \($0)" }
      }
  }

  private static func sentence(_ speedup: SpeedUp, _ laws: [FittedLaw]) -> String {
    let floors = laws.map { "\($0.name.prefix(1)) \(Number.fixed($0.L_inf, 3))" }
      .joined(separator: ", ")
    let lead = "Scaling law A/C^alpha + L_inf (L_inf \(floors)): "
    guard let factor = speedup.factor else {
      return lead + "that of B stays above A's last loss (\(Number.fixed(speedup.loss, 3)))."
    }
    let interval =
      speedup.interval.map {
        ", 95 % \(Number.fixed($0.low, 2)) to \($0.high.map { Number.fixed($0, 2) } ?? "inf")"
      } ?? ""
    return lead
      + "B reaches A's last loss (\(Number.fixed(speedup.loss, 3))) with "
      + "\(Number.fixed(1 / factor, 2))x the computation (speed-up \(Number.fixed(factor, 2))"
      + "\(interval))."
  }
}
