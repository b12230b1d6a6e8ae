public import EngineInterface
public import TerminalUI

/// One screen without a terminal: what `--once` prints, and what tests compare.
public enum OneFrame {
  /// The frame after these events.
  public static func frame(
    _ events: [EngineEvent], screen: ScreenID, size: Size,
    display: DisplayOptions = DisplayOptions(glyphs: .ascii)
  ) -> Frame {
    var state = ViewState(size: size, display: display)
    state.screen = screen
    state.followsWork = false
    for event in events { _ = reduce(&state, .engine(event)) }
    return Renderer().render(state)
  }
}

/// One screen as text.
public func renderOnce(
  events: [EngineEvent], screen: ScreenID, size: Size,
  display: DisplayOptions = DisplayOptions(glyphs: .ascii)
) -> String {
  OneFrame.frame(events, screen: screen, size: size, display: display).grid.text
}
