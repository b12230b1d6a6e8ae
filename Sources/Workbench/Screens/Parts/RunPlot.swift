import EngineInterface
import Numerics
import TerminalUI

/// Loss curves of training runs, as the Models and the Train screen draw them.
enum RunPlot {
  /// One curve a run: held-out loss, or the loss of the training batches.
  static func losses(_ runs: [RunSnapshot], _ options: TrainOptions, heldOut: Bool) -> LinePlot {
    var series: [PlotSeries] = []
    for (index, run) in runs.enumerated() {
      var curve = heldOut ? run.heldOutCurve : run.trainCurve
      // A branch begins on the curve of its parent.
      if let fork = run.fork { curve.removeAll { $0.step < fork.step } }
      let points = newest(curve, options).map { point(of: $0, options) }
      let role = StyleRole.plot(index)
      if options.smoothing > 0, !heldOut {
        series.append(PlotSeries("\(run.name) raw", points: points, role: role, isFaint: true))
        series.append(
          PlotSeries(run.name, points: smoothed(points, options.smoothing), role: role))
      } else {
        series.append(PlotSeries(run.name, points: points, role: role))
      }
    }
    // Where students read corpora of unlike lengths, the borders are those of the first.
    let borders = runs.first.map { run in run.epochBorders.map { point(of: $0, options).x } } ?? []
    return LinePlot(
      series, isLogarithmic: options.isLogarithmic, borders: borders, xUnit: unit(options),
      emptyText: heldOut ? "first held-out loss comes with the first evaluation" : "no step yet")
  }

  static func point(of value: CurvePoint, _ options: TrainOptions) -> PlotPoint {
    PlotPoint(x: Double(options.axis == .tokens ? value.tokens : value.step), y: value.loss)
  }

  static func unit(_ options: TrainOptions) -> String {
    options.axis == .tokens ? "tok" : "steps"
  }

  /// The newest 1/2, 1/4... of a curve.
  static func newest(_ curve: [CurvePoint], _ options: TrainOptions) -> ArraySlice<CurvePoint> {
    curve.suffix(max(2, curve.count >> options.zoom))
  }

  /// Debiased exponential moving average; what is no number is left out of it and stays a gap.
  static func smoothed(_ points: [PlotPoint], _ weight: Double) -> [PlotPoint] {
    var average = 0.0
    var total = 0.0
    return points.map { point in
      guard point.y.isFinite else { return point }
      average = weight * average + (1 - weight) * point.y
      total = weight * total + (1 - weight)
      return PlotPoint(x: point.x, y: average / total)
    }
  }

  /// "x: tokens  smooth 0.90  y: linear" for the frame.
  static func footer(_ options: TrainOptions) -> String {
    let smooth = options.smoothing > 0 ? Number.fixed(options.smoothing, 2) : "off"
    var text =
      "x: \(options.axis.rawValue)  smooth \(smooth)  y: \(options.isLogarithmic ? "log" : "linear")"
    if options.zoom > 0 { text += "  newest 1/\(1 << options.zoom)" }
    return text
  }
}
