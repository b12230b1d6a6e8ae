import EngineInterface
import Numerics
import TerminalUI

/// The difference of the students and the norms of their gradients, under the curves.
enum TrainDetails {
  static func draw(_ state: ViewState, on canvas: inout Canvas) {
    let parts = canvas.bounds.columns([.fill(), .fraction(0.5)])
    canvas.inside(parts[0]) { drawDifference(state, on: &$0) }
    canvas.inside(parts[1]) { drawNorms(state, on: &$0) }
  }

  /// "B-A -0.151 +- 0.021, 0.71x tokens".
  static func verdict(_ training: TrainingSnapshot) -> StyledText {
    guard let difference = training.latestDifference else {
      return StyledText("B - A: after the first evaluation", .dim)
    }
    let band = training.latestInterval.map { " +- \(Number.fixed($0, 3))" } ?? ""
    // An interval over zero is no verdict.
    let isClear = abs(difference) > (training.latestInterval ?? .infinity)
    let role: StyleRole = !isClear ? .dim : difference < 0 ? .ok : .warn
    var text = StyledText("B - A \(Number.signed(difference, 3))\(band)", role, .bold)
    if let share = training.tokenShareToReach {
      text += StyledText("  \(Number.fixed(share, 2))x tokens")
    }
    return text
  }

  private static func drawDifference(_ state: ViewState, on canvas: inout Canvas) {
    let area = canvas.box(
      canvas.bounds, title: "held-out B - A at equal tokens", footer: "paired, 95%")
    guard let training = state.engine.training else { return }
    canvas.inside(area) { view in
      let rows = view.bounds.rows([.fill(), .fixed(1)])
      view.draw(differencePlot(training, state), in: rows[0])
      view.put(verdict(training), x: 0, y: rows[1].y, width: view.size.width)
    }
  }

  private static func differencePlot(
    _ training: TrainingSnapshot, _ state: ViewState
  ) -> LinePlot {
    // The difference is drawn where B is: its points are those of B's evaluations.
    var run = training.runs[safe: 1] ?? RunSnapshot(name: "B", corpus: "", steps: 0)
    run.fork = nil
    let axis = state.curveAxis
    let window = state.shown(.training)
    let points = RunPlot.points(of: training.difference, run, axis: axis, window: window).raw
    var plot = LinePlot(
      [PlotSeries("B - A", points: points, role: .plot2)], x: window, guides: [0],
      xUnit: axis.unit, emptyText: "after the first evaluation")
    plot.target = PlotID.training.target(LinePlot.hitKind)
    if let x = state.pointed(.training) {
      let place =
        training.difference.firstPlace { axis.x($0, of: run) > x * (1 + 1e-12) } - 1
      let value = training.difference[safe: place].map { Number.signed($0.loss, 3) } ?? "-"
      plot.readout = PlotReadout(
        x: x,
        lines: [RunPlot.line(LinePlot.sign(0, state.display.glyphs), "B - A", value, .plot2)])
    }
    return plot
  }

  private static func drawNorms(_ state: ViewState, on canvas: inout Canvas) {
    let area = canvas.box(canvas.bounds, title: "gradient norm")
    let plot = normPlot(state.engine.training?.runs ?? [], state)
    canvas.inside(area) { $0.draw(plot, in: $0.bounds) }
  }

  /// The norms of the runs' gradients, thinned.
  static func norms(_ runs: [RunSnapshot], _ state: ViewState) -> [PlotSeries] {
    let axis = state.curveAxis
    let window = state.shown(.training)
    return runs.enumerated().map { index, run in
      PlotSeries(
        run.name,
        points: RunPlot.points(
          of: run.trainCurve, run, axis: axis, window: window, values: run.gradientNorms
        ).raw, role: .plot(index))
    }
  }

  private static func normPlot(_ runs: [RunSnapshot], _ state: ViewState) -> LinePlot {
    let axis = state.curveAxis
    var plot = LinePlot(
      state.shelf?.norms ?? norms(runs, state), x: state.shown(.training), xUnit: axis.unit,
      emptyText: "no step yet")
    plot.target = PlotID.training.target(LinePlot.hitKind)
    plot.readout = state.pointed(.training).map { x in
      PlotReadout(
        x: x,
        lines: runs.enumerated().map { index, run in
          let place = run.trainCurve.firstPlace { axis.x($0, of: run) > x * (1 + 1e-12) } - 1
          let value = run.gradientNorms[safe: place].map { Number.fixed($0, 2) } ?? "-"
          return RunPlot.line(
            LinePlot.sign(index, state.display.glyphs), run.name, value, .plot(index))
        })
    }
    return plot
  }
}
