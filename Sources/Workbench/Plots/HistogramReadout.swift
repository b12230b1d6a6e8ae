import EngineInterface
import Numerics
import TerminalUI

/// The histogram of a screen with window, ruler and marked range.
extension ViewState {
  /// As it is drawn; nil without scores.
  func histogramPlot(_ id: PlotID, threshold: Double?) -> Histogram? {
    guard let bins = shownHistogram(id) else { return nil }
    var plot = Histogram(
      counts: bins.counts, range: ScoreRange.of(bins), threshold: threshold,
      isLogarithmic: histogram.isLogarithmic)
    plot.target = id.target(Histogram.hitKind)
    if isZoomed(id), let shown = shown(id) { plot.window = shown.low...shown.high }
    plot.brush = brushed(id)
    plot.readout = pointed(id).map { PlotReadout(x: $0, lines: lines(of: bins, at: $0, id)) }
    return plot
  }

  /// The bin or the marked range under the ruler: how many chunks, and how many lie above it.
  private func lines(
    of bins: HistogramSnapshot, at x: Double, _ id: PlotID
  ) -> [StyledText] {
    let range = ScoreRange.of(bins)
    let width = (range.upperBound - range.lowerBound) / Double(max(1, bins.counts.count))
    let bin = max(0, min(bins.counts.count - 1, Int((x - range.lowerBound) / max(1e-300, width))))
    let low = range.lowerBound + Double(bin) * width
    let marked = brushed(id) ?? low...low + width
    let count =
      brushed(id) == nil ? bins.counts[safe: bin] ?? 0 : Int(bins.count(in: marked).rounded())
    let total = max(1, bins.total)
    let above = bins.share(atLeast: marked.lowerBound) ?? 0
    func number(_ value: Double) -> String { Number.signed(value, width < 0.01 ? 4 : 2) }
    return [
      StyledText("d \(number(marked.lowerBound)) to \(number(marked.upperBound))", .accent, .bold),
      [
        Span(Number.grouped(count), .text, .bold),
        Span(count == 1 ? " chunk, " : " chunks, "),
        Span(Number.percent(Double(count) / Double(total), 1)),
      ],
      StyledText("from here up \(Number.percent(above, 1))", .dim),
    ]
  }

  /// "bins 64  y: linear" for the frame, or what the cursor can do.
  func histogramFooter(_ id: PlotID) -> StyledText {
    if plots.brush?.plot == id {
      return StyledText(
        "\(key(.left)) \(key(.right)) move  \(key(.open)) lists it  \(key(.back)) forgets it",
        .accent)
    }
    if cursor(id) != nil {
      return StyledText("\(key(.flip)) marks an end  \(key(.back)) leaves", .accent)
    }
    let whole = isZoomed(id) ? "  \(key(.plotWhole)): whole" : ""
    return StyledText("\(ScorePlots.footer(self))\(whole)  \(key(.plotKind)): view")
  }
}
