import Numerics
import Pipeline
import ScalingLaws

/// A fit as a person reads it.
enum FitText {
  static func lines(of fit: FittedLaw) -> [String] {
    var lines = [
      "\(fit.name): L(C) = \(number(fit.A, logarithm: fit.logA)) / C^\(Number.fixed(fit.alpha, 4)) + "
        + Number.fixed(fit.L_inf, 4)
    ]
    lines.append(
      "  \(fit.points) points"
        + (fit.runs > 1 ? " of \(fit.runs) runs" : "")
        + ", C from \(short(fit.computeRange.first)) to \(short(fit.computeRange.last)); objective "
        + "\(Number.significant(fit.objective, 6)), explains \(Number.percent(fit.explained, 1)), "
        + "largest deviation \(Number.percent(fit.largestResidual, 2))")
    if let intervals = fit.intervals, let drawn = fit.bootstrap {
      lines.append(
        "  95 %: A \(text(intervals.A) { short($0) }), alpha "
          + "\(text(intervals.alpha) { Number.fixed($0, 4) }), L_inf "
          + "\(text(intervals.L_inf) { Number.fixed($0, 4) }) "
          + "(\(drawn.count) resamples of \(drawn.unit.rawValue), seed \(drawn.seed))")
    }
    for row in fit.extrapolations {
      lines.append(
        "  at C = \(short(row.compute)): loss \(loss(row.loss))"
          + suffix(row.interval) { loss($0) })
    }
    for row in fit.reach {
      lines.append(
        "  loss \(Number.significant(row.loss, 6)): "
          + (row.compute.map { "C = \(short($0))" } ?? "not reached")
          + suffix(row.interval) { short($0) })
    }
    if let sizes = fit.sizes { lines += self.lines(of: sizes) }
    return lines + fit.warnings.map { "  note: \($0)" }
  }

  private static func lines(of fit: FittedSizes) -> [String] {
    var lines = [
      "  L(N, D) = \(Number.fixed(fit.E, 4)) + \(short(fit.A)) / N^\(Number.fixed(fit.alpha, 4)) + "
        + "\(short(fit.B)) / D^\(Number.fixed(fit.beta, 4))"
    ]
    if let intervals = fit.intervals {
      lines.append(
        "  95 %: E \(text(intervals.E) { Number.fixed($0, 4) }), alpha "
          + "\(text(intervals.alpha) { Number.fixed($0, 4) }), beta "
          + text(intervals.beta) { Number.fixed($0, 4) })
    }
    for row in fit.best {
      lines.append(
        "  best at C = \(short(row.compute)): \(short(row.parameters)) parameters, "
          + "\(short(row.tokens)) tokens, loss \(Number.fixed(row.loss, 4))")
    }
    return lines
  }

  static func line(of compared: ComparedLaw) -> String {
    let speedup = compared.speedup
    let start =
      "\(compared.of) over \(compared.over) at C = \(short(speedup.compute)) (loss "
      + "\(Number.fixed(speedup.loss, 4))): "
    guard let factor = speedup.factor, let saved = speedup.saved else {
      return start + "not reached" + suffix(speedup.interval) { "\(Number.fixed($0, 2))x" }
    }
    return start + "\(Number.fixed(factor, 2))x"
      + suffix(speedup.interval) { "\(Number.fixed($0, 2))x" }
      + ", \(Number.percent(saved)) of computation and data saved"
      + (compared.offline > 0 ? ", \(short(compared.offline)) offline included" : "")
  }

  /// The laws of the paper's table 2.
  static var published: [String] {
    PublishedLaw.all.map { row in
      "published, \(row.size) \(row.method): L(C) = \(short(row.A)) / C^\(Number.fixed(row.alpha, 2))"
        + " + \(Number.fixed(row.L_inf, 2)); \(Number.fixed(row.lossAt1T, 2)) at 1T tokens, "
        + "\(Number.fixed(row.lossAt10T, 2)) at 10T"
    }
  }

  /// Far below the computations of the fit a law has losses of any size.
  private static func loss(_ value: Double?) -> String {
    guard let value, abs(value) >= 1e6 else { return Number.fixed(value, 4) }
    return short(value)
  }

  private static func short(_ value: Double?) -> String { Number.significant(value, 4) }

  private static func number(_ value: Double?, logarithm: Double) -> String {
    value.map { short($0) } ?? "exp(\(Number.fixed(logarithm, 3)))"
  }

  private static func text(_ interval: LawInterval?, _ show: (Double) -> String) -> String {
    guard let interval else { return "unknown" }
    return "\(interval.low.map(show) ?? "inf") to \(interval.high.map(show) ?? "inf")"
  }

  private static func suffix(_ interval: LawInterval?, _ show: (Double) -> String) -> String {
    // Where all resamples say that nothing reaches it, so does the value.
    guard let interval, interval.low != nil || interval.high != nil else { return "" }
    return " (\(text(interval, show)))"
  }
}
