import EngineInterface
import TerminalUI

/// A screen: everything that the rest of the workbench asks of it.
///
/// A new screen is a type with these members, its panes and its settings in files of its own, and one
/// entry in `ScreenID.allCases`.
protocol Screen: SendableMetatype {
  /// What stands in the header, and three letters of it for narrow terminals.
  static var title: String { get }
  static var short: String { get }
  /// Names in lower case that it once had: scripts may still use them.
  static var formerNames: [String] { get }
  /// The panes in the order of Tab; the first has the focus at the start.
  static var panes: [Pane] { get }
  /// The stages of the work that are watched here.
  static var stages: [Stage] { get }
  /// What can be done here besides what can be done everywhere.
  static var actions: [Action] { get }
  /// The bottom line between help and palette, most useful first.
  static var footer: [FooterEntry] { get }

  /// Panes that are visible in a body of the state's size, before a person moves their borders. The focused pane is always among them;
  /// panes never overlap.
  static func layout(_ state: ViewState) -> [Pane: Rect]

  /// The plots of a pane, the one that keys touch first in front.
  static func plots(of pane: Pane, _ state: ViewState) -> [PlotID]

  /// Draws a pane with its frame into the whole of the canvas.
  static func draw(_ pane: Pane, _ state: ViewState, on canvas: inout Canvas)

  /// What can be moved through in a pane whose frame has this size; nil when nothing can.
  static func content(of pane: Pane, _ state: ViewState, size: Size) -> PaneContent?

  /// Parts of the status line, most important first.
  static func status(_ state: ViewState) -> [StyledText]

  /// The pane that lists chunks, and the chunk on one of its rows.
  static var chunkPane: Pane? { get }
  static func chunk(at row: Int, _ state: ViewState) -> Int?

  /// The chunk that is selected: what reading and flipping are about.
  static func selectedChunk(_ state: ViewState) -> Int?

  /// What goes to the clipboard; nil when there is nothing.
  static func copyText(_ state: ViewState) -> String?

  /// What the screen shows, as data: the same rows and figures. `dataName` is the name of what a pane
  /// shows in it, with dots for what lies inside of something; nil = the figures beside its lists.
  static func data(_ state: ViewState) -> DataRecord
  static func dataName(of pane: Pane) -> String?

  /// What Enter, the arrows and Esc mean in the focused pane; nil = nothing.
  static func enter(_ state: ViewState) -> Action?
  static func sideways(_ state: ViewState) -> (left: Action, right: Action)?
  static func back(_ state: ViewState) -> Action?
  /// The list whose rows the screen has and can filter; nil for none.
  static var filteredList: FilteredList? { get }

  /// Asks for what the screen needs when it comes up; `state.screen` is still the one before.
  static func willShow(_ reducer: inout Reducer)

  /// A click on a target of the screen's own, and the wheel over one (-1 = up); false = none of them.
  static func press(_ target: HitTarget, _ reducer: inout Reducer) -> Bool
  static func wheel(_ direction: Int, over kind: String, _ reducer: inout Reducer) -> Bool
}

extension Screen {
  static var short: String { String(title.prefix(3)) }
  static var formerNames: [String] { [] }
  static var stages: [Stage] { [] }

  static func plots(of pane: Pane, _ state: ViewState) -> [PlotID] { [] }
  static func content(of pane: Pane, _ state: ViewState, size: Size) -> PaneContent? { nil }
  static func status(_ state: ViewState) -> [StyledText] { [] }
  static var chunkPane: Pane? { nil }
  static func chunk(at row: Int, _ state: ViewState) -> Int? { nil }
  static func selectedChunk(_ state: ViewState) -> Int? {
    chunkPane.flatMap { chunk(at: state.list($0).selected, state) }
  }
  /// The newest message: on a screen without text of its own it is what people report.
  static func copyText(_ state: ViewState) -> String? { state.engine.notices.last?.text }
  static func dataName(of pane: Pane) -> String? { nil }
  static func enter(_ state: ViewState) -> Action? { nil }
  static func sideways(_ state: ViewState) -> (left: Action, right: Action)? { nil }
  static func back(_ state: ViewState) -> Action? { nil }
  static var filteredList: FilteredList? { nil }
  static func willShow(_ reducer: inout Reducer) {}
  static func press(_ target: HitTarget, _ reducer: inout Reducer) -> Bool { false }
  static func wheel(_ direction: Int, over kind: String, _ reducer: inout Reducer) -> Bool { false }
}

extension ViewState {
  /// The rectangle of a pane in the body; nil when it is not visible.
  func paneRect(_ pane: Pane) -> Rect? {
    splitLayout.panes[pane].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// What the focused pane, or another visible one, scrolls through.
  func content(of pane: Pane) -> PaneContent? {
    guard let rect = paneRect(pane) else { return nil }
    return screen.view.content(of: pane, self, size: rect.size)
  }
}

extension Screen {
  /// A frame around the whole canvas, in the colours of the focus.
  static func frame(
    _ pane: Pane, _ state: ViewState, title: StyledText, footer: StyledText = [],
    on canvas: inout Canvas, _ body: (inout Canvas) -> Void
  ) {
    canvas.mark(canvas.bounds, as: HitTarget("pane.\(pane.rawValue)"))
    let isFocused = state.focusedPane == pane && state.overlay == nil
    var title = title
    if state.showsOnePane, let place = panes.firstIndex(of: pane), panes.count > 1 {
      title = StyledText("\(place + 1)/\(panes.count) ", .dim) + title
    }
    let area = canvas.box(canvas.bounds, title: title, footer: footer, isFocused: isFocused)
    canvas.inside(area, body)
  }

  /// Rows inside a frame of this height.
  static func inner(_ size: Size) -> Size {
    Size(width: size.width - 4, height: size.height - 2)
  }

  /// Plain lines, one a row, from the first to what fits.
  static func put(_ lines: [StyledText], top: Int = 0, on canvas: inout Canvas) {
    for (row, line) in lines.dropFirst(max(0, top)).prefix(canvas.size.height).enumerated() {
      canvas.put(line, x: 0, y: row, width: canvas.size.width)
    }
  }
}
