import EngineInterface
public import TerminalUI

extension Overlay {
  public static func settings(_ list: ListState) -> Overlay {
    .list(ListOverlayID(SettingsOverlay.self), list)
  }
}

/// Theme, characters, mouse: a choice holds at once and is written into config.toml, the theme also for
/// the project. What the project's trainings do about what goes
/// wrong: each choice leads to the next one, which the engine writes into the project.
enum SettingsOverlay: ListOverlay {
  static let hitKind = "settings"
  static let toggle = Action.settings

  enum Row: Hashable {
    case theme(String)
    case glyphs(Glyphs)
    case mouse
    /// What trainings of the project do about what goes wrong.
    case fault(FaultKind)
  }

  static func rows(_ state: ViewState) -> [Row] {
    let themes = state.display.themes.isEmpty ? [state.display.theme] : state.display.themes
    return themes.map(Row.theme) + Glyphs.allCases.map(Row.glyphs) + [.mouse]
      + (state.engine.project == nil ? [] : FaultKind.allCases.map(Row.fault))
  }

  static func count(_ state: ViewState) -> Int { rows(state).count }

  static func choose(_ row: Int, _ reducer: inout Reducer) {
    switch rows(reducer.state)[safe: row] {
    case .theme(let name)?:
      reducer.state.display.theme = name
      reducer.state.memory.theme = name
      reducer.effects += [.theme(name), .prefer("theme", TOMLText.Value.quoted(name))]
    case .glyphs(let glyphs)?:
      reducer.state.display.glyphs = glyphs
      reducer.effects.append(.prefer("glyphs", TOMLText.Value.quoted(glyphs.rawValue)))
    case .mouse?:
      reducer.perform(.mouseCapture)
      reducer.effects.append(.prefer("mouse", "\(reducer.state.display.capturesMouse)"))
    case .fault(let kind)?:
      guard let faults = reducer.state.engine.project?.faults else { return }
      let choices = kind.policies
      let place = choices.firstIndex(of: faults[kind]) ?? 0
      reducer.send(.setFaultChoice(kind, choices[(place + 1) % choices.count]))
    case nil: break
    }
  }

  static func draw(_ list: ListState, _ state: ViewState, on canvas: inout Canvas) {
    let rows = rows(state)
    let height = min(rows.count + 6, state.size.height - 2)
    let rect = canvas.bounds.centred(Size(width: 64, height: height))
    let area = canvas.box(
      rect, title: "Settings", footer: state.chooseHint, isFocused: true)
    canvas.inside(area) { view in
      let table = Table(
        columns: [
          TableColumn("", width: .fixed(3)), TableColumn("", width: .fixed(11)),
          TableColumn("", width: .fill()),
        ],
        rowCount: rows.count, state: list, hasHeader: false, hitKind: hitKind
      ) { index in cells(rows[index], state) }
      view.draw(
        table, in: Rect(x: 0, y: 0, width: view.size.width, height: view.size.height - 3))
      drawSample(state, on: &view)
    }
  }

  private static func cells(_ row: Row, _ state: ViewState) -> [StyledText] {
    func mark(_ isOn: Bool) -> StyledText { isOn ? StyledText("(*)", .accent) : "( )" }
    switch row {
    case .theme(let name):
      return [mark(name == state.display.theme), "theme", StyledText(name)]
    case .glyphs(let glyphs):
      return [mark(glyphs == state.display.glyphs), "characters", StyledText(glyphs.description)]
    case .mouse:
      return [
        state.display.capturesMouse ? StyledText("[x]", .accent) : "[ ]", "mouse",
        StyledText("clicks, wheel and drag (key \(state.key(.mouseCapture)))"),
      ]
    case .fault(let kind):
      let choice = state.engine.project?.faults[kind] ?? .goOn
      return ["", name(kind), StyledText(choice.title(of: kind))]
    }
  }

  private static func name(_ kind: FaultKind) -> StyledText {
    switch kind {
    case .notFinite: "on NaN"
    case .spike: "on a spike"
    case .diskFull: "disk full"
    }
  }

  /// Whether a font has braille cannot be asked: a person can read it.
  private static func drawSample(_ state: ViewState, on canvas: inout Canvas) {
    let y = canvas.size.height - 2
    canvas.put("Can you read this?", x: 0, y: y, role: .dim)
    let sample =
      switch state.display.glyphs {
      case .braille: "⣀⣤⣶⣿⣶⣤⣀ ▁▂▃▄▅▆▇█ ┌─┐"
      case .block: "▁▂▃▄▅▆▇█▀▄ ┌─┐"
      case .ascii: ".:-=+*#@ +--+"
      }
    let x = canvas.put(sample, x: 20, y: y, role: .plot1)
    canvas.put("K", x: 22 + x, y: y, role: .keep)
    canvas.put("D", x: 24 + x, y: y, role: .drop)
  }
}

extension Glyphs {
  fileprivate var description: String {
    switch self {
    case .braille: "braille: lines, eighth blocks, 2x4 dots"
    case .block: "block: for fonts without braille"
    case .ascii: "ascii: for any terminal"
    }
  }
}
