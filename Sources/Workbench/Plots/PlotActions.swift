import EngineInterface
import TerminalUI

/// What keys do with the plots of a screen.
extension Action {
  /// Of all screens: most have panes with borders between them.
  static let splitKeys: [Action] = [splitLeft, splitRight, splitUp, splitDown]

  static let plotCursor = Action(
    "plot.cursor", [.character("i")], "cursor on the plot: values under a ruler", label: "cursor",
    notNow: noPlot, does: { $0.nextCursor() })

  static let zoomIn = Action(
    "zoom.in", [.character("+")], "zoom into the plot, about the cursor", label: "zoom",
    notNow: noPlot,
    does: { reducer in
      if let plot = reducer.state.touchedPlot { reducer.zoom(plot, by: Reducer.zoomFactor) }
    })

  static let zoomOut = Action(
    "zoom.out", [.character("-")], "zoom out of the plot", notNow: noPlot,
    does: { reducer in
      if let plot = reducer.state.touchedPlot { reducer.zoom(plot, by: 1 / Reducer.zoomFactor) }
    })

  /// Also the borders of the panes, where the plot is whole already.
  static let plotWhole = Action(
    "plot.whole", [.character("0")], "the whole plot, then even panes", label: "whole"
  ) { reducer in
    if let plot = reducer.state.touchedPlot, reducer.state.isZoomed(plot) {
      reducer.state.plots.windows[plot.rawValue] = nil
    } else if reducer.evenSplits() {
      reducer.say("The panes are as they were.")
    } else {
      reducer.say("All of it is shown.")
    }
  }

  /// Puts the cursor on, from where it is moved.
  static let plotSideways = Action(
    "plot.sideways", [], "cursor on the plot", notNow: noPlot,
    does: { reducer in
      if let plot = reducer.state.touchedPlot { reducer.putCursor(on: plot) }
    })

  private static let noPlot: @Sendable (ViewState) -> String? = { state in
    guard let plot = state.touchedPlot else { return "No plot is here." }
    return state.content(of: plot) == nil ? "Nothing is drawn yet." : nil
  }
}

extension Reducer {
  static let zoomFactor = 0.5
  static let wheelFactor = 0.8

  /// The cursor goes from plot to plot of the focused pane, then off; from other panes it comes to the
  /// first plot.
  fileprivate mutating func nextCursor() {
    guard let plot = state.touchedPlot, let pane = state.pane(of: plot) else { return }
    if state.focusedPane != pane { focus(pane) }
    let plots = state.screen.view.plots(of: pane, state).filter { state.content(of: $0) != nil }
    guard state.cursor(plot) != nil, let place = plots.firstIndex(of: plot) else {
      return putCursor(on: plot)
    }
    removeCursor(plot)
    if let next = plots[safe: place + 1] { putCursor(on: next) }
  }

  /// Puts the cursor of a plot where its story ends, or in the middle of it.
  mutating func putCursor(on plot: PlotID) {
    guard let shown = state.shown(plot) else { return }
    if let pane = state.pane(of: plot) { focus(pane) }
    let middle = shown.value(at: 0.5)
    let place: Double =
      switch plot {
      case .scores, .selection:
        state.threshold.flatMap { shown.low < $0 && $0 < shown.high ? $0 : nil } ?? middle
      case .mean: middle
      case .training, .models, .compare, .speed: shown.high
      }
    setCursor(plot, place)
  }

  /// Puts the cursor on the stop that is nearest to a place, and shows it.
  mutating func setCursor(_ plot: PlotID, _ place: Double) {
    guard let content = state.content(of: plot), content.stops.count > 0 else { return }
    setCursor(plot, stop: content.stops.nearestIndex(place), content)
  }

  fileprivate mutating func setCursor(_ plot: PlotID, stop: Int, _ content: PlotContent) {
    let stop = min(content.stops.count - 1, max(0, stop))
    let place = content.stops.x(stop)
    if plot == .training {
      if let point = state.cursorRun?.trainCurve[safe: stop] { pointAt(point.step) }
    } else {
      state.plots.cursors[plot.rawValue] = place
    }
    if state.plots.brush?.plot == plot { state.plots.brush?.end = place }
    reveal(plot, place, content.whole)
  }

  /// Moves the window so that a place is in it.
  mutating func reveal(_ plot: PlotID, _ place: Double, _ whole: PlotScale) {
    guard state.isZoomed(plot), let shown = state.shown(plot), let at = shown.position(place),
      at < -1e-9 || at > 1 + 1e-9
    else { return }
    state.plots.windows[plot.rawValue] = PlotWindow.panned(
      shown, by: at < 0 ? at - 0.02 : at - 0.98, in: whole)
  }

