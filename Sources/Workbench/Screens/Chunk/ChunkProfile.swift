import EngineInterface
import Numerics
import TerminalUI

/// The running mean of d along a chunk, and the facts about it.
enum ChunkProfile {
  static func draw(_ state: ViewState, on canvas: inout Canvas) {
    let isWide = state.isWide
    let parts =
      isWide ? canvas.bounds.columns([.fill(), .fixed(38)]) : [canvas.bounds]
    canvas.inside(parts[0]) { drawMean(state, on: &$0) }
    if isWide { canvas.inside(parts[1]) { drawFacts(state, on: &$0) } }
  }

  private static func drawMean(_ state: ViewState, on canvas: inout Canvas) {
    let chunk = ChunkScreen.picture(state)
    let threshold = state.ranking.isMethod ? state.threshold ?? chunk?.threshold : nil
    var title = "Running mean of d"
    if let threshold { title += "   threshold \(Number.fixed(threshold, 3))" }
    let footer =
      state.cursor(.mean) == nil
      ? "" : "\(state.key(.open)): token in the text  \(state.key(.back)) leaves"
    ChunkScreen.frame(
      .profile, state, title: StyledText(title), footer: StyledText(footer), on: &canvas
    ) { view in
      guard let chunk else { return }
      var plot = LinePlot(
        [PlotSeries("mean d", points: runningMean(chunk.tokens), role: .plot1)],
        x: state.shown(.mean), guides: threshold.map { [$0] } ?? [], xUnit: "tok",
        emptyText: "not scored yet")
      plot.target = PlotID.mean.target(LinePlot.hitKind)
      plot.readout = readout(chunk, plot.series[0].points, state)
      view.draw(plot, in: view.bounds)
    }
  }

  /// The token under the ruler, its difference and the mean up to it.
  private static func readout(
    _ chunk: ChunkDetail, _ points: [PlotPoint], _ state: ViewState
  ) -> PlotReadout? {
    guard let x = state.pointed(.mean) else { return nil }
    let token = chunk.tokens[safe: Int(x)]
    let mean = points[safe: points.firstPlace { $0.x >= x }]?.y
    return PlotReadout(
      x: x,
      lines: [
        StyledText("token \(Int(x) + 1)", .accent, .bold),
        [
          Span("d ", .dim), Span(Number.signed(token?.difference, 2), .text, .bold),
          Span(" of \"\(RowText.flat(token?.text ?? ""))\"", .dim),
        ],
        RunPlot.line(
          LinePlot.sign(0, state.display.glyphs), "mean d", Number.signed(mean, 3), .plot1),
      ])
  }

  /// Mean of the differences up to each token.
  static func runningMean(_ tokens: [ChunkDetail.Token]) -> [PlotPoint] {
    var sum = 0.0
    var count = 0
    var points: [PlotPoint] = []
    for (index, token) in tokens.enumerated() {
      guard let difference = token.difference, difference.isFinite else { continue }
      sum += difference
      count += 1
      points.append(PlotPoint(x: Double(index), y: sum / Double(count)))
    }
    return points
  }

  private static func drawFacts(_ state: ViewState, on canvas: inout Canvas) {
    canvas.mark(canvas.bounds, as: HitTarget("pane.\(Pane.profile.rawValue)"))
    let area = canvas.box(canvas.bounds, title: "Facts")
    guard let chunk = ChunkScreen.picture(state) else { return }
    canvas.inside(area) { ChunkScreen.put(facts(chunk), on: &$0) }
  }

  private static func facts(_ chunk: ChunkDetail) -> [StyledText] {
    func mean(_ name: String, _ value: Double?) -> StyledText {
      guard let value else { return [Span(name, .dim), Span("-", .dim)] }
      return [
        Span(name, .dim),
        Span("\(Number.fixed(value, 3))  ppl \(RunFigures.perplexity(-value))"),
      ]
    }
    var lines = [
      mean("mean log p ", chunk.teacherLogProbability),
      mean("mean log q ", chunk.referenceLogProbability),
    ]
    if let rank = chunk.rank {
      lines.append([
        Span("rank       ", .dim),
        Span("\(Number.grouped(rank)) of \(Number.grouped(chunk.scored))"),
      ])
    }
    let perToken = Double(chunk.bytes) / Double(max(1, chunk.tokens.count))
    lines.append([Span("bytes/tok  ", .dim), Span(Number.fixed(perToken, 2))])
    lines.append([Span("documents  ", .dim), Span("\(chunk.pieces.count) in this chunk")])
    let labels = chunk.pieces.map(\.label).filter { !$0.isEmpty }
    if !chunk.row.note.isEmpty {
      lines.append([Span("note       ", .dim), Span(chunk.row.note, .accent)])
    }
    if !labels.isEmpty {
      lines.append([Span("planted    ", .dim), Span(labels.joined(separator: ", "), .warn)])
    }
    return lines
  }
}
