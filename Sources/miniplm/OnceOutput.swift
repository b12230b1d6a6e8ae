import EngineInterface
import Store
import TerminalUI
import Workbench

/// What `--once` prints of a screen: the frame as text, its data, the rows of a pane, or a picture.
struct OnceOutput {
  let options: ScreenArguments
  /// Given behind the project; `--screen` names one too.
  let screen: ScreenID?
  let asData: Bool

  private var shown: ScreenID { screen ?? options.screen ?? .corpus }

  /// Refuses what cannot be printed before anything is opened.
  func validate() throws {
    guard [asData, options.svg != nil, options.csv != nil].count(where: { $0 }) <= 1 else {
      throw ExitStatus(code: 2, text: "Give one of --json, --csv and --svg.")
    }
    if let csv = options.csv, !shown.panes.contains(Pane(rawValue: csv)) {
      let panes = shown.panes.map(\.rawValue).joined(separator: ", ")
      throw ExitStatus(
        code: 2, text: "--csv is \(csv), no pane of \(shown.title); expected one of \(panes).")
    }
    if let svg = options.svg { _ = try OutputPath(file: svg) }
    _ = try options.options()
  }

  /// The screen once everything that it shows has come.
  func state(_ engine: any EngineClient, finish: () -> Void) async -> ViewState {
    await ScreenReader.state(
      of: shown, engine, size: ScreenRun.size,
      display: DisplayOptions(glyphs: options.ascii ? .ascii : options.glyphs ?? .braille),
      finish: finish)
  }

  func print(_ state: ViewState) throws {
    guard state.engine.project != nil else {
      let why = state.engine.notices.last?.text ?? "The project could not be opened."
      throw ExitStatus(code: 1, text: why)
    }
    if asData {
      try Output.line(ScreenData.record(shown, state).data.json)
    } else if let csv = options.csv {
      try Output.text(ScreenData.table(Pane(rawValue: csv), of: shown, state).csv)
    } else if let svg = options.svg {
      let picture = FrameSVG(
        Renderer().render(state), theme: try options.options().theme,
        title: "miniplm: \(shown.title)")
      try AtomicFile.write(text: picture.text, to: svg)
    } else {
      try Output.line(Renderer().render(state).grid.text)
    }
  }
}
