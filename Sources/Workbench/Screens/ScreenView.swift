import TerminalUI

/// One of the eight screens: where its panes stand, how they are drawn, what the status line says.
protocol ScreenView {
  /// Panes that are visible in a body of the state's size. The focused pane is always among them;
  /// panes never overlap.
  static func layout(_ state: ViewState) -> [Pane: Rect]

  /// Draws a pane with its frame into the whole of the canvas.
  static func draw(_ pane: Pane, _ state: ViewState, on canvas: inout Canvas)

  /// What can be moved through in a pane whose frame has this size; nil when nothing can.
  static func content(of pane: Pane, _ state: ViewState, size: Size) -> PaneContent?

  /// Parts of the status line, most important first.
  static func status(_ state: ViewState) -> [StyledText]
}

/// What a pane scrolls through.
enum PaneContent: Hashable {
  /// Rows of which one is selected, and how many are visible.
  case rows(count: Int, visible: Int)
  /// Lines without a selection.
  case lines(count: Int, visible: Int)
}

extension ScreenID {
  var view: any ScreenView.Type {
    switch self {
    case .corpus: CorpusScreen.self
    case .models: ModelsScreen.self
    case .score: ScoreScreen.self
    case .select: SelectScreen.self
    case .document: DocumentScreen.self
    case .commit: CommitScreen.self
    case .train: TrainScreen.self
    case .compare: CompareScreen.self
    }
  }
}

extension ViewState {
  /// The rectangle of a pane in the body; nil when it is not visible.
  func paneRect(_ pane: Pane) -> Rect? {
    screen.view.layout(self)[pane].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// What the focused pane, or another visible one, scrolls through.
  func content(of pane: Pane) -> PaneContent? {
    guard let rect = paneRect(pane) else { return nil }
    return screen.view.content(of: pane, self, size: rect.size)
  }
}

extension ScreenView {
  /// A frame around the whole canvas, in the colours of the focus.
  static func frame(
    _ pane: Pane, _ state: ViewState, title: StyledText, footer: StyledText = [],
    on canvas: inout Canvas, _ body: (inout Canvas) -> Void
  ) {
    canvas.mark(canvas.bounds, as: HitTarget("pane.\(pane.rawValue)"))
    let isFocused = state.focusedPane == pane && state.overlay == nil
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
