import EngineInterface
import Numerics
import TerminalUI

/// Loss curves of training runs, as the Models, the Train and the Compare screen draw them.
enum RunPlot {
  /// One curve a run: held-out loss, or the loss of the training batches.
  static func losses(
    _ runs: [RunSnapshot], _ state: ViewState, _ id: PlotID, heldOut: Bool
  ) -> LinePlot {
    let axis = state.curveAxis
    let kept = id == .training && heldOut != state.train.showsTrainLoss ? state.shelf : nil
    // Where students read corpora of unlike lengths, the borders are those of the first.
    let borders = runs.first.map { run in run.epochBorders.map { axis.x($0, of: run) } } ?? []
    var plot = LinePlot(
      kept?.losses ?? series(runs, state, id, heldOut: heldOut), x: state.shown(id),
      isLogarithmic: state.train.isLogarithmic, borders: borders, xUnit: axis.unit,
      emptyText: heldOut ? "first held-out loss comes with the first evaluation" : "no step yet")
    plot.target = id.target(LinePlot.hitKind)
    return plot
  }

  /// The curves of runs, thinned.
  static func series(
    _ runs: [RunSnapshot], _ state: ViewState, _ id: PlotID, heldOut: Bool
  ) -> [PlotSeries] {
    let axis = state.curveAxis
    let window = state.shown(id)
    var series: [PlotSeries] = []
    for (index, run) in runs.enumerated() {
      let curve = heldOut ? run.heldOutCurve : run.trainCurve
      let smoothing = heldOut ? 0 : state.train.smoothing
      let (raw, smooth) = points(
        of: curve, run, axis: axis, window: window, smoothing: smoothing)
      let role = StyleRole.plot(index)
      if smoothing > 0 {
        series.append(PlotSeries("\(run.name) raw", points: raw, role: role, isFaint: true))
        series.append(PlotSeries(run.name, points: smooth, role: role))
      } else {
        series.append(PlotSeries(run.name, points: raw, role: role))
      }
    }
    return series
  }

  /// The points of a curve that a window shows, thinned, and the same smoothed.
  ///
  /// - Parameter values: what stands in place of the losses; as many as there are points.
  static func points(
    of curve: [CurvePoint], _ run: RunSnapshot, axis: CurveAxis, window: PlotScale?,
    smoothing: Double = 0, values: [Double]? = nil
  ) -> (raw: [PlotPoint], smooth: [PlotPoint]) {
    guard let window, values.map({ $0.count == curve.count }) ?? true else { return ([], []) }
    let price = run.operationsPerToken ?? .nan
    // A branch begins on the curve of its parent.
    let start = run.fork.map { fork in curve.firstPlace { $0.step >= fork.step } } ?? 0
    return curve.withUnsafeBufferPointer { curve in
      let place = { (index: Int) in axis.x(curve[index], operationsPerToken: price) }
      let thinner = CurveThinner(start..<curve.count, window: window, x: place)
      if let values {
        let points = values.withUnsafeBufferPointer { values in
          thinner.points(x: place) { values[$0] }
        }
        return (points, [])
      }
      let raw = thinner.points(x: place) { curve[$0].loss }
      guard smoothing > 0 else { return (raw, []) }
      var average = Smoothing(weight: smoothing)
      for index in max(start, thinner.start - average.reach)..<max(start, thinner.start) {
        _ = average.add(curve[index].loss)
      }
      return (raw, thinner.points(x: place) { average.add(curve[$0].loss) })
    }
  }

  /// Debiased exponential moving average; what is no number is left out of it and stays a gap.
  private struct Smoothing {
    private let weight: Double
    private var average = 0.0
    private var total = 0.0
    private var count = 0
    /// An average forgets: of values so far back nothing is left in it.
    let reach: Int

    init(weight: Double) {
      self.weight = weight
      reach = Int(32 / (1 - weight))
    }

    @inline(__always)
    mutating func add(_ value: Double) -> Double {
      guard value.isFinite else { return value }
      average += (1 - weight) * (value - average)
      // The bias of the first values is gone when they are forgotten.
      if count > reach { return average }
      count += 1
      total += (1 - weight) * (1 - total)
      return average / total
    }
  }

  /// What a plot of losses says at a place: of every run the newest loss there.
  static func readout(
    _ runs: [RunSnapshot], _ state: ViewState, _ id: PlotID, heldOut: Bool
  ) -> PlotReadout? {
    guard let x = state.pointed(id) else { return nil }
    let axis = state.curveAxis
    var lines = [StyledText(axis.text(x), .accent, .bold)]
    for (index, run) in runs.enumerated() {
      let curve = heldOut ? run.heldOutCurve : run.trainCurve
      let place = curve.firstPlace { axis.x($0, of: run) > x * (1 + 1e-12) } - 1
      var text = "-"
      if let point = curve[safe: place], run.fork.map({ point.step >= $0.step }) ?? true {
        text = RunFigures.loss(
          heldOut ? point.loss : smoothed(curve, at: place, state.train.smoothing))
        // An evaluation holds until the next one: say of which step it is.
        if heldOut, axis.x(point, of: run) < x * (1 - 1e-12) { text += " at \(point.step)" }
      }
      lines.append(
        line(LinePlot.sign(index, state.display.glyphs), run.name, text, .plot(index)))
    }
    return PlotReadout(x: x, lines: lines)
  }

  /// The smoothed loss of a point; the loss itself without smoothing.
  private static func smoothed(_ curve: [CurvePoint], at place: Int, _ weight: Double) -> Double {
    guard weight > 0 else { return curve[place].loss }
    var average = Smoothing(weight: weight)
    return curve[max(0, place - average.reach)...place].reduce(.nan) { average.add($1.loss) }
  }

  /// "● A uniform 4.213".
  static func line(
    _ sign: String, _ name: String, _ value: String, _ role: StyleRole
  ) -> StyledText {
    [Span(sign, role, .bold), Span(" \(name) ", role), Span(value, .text, .bold)]
  }

  /// "x: tokens  smooth 0.90  y: linear" for the frame.
  static func footer(_ state: ViewState, _ id: PlotID, smooths: Bool = true) -> String {
    let options = state.train
    let smooth = options.smoothing > 0 ? Number.fixed(options.smoothing, 2) : "off"
    var text = "x: \(state.curveAxis.kind.rawValue)\(options.hasLogarithmicX ? " log" : "")"
    if smooths { text += "  smooth \(smooth)" }
    text += "  y: \(options.isLogarithmic ? "log" : "linear")"
    if state.isZoomed(id) { text += "  \(state.key(.plotWhole)): whole" }
    return text
  }
}
