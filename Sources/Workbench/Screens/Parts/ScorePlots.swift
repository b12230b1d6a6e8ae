import EngineInterface
import Numerics
import TerminalUI

/// What the scores are drawn as on Score and Select.
public enum ScorePlotKind: String, CaseIterable, Hashable, Sendable, Codable {
  case histogram, sources, scatter

  var words: String {
    switch self {
    case .histogram: "histogram"
    case .sources: "by source"
    case .scatter: "teacher against reference"
    }
  }
}

extension Action {
  static let plotKind = Action(
    "plot.kind", [.character("v")], "scores as histogram, by source, teacher against reference",
    label: "view"
  ) { reducer in
    reducer.state.histogram.kind = Reducer.next(reducer.state.histogram.kind)
  }
}

/// The other two ways to look at scores: sources under each other, and both models against each other.
enum ScorePlots {
  /// Draws the kind that is chosen; false for the histogram, which each screen draws itself.
  static func draw(
    _ state: ViewState, selectedSource: String?, on canvas: inout Canvas
  ) -> Bool {
    guard let scoring = state.engine.scoring else { return false }
    switch state.histogram.kind {
    case .histogram: return false
    case .sources:
      canvas.draw(
        ridges(scoring, state, selectedSource: selectedSource, height: canvas.size.height),
        in: canvas.bounds)
    case .scatter:
      guard let plot = scatter(state) else { return false }
      drawScatter(plot, on: &canvas)
    }
    return true
  }

  /// "x: log p of the reference, y: of the teacher", for frames.
  static func footer(_ state: ViewState) -> String {
    switch state.histogram.kind {
    case .histogram:
      "bins \(state.histogram.bins)  y: \(state.histogram.isLogarithmic ? "log" : "linear")"
    case .sources: "each by its own peak; n, median d"
    case .scatter: "mean log p, nats per token"
    }
  }

  private static func ridges(
    _ scoring: ScoringSnapshot, _ state: ViewState, selectedSource: String?, height: Int
  ) -> Ridges {
    let sources = scoring.sources.sorted { $0.median > $1.median }
    let counts = sources.map { Number.grouped($0.count) }
    let room = counts.map(\.count).max() ?? 0
    let rows = zip(sources, counts).map { source, count in
      Ridges.Row(
        name: StyledText(source.name),
        figures: String(repeating: " ", count: room - count.count) + count + " "
          + Number.signed(source.median, 2),
        counts: source.counts)
    }
    let selected = sources.firstIndex { $0.name == selectedSource }
    var ridges = Ridges(
      rows, range: ScoreRange.of(scoring.histogram), threshold: state.threshold,
      selected: selected)
    // The selected source stays in view.
    let visible = ridges.visibleRows(height: height)
    ridges.top = max(0, min((selected ?? 0) - visible / 2, rows.count - visible))
    return ridges
  }

  static func scatter(_ state: ViewState) -> DensityPlot? {
    guard let density = state.engine.scoring?.density, density.columns > 0, density.rows > 0
    else { return nil }
    let (threshold, keepsBelow): (Double?, Bool) =
      switch state.ranking {
      case .difference: (state.threshold, false)
      case .lowestDifference: (state.engine.selection?.threshold, true)
      default: (nil, false)
      }
    return DensityPlot(
      counts: density.counts, columns: density.columns, rows: density.rows,
      x: density.left...density.left + Double(density.columns) * density.cell,
      y: density.bottom...density.bottom + Double(density.rows) * density.cell,
      threshold: threshold, keepsBelow: keepsBelow)
  }

  private static func drawScatter(_ plot: DensityPlot, on canvas: inout Canvas) {
    let rows = canvas.bounds.rows([.fixed(1), .fill()])
    canvas.inside(rows[0]) { view in
      view.put(
        StyledText("teacher up, reference across; the line is the border", .dim), x: 0, y: 0,
        width: view.size.width)
    }
    canvas.draw(plot, in: rows[1])
  }
}
