import EngineInterface
import TerminalUI

/// Places on an x axis where a cursor can stand, in ascending order.
struct PlotStops {
  let count: Int
  let x: (Int) -> Double

  /// The last stop at or before a place, else the first.
  func index(at place: Double) -> Int {
    let behind = (0..<count).firstPlace { x($0) > place }
    return max(0, behind - 1)
  }

  /// The number of the stop that is nearest to a place.
  func nearestIndex(_ place: Double) -> Int {
    let index = index(at: place)
    guard index + 1 < count else { return index }
    return abs(x(index + 1) - place) < abs(x(index) - place) ? index + 1 : index
  }

  func nearest(_ place: Double) -> Double { count == 0 ? place : x(nearestIndex(place)) }
}

/// What keys and mouse must know of a plot.
struct PlotContent {
  /// The whole x axis.
  var whole: PlotScale
  var stops: PlotStops
}

extension ViewState {
  /// What a plot shows now; nil without data.
  func content(of plot: PlotID) -> PlotContent? {
    switch plot {
    case .training: curves(engine.training?.runs ?? [], of: cursorRun?.trainCurve)
    case .models:
      curves(
        engine.models?.runs ?? [],
        of: engine.models?.runs.max { $0.trainCurve.count < $1.trainCurve.count }?.trainCurve)
    case .compare:
      curves(
        comparedRuns,
        of: comparedRuns.max { $0.heldOutCurve.count < $1.heldOutCurve.count }?.heldOutCurve,
        heldOut: true)
    case .scores, .selection: histogramContent(plot)
    case .speed: speedContent
    case .mean: meanContent
    }
  }

  /// The runs that the Compare screen draws.
  var comparedRuns: [RunSnapshot] { engine.comparison?.runs ?? engine.training?.runs ?? [] }

  private func curves(
    _ runs: [RunSnapshot], of curve: [CurvePoint]?, heldOut: Bool = false
  ) -> PlotContent? {
    let axis = curveAxis
    guard let curve, let whole = axis.whole(runs, heldOut: heldOut),
      let run = runs.first(where: {
        (heldOut ? $0.heldOutCurve : $0.trainCurve).count == curve.count
      })
    else { return nil }
    return PlotContent(
      whole: whole, stops: PlotStops(count: curve.count) { axis.x(curve[$0], of: run) })
  }

  private func histogramContent(_ plot: PlotID) -> PlotContent? {
    guard let bins = shownHistogram(plot) else { return nil }
    let range = ScoreRange.of(bins)
    let width = (range.upperBound - range.lowerBound) / Double(max(1, bins.counts.count))
    return PlotContent(
      whole: PlotScale(low: range.lowerBound, high: range.upperBound),
      stops: PlotStops(count: bins.counts.count) {
        range.lowerBound + (Double($0) + 0.5) * width
      })
  }

  /// The counts that a screen's histogram draws.
  func shownHistogram(_ plot: PlotID) -> HistogramSnapshot? {
    let counts =
      plot == .scores
      ? engine.scoring?.histogram : engine.selection?.histogram ?? engine.scoring?.histogram
    return counts?.merged(toAtMost: histogram.bins)
  }

  private var speedContent: PlotContent? {
    guard let scoring = engine.scoring else { return nil }
    let count = max(scoring.teacherSpeed.count, scoring.referenceSpeed.count)
    guard count > 0 else { return nil }
    return PlotContent(
      whole: PlotScale(low: 0, high: Double(count - 1)),
      stops: PlotStops(count: count) { Double($0) })
  }

  private var meanContent: PlotContent? {
    guard let chunk = ChunkScreen.picture(self) else { return nil }
    let points = ChunkProfile.runningMean(chunk.tokens)
    guard let first = points.first, let last = points.last else { return nil }
    return PlotContent(
      whole: PlotScale(low: first.x, high: last.x),
      stops: PlotStops(count: points.count) { points[$0].x })
  }
}
