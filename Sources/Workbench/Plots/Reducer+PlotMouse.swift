import TerminalUI

/// The mouse over plots and over borders of panes.
extension Reducer {
  /// A move without a button: what lies under it says its values.
  mutating func hover(_ mouse: MouseEvent, _ hit: HitRegion?) {
    guard state.overlay == nil, let hit, let plot = PlotID(hit.target) else {
      if state.plots.hover != nil { state.plots.hover = nil }
      return
    }
    point(at: mouse, plot, hit.rect)
  }

  /// Takes hold of a plot; false where the target is none.
  mutating func pressPlot(_ mouse: MouseEvent, _ hit: HitRegion) -> Bool {
    guard let plot = PlotID(hit.target), let shown = state.shown(plot) else { return false }
    let isMarking = mouse.button == .right || mouse.modifiers.contains(.shift)
    if plot.isHistogram {
      guard isMarking else { return false }
      let place = value(mouse, shown, hit.rect)
      if let pane = state.pane(of: plot) { focus(pane) }
      state.plots.brush = .init(plot: plot, start: place, end: place)
      state.drag = Drag(kind: .brush(plot), rect: hit.rect)
      point(at: mouse, plot, hit.rect)
      return true
    }
    if let pane = state.pane(of: plot) { focus(pane) }
    if isMarking {
      state.drag = Drag(kind: .readout(plot), rect: hit.rect)
      point(at: mouse, plot, hit.rect)
    } else {
      state.drag = Drag(
        kind: .plot(plot, start: shown, column: mouse.x, clicks: mouse.clicks), rect: hit.rect)
    }
    return true
  }

  /// Moves what the mouse holds.
  mutating func dragPlot(_ plot: PlotID, start: PlotScale, column: Int, _ mouse: MouseEvent) {
    guard let drag = state.drag, let content = state.content(of: plot) else { return }
    if state.isZoomed(plot) {
      let share = Double(column - mouse.x) / Double(max(1, drag.rect.width))
      state.plots.windows[plot.rawValue] = PlotWindow.panned(start, by: share, in: content.whole)
    } else if mouse.x != column || state.cursor(plot) != nil {
      setCursor(plot, value(mouse, start, drag.rect))
    }
  }

  mutating func dragBrush(_ plot: PlotID, _ mouse: MouseEvent) {
    guard let drag = state.drag, let shown = state.shown(plot) else { return }
    let end = value(mouse, shown, drag.rect)
    state.plots.brush?.end = end
    point(at: mouse, plot, drag.rect)
  }

  /// What the mouse points at.
  mutating func point(at mouse: MouseEvent, _ plot: PlotID, _ rect: Rect) {
    guard let shown = state.shown(plot), let stops = state.content(of: plot)?.stops else { return }
    state.plots.hover = .init(plot: plot, x: stops.nearest(value(mouse, shown, rect)))
  }

  private func value(_ mouse: MouseEvent, _ shown: PlotScale, _ rect: Rect) -> Double {
    shown.value(atColumn: mouse.x - rect.x, of: rect.width)
  }

  /// Lets go: a press without a drag is a click, which puts the cursor there; a second one opens what
  /// is there.
  mutating func release(_ mouse: MouseEvent) {
    defer { state.drag = nil }
    switch state.drag?.kind {
    case .plot(let plot, let start, let column, let clicks):
      guard let rect = state.drag?.rect, mouse.x == column else { return }
      setCursor(plot, value(mouse, start, rect))
      if clicks > 1, let action = state.screen.view.enter(state) { perform(action) }
    case .brush(let plot):
      state.plots.hover = nil
      guard let brush = state.plots.brush, brush.start != brush.end else {
        state.plots.brush = nil
        return
      }
      _ = brushed(plot)
    case .readout: state.plots.hover = nil
    case .ratioBar, .histogram, .splitter, nil: break
    }
  }

  /// Zooms about the pointer; false where the target is no plot.
  mutating func wheelPlot(_ direction: Int, _ mouse: MouseEvent, _ hit: HitRegion) -> Bool {
    guard let plot = PlotID(hit.target), let shown = state.shown(plot) else { return false }
    zoom(
      plot, by: direction < 0 ? Self.wheelFactor : 1 / Self.wheelFactor,
      about: value(mouse, shown, hit.rect))
    return true
  }

  // MARK: - Borders of panes

  /// Takes hold of a border; the pane under the mouse has the focus all the same.
  mutating func pressSplitter(_ mouse: MouseEvent, _ hit: HitRegion) -> Bool {
    guard hit.target.kind == Splitter.hitKind,
      let splitter = state.splitLayout.splitters[safe: hit.target.index]
    else { return false }
    if let pane = state.pane(at: Point(x: mouse.x, y: mouse.y - 1)) { focus(pane) }
    state.drag = Drag(kind: .splitter(splitter.name), rect: hit.rect)
    return true
  }

  mutating func dragSplitter(_ name: String, _ mouse: MouseEvent) {
    guard let splitter = state.splitLayout.splitters.first(where: { $0.name == name }) else {
      return
    }
    // The header lies above the body.
    move(splitter, to: splitter.axis == .columns ? mouse.x : mouse.y - 1)
  }
}

extension Splitter {
  /// Kind of the mouse targets; `index` is the place among the borders of the screen.
  static let hitKind = "splitter"

  /// Makes the borders of a state answer to the mouse, and shows the one that is held.
  static func mark(_ state: ViewState, on canvas: inout Canvas) {
    let (panes, splitters) = state.splitLayout
    for (index, splitter) in splitters.enumerated() where splitter.allowed(0) != nil {
      let handle = splitter.handle(panes)
      canvas.mark(handle, as: HitTarget(hitKind, index))
      if case .splitter(splitter.name)? = state.drag?.kind {
        canvas.restyle(handle) { $0 = Style(.borderFocus, .bold) }
      }
    }
  }
}