  mutating func removeCursor(_ plot: PlotID) {
    if plot == .training { state.train.cursor = nil }
    state.plots.cursors[plot.rawValue] = nil
    if state.plots.brush?.plot == plot { state.plots.brush = nil }
  }

  /// Zooms about a place; without one about what is pointed at, else about the end of what grows and
  /// the middle of the rest.
  mutating func zoom(_ plot: PlotID, by factor: Double, about place: Double? = nil) {
    guard let content = state.content(of: plot), let shown = state.shown(plot) else { return }
    let fixed: Double =
      switch plot {
      case .training, .models, .compare, .speed: shown.high
      case .scores, .selection: state.threshold ?? shown.value(at: 0.5)
      case .mean: shown.value(at: 0.5)
      }
    state.plots.windows[plot.rawValue] = PlotWindow.zoomed(
      shown, by: factor, about: place ?? state.cursor(plot) ?? fixed, in: content.whole)
  }

  /// Moves the window by a share of its length.
  mutating func pan(_ plot: PlotID, by share: Double) {
    guard let content = state.content(of: plot), let shown = state.shown(plot) else { return }
    state.plots.windows[plot.rawValue] = PlotWindow.panned(shown, by: share, in: content.whole)
  }
}

// MARK: - Keys while a cursor or a window is there

extension Reducer {
  /// A key that means something on the plot of the focused pane: with a cursor or a window arrows are
  /// its own, with a cursor also those that go far, mark and leave. False = it means what it always does.
  mutating func pressPlot(_ key: Key) -> Bool {
    guard let plot = state.touchedPlot, state.pane(of: plot) == state.focusedPane,
      let content = state.content(of: plot), content.stops.count > 0
    else { return false }
    let hasCursor = state.cursor(plot) != nil
    guard hasCursor || state.isZoomed(plot) else { return false }
    let action = state.table.action(for: key)
    if let step = Self.step(key, action) {
      if hasCursor {
        moveCursor(plot, by: step, content)
      } else {
        pan(plot, by: Double(step) / 100)
      }
      return true
    }
    guard hasCursor, let shown = state.shown(plot) else { return false }
    switch action {
    case Action.home?: setCursor(plot, stop: content.stops.index(at: shown.low), content)
    case Action.end?: setCursor(plot, stop: content.stops.index(at: shown.high), content)
    case Action.back?:
      if state.plots.brush?.plot == plot { state.plots.brush = nil } else { removeCursor(plot) }
    case Action.open? where brushed(plot): break
    case Action.open? where plot == .mean: readToken()
    // The key that flips a chunk marks on a plot, whichever it is.
    case _ where state.table.keys(of: .flip).contains(key) && plot.isHistogram: markEnd(plot)
    default: return false
    }
    return true
  }

  /// Hundredths of the window that a key goes, right of nought; nil for other keys.
  private static func step(_ key: Key, _ action: Action?) -> Int? {
    switch (key, action) {
    case (.shiftLeft, _): -10
    case (.shiftRight, _): 10
    case (_, Action.left?): -1
    case (_, Action.right?): 1
    case (_, Action.pageUp?): -25
    case (_, Action.pageDown?): 25
    default: nil
    }
  }

  /// Moves by hundredths of what is visible, at least from stop to stop.
  private mutating func moveCursor(_ plot: PlotID, by step: Int, _ content: PlotContent) {
    guard let shown = state.shown(plot), let cursor = state.cursor(plot) else { return }
    let visible =
      content.stops.index(at: shown.high) - content.stops.index(at: shown.low) + 1
    let length = max(1, visible / 100) * (abs(step) == 1 ? 1 : max(1, min(abs(step), visible / 8)))
    let place = content.stops.nearestIndex(cursor)
    setCursor(plot, stop: place + (step < 0 ? -length : length), content)
  }

  /// Marks one end of a range at the cursor; the cursor moves the other one.
  private mutating func markEnd(_ plot: PlotID) {
    guard let cursor = state.cursor(plot) else { return }
    state.plots.brush = .init(plot: plot, start: cursor, end: cursor)
    say(
      "Marked. Move to the other end; \(state.key(.open)) lists the range, "
        + "\(state.key(.back)) forgets it.")
  }

  /// Scrolls the text to the token under the cursor.
  private mutating func readToken() {
    guard let cursor = state.cursor(.mean) else { return }
    let token = Int(cursor)
    if let row = ChunkScreen.tokenOrder(state).firstIndex(of: token) {
      state.lists[.tokens] = ListState(selected: row)
    }
    goToToken()
  }
}
