import EngineInterface
public import TerminalUI

/// A plot that can be touched. Plots that share an id share window and cursor.
public enum PlotID: String, CaseIterable, Hashable, Sendable, Codable {
  /// Losses of the students, their difference and their gradients.
  case training
  /// Losses of teacher and reference.
  case models
  case compare
  /// Histograms of the Score and of the Select screen.
  case scores, selection
  case speed
  /// The running mean along a chunk.
  case mean

  /// What carries it in mouse targets.
  func target(_ kind: String) -> HitTarget {
    HitTarget(kind, Self.allCases.firstIndex(of: self) ?? 0)
  }

  init?(_ target: HitTarget) {
    guard target.kind == LinePlot.hitKind || target.kind == Histogram.hitKind,
      let id = Self.allCases[safe: target.index]
    else { return nil }
    self = id
  }

  var isHistogram: Bool { self == .scores || self == .selection }
}

/// What is looked at in plots, and where somebody points.
public struct PlotSettings: ScreenSettings, Hashable, Codable {
  /// Windows of plots; those not in it are shown whole.
  public var windows: [String: PlotWindow] = [:]
  /// Where the cursors of plots stand, on the x axis; that of the training is a step of a run.
  public var cursors: [String: Double] = [:]
  /// The range that is being marked.
  public var brush: Brush?
  /// Under the mouse.
  public var hover: Hover?
  /// Thinned curves, so that they are not thinned for every frame.
  var shelf: CurveShelf?

  public struct Brush: Hashable, Sendable, Codable {
    public var plot: PlotID
    public var start: Double
    public var end: Double
  }

  public struct Hover: Hashable, Sendable, Codable {
    public var plot: PlotID
    public var x: Double
  }

  public init() {}

  /// What is worth remembering: not what the mouse is over, and no half marked range.
  private enum CodingKeys: CodingKey { case windows, cursors }
}

extension ViewState {
  public var plots: PlotSettings {
    get { settings[PlotSettings.self] }
    set { settings[PlotSettings.self] = newValue }
  }

  /// What is shown of a plot's x axis; nil without data.
  func shown(_ plot: PlotID) -> PlotScale? {
    guard let whole = content(of: plot)?.whole else { return nil }
    return plots.windows[plot.rawValue]?.scale(in: whole) ?? whole
  }

  func isZoomed(_ plot: PlotID) -> Bool { plots.windows[plot.rawValue] != nil }

  /// Where the cursor of a plot stands, at one of its stops; nil without one.
  func cursor(_ plot: PlotID) -> Double? {
    if plot == .training {
      return cursorPoint.flatMap { point in
        cursorRun.map { curveAxis.x(point, of: $0) }
      }
    }
    return plots.cursors[plot.rawValue].map { x in content(of: plot)?.stops.nearest(x) ?? x }
  }

  /// Where somebody points on a plot: the mouse before the cursor.
  func pointed(_ plot: PlotID) -> Double? {
    if let hover = plots.hover, hover.plot == plot { return hover.x }
    return cursor(plot)
  }

  /// The range that is marked on a histogram, by its bins.
  func brushed(_ plot: PlotID) -> ClosedRange<Double>? {
    guard let brush = plots.brush, brush.plot == plot, let stops = content(of: plot)?.stops else {
      return nil
    }
    let half = stops.count > 1 ? (stops.x(1) - stops.x(0)) / 2 : 0
    let (start, end) = (stops.nearest(brush.start), stops.nearest(brush.end))
    return min(start, end) - half...max(start, end) + half
  }

  /// The plot that keys touch: of the focused pane the one with a cursor, or the first; else the first
  /// one of the screen.
  var touchedPlot: PlotID? {
    let view = screen.view
    let here = view.plots(of: focusedPane, self)
    if let plot = here.first(where: { cursor($0) != nil }) ?? here.first { return plot }
    return screen.panes.lazy.compactMap { view.plots(of: $0, self).first }.first
  }

  /// The pane that a plot is in.
  func pane(of plot: PlotID) -> Pane? {
    screen.panes.first { screen.view.plots(of: $0, self).contains(plot) }
  }
}
