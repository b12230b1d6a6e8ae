import EngineInterface
import TerminalUI

/// Mouse reports. Everything here has a key as well.
extension Reducer {
  static let wheelStep = 3
  /// What the targets of frames begin with.
  private static let frameKind = "pane."

  mutating func handle(_ mouse: MouseEvent, _ hit: HitRegion?) {
    switch mouse.kind {
    case .press where mouse.button == .left:
      endGesture()
      press(mouse, hit)
    case .press:
      if mouse.button == .right, state.overlay == nil, let hit { _ = pressPlot(mouse, hit) }
    case .drag: drag(mouse)
    case .release:
      release(mouse)
      endGesture()
    case .wheelUp: handleInBurst { $0.wheel(-1, mouse, hit) }
    case .wheelDown: handleInBurst { $0.wheel(1, mouse, hit) }
    case .move: hover(mouse, hit)
    }
  }

  private mutating func press(_ mouse: MouseEvent, _ hit: HitRegion?) {
    guard let hit else { return }
    if state.overlay != nil {
      pressOverlay(hit.target)
      return
    }
    let target = hit.target
    if let action = FooterLine.action(target, state.table) {
      perform(action)
    } else if state.screen.view.press(target, &self) || pressPlot(mouse, hit)
      || pressSplitter(mouse, hit)
    {
      return
    } else if target.kind == TabHeader.hitKind {
      if let screen = ScreenID(digit: target.index + 1) { go(to: screen) }
    } else if let kind = Drag.Kind(hitKind: target.kind) {
      if kind == .histogram { focus(.histogram) }
      state.drag = Drag(kind: kind, rect: hit.rect)
      drag(mouse)
    } else {
      pressPane(target, clicks: mouse.clicks)
    }
  }

  /// Rows: the first click selects, a click on the selected row opens. Frames: focus.
  private mutating func pressPane(_ target: HitTarget, clicks: Int) {
    if target.kind.hasPrefix(Self.frameKind) {
      focus(Pane(rawValue: String(target.kind.dropFirst(Self.frameKind.count))))
      return
    }
    let pane = Pane(rawValue: target.kind)
    guard state.screen.panes.contains(pane) else { return }
    let isSelected = state.focusedPane == pane && state.list(pane).selected == target.index
    focus(pane)
    selectRow(target.index, in: pane)
    if isSelected || clicks > 1, let action = state.screen.view.enter(state) { perform(action) }
  }

  mutating func selectRow(_ row: Int, in pane: Pane) {
    move(.to(row), in: pane)
  }

  private mutating func drag(_ mouse: MouseEvent) {
    guard let drag = state.drag else { return }
    switch drag.kind {
    case .ratioBar:
      let ratio = RatioBar.value(atColumn: mouse.x, track: drag.rect)
      moveRatio(to: (ratio * 1000).rounded() / 1000)
    case .histogram:
      // A control keeps no side of it.
      let id: PlotID = state.screen == .score ? .scores : .selection
      guard state.ranking.isMethod, let plot = state.histogramPlot(id, threshold: nil),
        let source = state.engine.selection?.histogram ?? state.engine.scoring?.histogram,
        let ratio = source.share(atLeast: plot.value(atColumn: mouse.x, area: drag.rect))
      else { return }
      moveRatio(to: (ratio * 1000).rounded() / 1000)
    case .plot(let plot, let start, let column, _):
      dragPlot(plot, start: start, column: column, mouse)
    case .brush(let plot): dragBrush(plot, mouse)
    case .readout(let plot): point(at: mouse, plot, drag.rect)
    case .splitter(let name): dragSplitter(name, mouse)
    }
  }

  private mutating func wheel(_ direction: Int, _ mouse: MouseEvent, _ hit: HitRegion?) {
    if state.overlay != nil {
      for _ in 0..<Self.wheelStep { pressInOverlay(direction < 0 ? .up : .down) }
      return
    }
    guard let hit else { return }
    let kind = hit.target.kind
    if state.screen.view.wheel(direction, over: kind, &self) || wheelPlot(direction, mouse, hit) {
      return
    } else if kind == RatioBar.hitKind {
      moveRatio(by: Double(-direction) * 0.01)
    } else if let pane = pane(under: kind) {
      scroll(pane, by: direction * Self.wheelStep)
    }
  }

  /// The pane whose frame, rows or heads a target is.
  private func pane(under kind: String) -> Pane? {
    let parts = kind.split(separator: ".").map(String.init)
    let name = kind.hasPrefix(Self.frameKind) ? parts.last : parts.first
    return name.map(Pane.init(rawValue:)).flatMap { state.screen.panes.contains($0) ? $0 : nil }
  }

  private mutating func pressOverlay(_ target: HitTarget) {
    switch (target.kind, state.overlay) {
    case (Dialog.hitKind, .quit?):
      if let choice = QuitDialog.choices(state)[safe: target.index] { quit(choice) }
    case (PaletteContent.hitKind, .palette(var palette)?):
      palette.list.selected = target.index
      state.overlay = .palette(palette)
      pressInOverlay(.open)
    case (let kind, .list(let id, var list)?) where kind == id.view.hitKind:
      list.selected = target.index
      state.overlay = .list(id, list)
      pressInOverlay(.open)
    case (ModelChoiceOverlay.hitKind, .modelChoice(var choice)?):
      // As in lists of screens: one that is selected is taken.
      let isSelected = choice.list.selected == target.index
      choice.list.selected = target.index
      state.overlay = .modelChoice(choice)
      if isSelected { pressInOverlay(.open) }
    default: break
    }
  }
}

extension Drag.Kind {
  /// What a press on a target of this kind takes hold of; nil = nothing.
  fileprivate init?(hitKind: String) {
    switch hitKind {
    case RatioBar.hitKind: self = .ratioBar
    case Histogram.hitKind: self = .histogram
    default: return nil
    }
  }
}
