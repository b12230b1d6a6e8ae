import EngineInterface
import TerminalUI

/// Mouse reports. Everything here has a key as well.
extension Reducer {
  private static let wheelStep = 3

  mutating func handle(_ mouse: MouseEvent, _ hit: HitRegion?) {
    switch mouse.kind {
    case .press where mouse.button == .left: press(mouse, hit)
    case .drag: drag(mouse)
    case .release: state.drag = nil
    case .wheelUp: wheel(-1, hit)
    case .wheelDown: wheel(1, hit)
    case .press: break
    }
  }

  private mutating func press(_ mouse: MouseEvent, _ hit: HitRegion?) {
    guard let hit else { return }
    if state.overlay != nil {
      pressOverlay(hit.target)
      return
    }
    let target = hit.target
    if let action = FooterLine.action(target) {
      perform(action)
      return
    }
    switch target.kind {
    case TabHeader.hitKind:
      if let screen = ScreenID(rawValue: target.index + 1) { go(to: screen) }
    case RatioBar.hitKind:
      startDrag(.ratioBar, hit.rect, mouse)
    case Histogram.hitKind:
      if state.screen == .select { focus(.histogram) }
      startDrag(.histogram, hit.rect, mouse)
    case SelectScreen.flipKind:
      focus(.border)
      selectRow(target.index, in: .border)
      if let row = state.engine.selection?.border[safe: target.index] { flip(chunk: row.index) }
    case CommitScreen.buttonKind:
      focus(.plan)
      state.commitButton = target.index
      pressCommitButton()
    case "token":
      focus(.text)
    default:
      pressPane(target, clicks: mouse.clicks)
    }
  }

  /// Rows: the first click selects, a click on the selected row opens. Frames: focus.
  private mutating func pressPane(_ target: HitTarget, clicks: Int) {
    let parts = target.kind.split(separator: ".")
    if parts.first == "pane", let name = parts.last, let pane = Pane(rawValue: String(name)) {
      focus(pane)
    } else if parts.last == "header", parts.first.map(String.init) == Pane.documents.rawValue {
      sortDocuments()
    } else if let pane = Pane(hitKind: target.kind), state.screen.panes.contains(pane) {
      let isSelected = state.focusedPane == pane && state.list(pane).selected == target.index
      focus(pane)
      selectRow(target.index, in: pane)
      if isSelected || clicks > 1 { open() }
    }
  }

  private mutating func selectRow(_ row: Int, in pane: Pane) {
    move(.to(row), in: pane)
  }

  private mutating func startDrag(_ kind: Drag.Kind, _ rect: Rect, _ mouse: MouseEvent) {
    state.drag = Drag(kind: kind, rect: rect)
    drag(mouse)
  }

  private mutating func drag(_ mouse: MouseEvent) {
    guard let drag = state.drag else { return }
    switch drag.kind {
    case .ratioBar:
      let ratio = RatioBar.value(atColumn: mouse.x, track: drag.rect)
      setRatio((ratio * 1000).rounded() / 1000)
    case .histogram:
      guard let plot = SelectScreen.histogramPlot(state),
        let source = state.engine.selection?.histogram ?? state.engine.scoring?.histogram,
        let ratio = source.share(atLeast: plot.value(atColumn: mouse.x, area: drag.rect))
      else { return }
      setRatio((ratio * 1000).rounded() / 1000)
    }
  }

  private mutating func wheel(_ direction: Int, _ hit: HitRegion?) {
    if state.overlay != nil {
      let key: Key = direction < 0 ? .up : .down
      for _ in 0..<Self.wheelStep { handleOverlay(key) }
      return
    }
    guard let target = hit?.target else { return }
    let kind = target.kind
    if kind == Histogram.hitKind {
      changeBins(-direction)
    } else if kind == RatioBar.hitKind {
      moveRatio(by: Double(-direction) * 0.01)
    } else if kind == LinePlot.hitKind, state.screen == .train {
      zoom(-direction)
    } else if let pane = pane(under: kind) {
      scroll(pane, by: direction * Self.wheelStep)
    }
  }

  /// The pane that a target of any kind stands in.
  private func pane(under kind: String) -> Pane? {
    if kind == "token" { return .text }
    if kind == SelectScreen.flipKind { return .border }
    let parts = kind.split(separator: ".").map(String.init)
    let name = parts.first == "pane" ? parts.last : parts.first
    return name.flatMap(Pane.init(rawValue:)).flatMap {
      state.screen.panes.contains($0) ? $0 : nil
    }
  }

  private mutating func pressOverlay(_ target: HitTarget) {
    switch (target.kind, state.overlay) {
    case (Dialog.hitKind, .quit?):
      if let choice = QuitDialog.choices(state)[safe: target.index] { quit(choice) }
    case (PaletteContent.hitKind, .palette(var palette)?):
      palette.list.selected = target.index
      state.overlay = .palette(palette)
      handleOverlay(.enter)
    case (SettingsOverlay.hitKind, .settings(var list)?):
      list.selected = target.index
      state.overlay = .settings(list)
      handleOverlay(.enter)
    case (PrecisionOverlay.hitKind, .precision(var list)?):
      list.selected = target.index
      state.overlay = .precision(list)
      handleOverlay(.enter)
    case (SourceFilterOverlay.hitKind, .sourceFilter(var list)?):
      list.selected = target.index
      state.overlay = .sourceFilter(list)
      handleOverlay(.enter)
    default: break
    }
  }
}
