public import TerminalUI

/// What is written of a screen: the same rows, figures and cells that are shown.
public enum ExportText {
  /// The file's text. What lies over the screen is left out.
  public static func text(_ order: ExportOrder, _ state: ViewState, theme: Theme) -> String {
    switch order.format {
    case .csv: return ScreenData.table(order.pane, of: order.screen, state).csv
    case .json: return ScreenData.record(order.screen, state).data.prettyJSON() + "\n"
    case .txt: return frame(order, state).grid.text + "\n"
    case .svg:
      return FrameSVG(
        frame(order, state), theme: theme, title: "miniplm: \(order.screen.title)"
      ).text
    }
  }

  private static func frame(_ order: ExportOrder, _ state: ViewState) -> Frame {
    var bare = state
    bare.screen = order.screen
    (bare.overlay, bare.prompt, bare.message) = (nil, nil, nil)
    return Renderer().render(bare)
  }
}
