import EngineInterface
import Numerics
import TerminalUI

/// The x axis of curves of training.
struct CurveAxis {
  let kind: TrainOptions.Axis
  let isLogarithmic: Bool

  /// The place of a point of a run; NaN where it has none.
  func x(_ point: CurvePoint, of run: RunSnapshot) -> Double {
    x(point, operationsPerToken: run.operationsPerToken ?? .nan)
  }

  func x(_ point: CurvePoint, operationsPerToken: Double) -> Double {
    switch kind {
    case .tokens: Double(point.tokens)
    case .step: Double(point.step)
    case .operations: Double(point.tokens) * operationsPerToken
    case .time: point.seconds
    }
  }

  /// Whether runs say what it needs.
  static func isKnown(_ kind: TrainOptions.Axis, of runs: [RunSnapshot]) -> Bool {
    switch kind {
    case .tokens, .step: true
    case .operations: runs.contains { $0.operationsPerToken != nil }
    case .time:
      runs.contains { ($0.trainCurve.last ?? $0.heldOutCurve.last)?.seconds ?? 0 > 0 }
    }
  }

  /// From the first to the last point of runs, whose curves are in the order of steps.
  func whole(_ runs: [RunSnapshot], heldOut: Bool = false) -> PlotScale? {
    var ends: [Double] = []
    for run in runs {
      let price = run.operationsPerToken ?? .nan
      for curve in heldOut ? [run.heldOutCurve] : [run.trainCurve, run.heldOutCurve] {
        // A logarithm begins with the first point that has one.
        let first =
          isLogarithmic
          ? curve.firstPlace { x($0, operationsPerToken: price) > 0 } : curve.startIndex
        guard first < curve.count, let last = curve.last else { continue }
        ends += [x(curve[first], operationsPerToken: price), x(last, operationsPerToken: price)]
      }
    }
    let finite = ends.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return nil }
    return PlotScale(
      low: low, high: high, isLogarithmic: isLogarithmic, unit: kind == .time ? .seconds : .number)
  }

  /// Written at the end of the axis.
  var unit: String {
    switch kind {
    case .tokens: "tok"
    case .step: "steps"
    case .operations: "FLOP"
    case .time: "compute time"
    }
  }

  /// "step 120", "9.80M tok", "1.20P FLOP", "3m24s".
  func text(_ x: Double) -> String {
    switch kind {
    case .tokens: "\(Number.short(x)) tok"
    case .step: "step \(Number.grouped(Int(RunFigures.clamped(x))))"
    case .operations: "\(Number.short(x)) FLOP"
    case .time: Number.duration(x)
    }
  }
}

extension ViewState {
  /// The axis in force: the chosen one, or tokens while the runs do not say what it needs.
  var curveAxis: CurveAxis {
    let runs = drawnRuns.runs
    let kind = CurveAxis.isKnown(train.axis, of: runs) ? train.axis : .tokens
    return CurveAxis(kind: kind, isLogarithmic: train.hasLogarithmicX)
  }
}
