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
      let points = RunPlot.newest(training.difference, state.train).map {
        RunPlot.point(of: $0, state.train)
      }
      view.draw(
        LinePlot(
          [PlotSeries("B - A", points: points, role: .plot2)], guides: [0],
          xUnit: RunPlot.unit(state.train), emptyText: "after the first evaluation"),
        in: rows[0])
      view.put(verdict(training), x: 0, y: rows[1].y, width: view.size.width)
    }
  }

  private static func drawNorms(_ state: ViewState, on canvas: inout Canvas) {
    let runs = state.engine.training?.runs ?? []
    let series = runs.enumerated().map { index, run in
      PlotSeries(
        run.name,
        points: run.gradientNorms.enumerated().map { PlotPoint(x: Double($0), y: $1) },
        role: .plot(index))
    }
    let area = canvas.box(canvas.bounds, title: "gradient norm")
    canvas.inside(area) { view in
      view.draw(LinePlot(series, xUnit: "steps", emptyText: "no step yet"), in: view.bounds)
    }
  }
}
