import EngineInterface
public import TerminalUI

/// Draws a state: header, panes of the screen, status line, bottom line, and what lies over them.
public struct Renderer: Sendable {
  public init() {}

  /// The frame of a state. Pure; any size can be drawn.
  public func render(_ state: ViewState) -> Frame {
    var canvas = Canvas(
      size: state.size, glyphs: state.display.glyphs, isMonochrome: state.display.isMonochrome,
      hasFewColours: state.display.hasFewColours)
    if state.isTooSmall {
      TooSmallPage.draw(state, on: &canvas)
    } else {
      drawScreen(state, on: &canvas)
    }
    drawOverlay(state, on: &canvas)
    return canvas.frame
  }

  private func drawScreen(_ state: ViewState, on canvas: inout Canvas) {
    let rows = canvas.bounds.rows([.fixed(1), .fill(), .fixed(1), .fixed(1)])
    canvas.draw(header(state), in: rows[0])
    canvas.inside(rows[1]) { body in
      for pane in state.screen.panes {
        guard let rect = state.paneRect(pane) else { continue }
        body.inside(rect) { state.screen.view.draw(pane, state, on: &$0) }
      }
      Splitter.mark(state, on: &body)
    }
    if let prompt = state.prompt {
      canvas.inside(rows[1]) { PromptChoices.draw(prompt, state, on: &$0) }
      canvas.inside(rows[2]) { PromptLine.draw(prompt, state, on: &$0) }
    } else {
      canvas.draw(StatusLine(StatusText.parts(state)), in: rows[2])
    }
    if let prompt = state.prompt, let fault = prompt.fault?(prompt.field.text) {
      canvas.inside(rows[3]) { PromptLine.drawFault(fault, prompt, state, on: &$0) }
    } else {
      canvas.draw(FooterLine(entries: footer(state), table: state.table), in: rows[3])
    }
  }

  /// The way to the other panes comes first where only one is seen.
  private func footer(_ state: ViewState) -> [FooterEntry] {
    let entries = state.screen.footer
    guard state.showsOnePane else { return entries }
    return [FooterEntry(.nextPane)] + entries.filter { !$0.actions.contains(.nextPane) }
  }

  private func header(_ state: ViewState) -> TabHeader {
    TabHeader(
      product: "MINIPLM",
      tabs: ScreenID.allCases.map { TabHeader.Tab($0.title, short: $0.view.short) },
      current: state.screen.digit - 1,
      note: state.engine.project.map { StyledText("proj: \($0.name)") } ?? [])
  }

  private func drawOverlay(_ state: ViewState, on canvas: inout Canvas) {
    guard let overlay = state.overlay else { return }
    // What lies under it does not answer to the mouse.
    canvas.mark(canvas.bounds, as: HitTarget(LogOverlay.coverKind))
    switch overlay {
    case .help: canvas.draw(HelpContent.overlay(state), in: canvas.bounds)
    case .palette(let palette): PaletteContent.draw(palette, state, on: &canvas)
    case .modelChoice(let choice): ModelChoiceOverlay.draw(choice, state, on: &canvas)
    case .list(let id, let list): id.view.draw(list, state, on: &canvas)
    case .quit: canvas.draw(QuitDialog.dialog(state), in: canvas.bounds)
    }
  }
}
