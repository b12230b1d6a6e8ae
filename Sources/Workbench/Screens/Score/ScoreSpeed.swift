import EngineInterface
import Numerics
import TerminalUI

/// How fast scoring goes and how far it is.
enum ScoreSpeed {
  static func draw(_ state: ViewState, on canvas: inout Canvas) {
    canvas.mark(canvas.bounds, as: HitTarget("pane.\(Pane.scoreHistogram.rawValue)"))
    let area = canvas.box(canvas.bounds, title: "Throughput")
    guard let scoring = state.engine.scoring else { return }
    canvas.inside(area) { view in
      view.draw(
        ProgressBar(Double(scoring.done) / Double(max(1, scoring.total))), in: view.bounds.row(0))
      drawSpeed("teacher", scoring.teacherSpeed, .plot1, row: 1, on: &view)
      drawSpeed("reference", scoring.referenceSpeed, .plot2, row: 2, on: &view)
      let lines = lines(scoring, state, width: view.size.width)
      for (row, line) in lines.enumerated() {
        view.put(line, x: 0, y: 3 + row, width: view.size.width)
      }
      let top = 4 + lines.count
      let rest = Rect(x: 0, y: top, width: view.size.width, height: view.size.height - top)
      if rest.height >= 6 { view.draw(plot(scoring, state), in: rest) }
    }
  }

  private static func drawSpeed(
    _ name: String, _ values: [Double], _ role: StyleRole, row: Int, on canvas: inout Canvas
  ) {
    // Scores of an earlier session tell no speed.
    let now = values.last.map { Number.grouped(Int(RunFigures.clamped($0))) } ?? "-"
    canvas.put(StyledText(name, role), x: 0, y: row, width: 10)
    canvas.put(StyledText("\(now) tok/s"), x: 10, y: row, width: 13, alignment: .right)
    let room = max(0, canvas.size.width - 24)
    let peak = values.filter(\.isFinite).max() ?? 0
    let bars = Sparkline.text(
      Array(values.suffix(room)), width: room, range: 0...max(1, peak), glyphs: canvas.glyphs)
    canvas.put(StyledText(bars, role), x: 24, y: row, width: room)
  }

  private static func lines(
    _ scoring: ScoringSnapshot, _ state: ViewState, width: Int
  ) -> [StyledText] {
    let eta = Number.duration(scoring.eta)
    let latest = scoring.latest.first.map {
      "last: \($0.index) \($0.source) d \(Number.signed($0.difference, 2))"
    }
    let count = "\(Number.grouped(scoring.done)) of \(Number.grouped(scoring.total))"
    guard scoring.blocks > 0 else {
      return [StyledText("\(count), read from disk"), StyledText(latest ?? "", .dim)]
    }
    return [
      StyledText(
        "\(count)  elapsed \(Number.duration(scoring.elapsed))  ETA \(eta)"),
      StyledText("blocks on disk \(scoring.blocksDone) of \(scoring.blocks)"),
      StyledText(latest ?? "", .dim),
    ]
      + TextWrap.lines(
        StyledText(state.engine.project?.machine ?? "", .dim), width: max(1, width), limit: 2)
  }

  private static func plot(_ scoring: ScoringSnapshot, _ state: ViewState) -> LinePlot {
    func series(_ name: String, _ values: [Double], _ role: StyleRole) -> PlotSeries {
      PlotSeries(
        name, points: values.enumerated().map { PlotPoint(x: Double($0), y: $1) }, role: role)
    }
    var plot = LinePlot(
      [
        series("teacher", scoring.teacherSpeed, .plot1),
        series("reference", scoring.referenceSpeed, .plot2),
      ], x: state.shown(.speed), xUnit: "tok/s", emptyText: "")
    plot.target = PlotID.speed.target(LinePlot.hitKind)
    plot.readout = state.pointed(.speed).map { x in
      PlotReadout(
        x: x,
        lines: plot.series.enumerated().map { index, curve in
          let speed = curve.points[safe: Int(x)]?.y ?? .nan
          return RunPlot.line(
            LinePlot.sign(index, state.display.glyphs), curve.name,
            speed.isFinite ? "\(Number.grouped(Int(RunFigures.clamped(speed)))) tok/s" : "-",
            curve.role)
        })
    }
    return plot
  }
}
