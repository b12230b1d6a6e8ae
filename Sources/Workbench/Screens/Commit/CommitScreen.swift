import EngineInterface
import Numerics
import TerminalUI

extension ScreenID {
  public static let commit = ScreenID(CommitScreen.self)
}

extension Pane {
  public static let plan = Pane("plan")
  public static let files = Pane("files")
  public static let card = Pane("card")
}

/// Commit: what will be written, the buttons that write it, and the way on to training.
enum CommitScreen: Screen {
  static let title = "Commit"
  static let panes: [Pane] = [.plan, .files, .card]
  static let stages: [Stage] = [.commit]
  static let actions: [Action] = [
    .dryRun, .commitAndTrain, .commit, .startTraining, .previousButton, .nextButton,
  ]
  static let footer: [FooterEntry] = [
    FooterEntry(.open, label: "press button"), FooterEntry(.left, .right, label: "button"),
    FooterEntry(.dryRun), FooterEntry(.nextPane), FooterEntry(.go(to: .select)),
  ]

  static func copyText(_ state: ViewState) -> String? {
    state.engine.commit?.card.joined(separator: "\n")
  }

  static func enter(_ state: ViewState) -> Action? {
    CommitButton(rawValue: state.commit.button)?.action(state)
  }

  static func sideways(_ state: ViewState) -> (left: Action, right: Action)? {
    state.focusedPane == .plan ? (.previousButton, .nextButton) : nil
  }

  /// Asks what a commit would write, when there is something to commit.
  static func willShow(_ reducer: inout Reducer) {
    if reducer.state.engine.selection != nil { reducer.send(.planCommit) }
  }

  static func press(_ target: HitTarget, _ reducer: inout Reducer) -> Bool {
    guard target.kind == buttonKind else { return false }
    reducer.focus(.plan)
    reducer.state.commit.button = target.index
    reducer.perform(.open)
    return true
  }

  static let buttonKind = "commit-button"

  static func layout(_ state: ViewState) -> [Pane: Rect] {
    let body = Rect(state.bodySize)
    if state.isWide {
      let rows = body.rows([.fill(), .fixed(body.height * 45 / 100)])
      let top = rows[0].columns([.fill(), .fixed(body.width * 48 / 100)])
      return [.plan: top[0], .files: top[1], .card: rows[1]]
    }
    let rows = body.rows([.fixed(13), .fill()])
    return state.focusedPane == .card
      ? [.plan: rows[0], .card: rows[1]] : [.plan: rows[0], .files: rows[1]]
  }

  static func draw(_ pane: Pane, _ state: ViewState, on canvas: inout Canvas) {
    switch pane {
    case .plan: drawPlan(state, on: &canvas)
    case .files: drawFiles(state, on: &canvas)
    default: drawCard(state, on: &canvas)
    }
  }

  static func content(of pane: Pane, _ state: ViewState, size: Size) -> PaneContent? {
    switch pane {
    case .files:
      .lines(count: fileLines(state).count, visible: size.height - 2)
    case .card:
      .lines(count: cardLines(state, width: size.width - 4).count, visible: size.height - 2)
    default: nil
    }
  }

  static func status(_ state: ViewState) -> [StyledText] {
    guard let commit = state.engine.commit else { return [] }
    let state: StyledText =
      switch commit.state {
      case .planned:
        commit.earlier.last.map { StyledText("newest: \($0.name)") } ?? "nothing written yet"
      case .writing(let share): StyledText("writing \(ProgressBar.percent(share))", .accent)
      case .written(let folder): StyledText("written: \(folder)", .ok)
      }
    return [state, StyledText("free disk \(RowText.bytes(commit.freeDisk))")]
  }

  // MARK: Plan

  private static func drawPlan(_ state: ViewState, on canvas: inout Canvas) {
    frame(.plan, state, title: "Commit refined corpus", on: &canvas) { view in
      guard let commit = state.engine.commit, state.engine.selection != nil else {
        let line: StyledText =
          state.engine.selection == nil
          ? StageText.waiting(for: .score, what: "Commit", state)
          : StyledText("Working out what would be written.", .dim)
        view.draw(Paragraph(line), in: view.bounds)
        return
      }
      let rows = view.bounds.rows([.fill(), .fixed(1), .fixed(2)])
      view.inside(rows[0]) { put(planLines(commit, state), on: &$0) }
      view.inside(rows[1]) { drawButtons(state, on: &$0) }
      view.inside(rows[2]) { drawNext(commit, state, on: &$0) }
    }
  }

  private static func planLines(_ commit: CommitSnapshot, _ state: ViewState) -> [StyledText] {
    let manual = commit.manualKept + commit.manualDropped
    let floors = state.engine.selection?.sources.filter { $0.floor != nil }.count ?? 0
    let cap = state.engine.selection.flatMap(KeepRates.cap)
    func line(_ name: String, _ value: StyledText) -> StyledText { StyledText(name, .dim) + value }
    var lines: [StyledText] = [
      line("name       ", StyledText(commit.name, .text, .bold)),
      line("folder     ", StyledText(commit.folder)),
      line(
        "selection  ",
        StyledText(
          "ratio \(Number.fixed(commit.ratio, 3))  \(Number.grouped(commit.chunks)) chunks  "
            + "\(Number.short(Double(commit.tokens))) tokens", .accent)),
      line(
        "by hand    ",
        StyledText(
          manual == 0 && floors == 0 && cap == nil
            ? "nothing: the pure method"
            : "+\(commit.manualKept) -\(commit.manualDropped), floors: \(floors)"
              + (cap.map { ", \($0)" } ?? ""))),
      line("order      ", "as in the corpus; ties: lower index first"),
      line("control    ", "a uniform sample of as many tokens, for student A"),
      line("safety     ", "written beside, fsync, then renamed"),
    ]
    if let shared = commit.shared, let added = commit.added, let removed = commit.removed {
      let last = commit.earlier.last.map { "vs \($0.name) " } ?? "vs last    "
      lines.append(
        line(
          last,
          StyledText(
            "\(Number.grouped(shared)) in both, +\(Number.grouped(added)) "
              + "-\(Number.grouped(removed))")))
    }
    return lines
  }

  private static func drawButtons(_ state: ViewState, on canvas: inout Canvas) {
    var x = 0
    for button in CommitButton.allCases {
      let text = "[ \(button.title(state)) ]"
      let isChosen = button.rawValue == state.commit.button
      let style: Style =
        isChosen && state.focusedPane == .plan
        ? Style(.select, .bold) : isChosen ? Style(.accent, .bold) : .text
      let columns = canvas.put(text, x: x, y: 0, style: style)
      canvas.mark(
        Rect(x: x, y: 0, width: columns, height: 1), as: HitTarget(buttonKind, button.rawValue))
      x += columns + 2
    }
  }

  private static func drawNext(
    _ commit: CommitSnapshot, _ state: ViewState, on canvas: inout Canvas
  ) {
    if case .writing(let share) = commit.state {
      canvas.draw(ProgressBar(share), in: canvas.bounds.row(0))
      return
    }
    canvas.draw(Paragraph(nextLine(state)), in: canvas.bounds)
  }

  private static func nextLine(_ state: ViewState) -> StyledText {
    let enter = state.key(.open)
    if state.engine.selection?.complete == false {
      return StyledText("Scoring goes on: commit when every chunk has a score.", .warn)
    }
    switch CommitStanding(state) {
    case .nothing:
      return StyledText(
        "\(enter) writes it, and training follows. Nothing is written before.", .dim)
    case .counting(let newest):
      let name = newest.map { "\($0), the newest commit" } ?? "the newest commit"
      return StyledText("Counting what differs from \(name).", .dim)
    case .other(let newest, let added, let removed):
      return StyledText(
        "Not written: \(newest) is another selection (+\(Number.grouped(added)) "
          + "-\(Number.grouped(removed)) chunks). \(enter) writes this one.", .warn)
    case .same:
      return StyledText(
        state.engine.isDone(.train)
          ? "Written, and both students are trained on it."
          : "Written. \(enter) starts the training of both students.", .ok)
    }
  }

  // MARK: Files, card

  private static func fileLines(_ state: ViewState) -> [StyledText] {
    guard let commit = state.engine.commit else { return [] }
    let width = commit.files.map { VisibleText.width($0.name) }.max() ?? 0
    var lines: [StyledText] = commit.files.map { file in
      let padding = String(repeating: " ", count: width - VisibleText.width(file.name) + 2)
      let size = RowText.bytes(file.bytes)
      let room = String(repeating: " ", count: max(0, 9 - size.count))
      return [
        Span(file.name), Span(padding + room + size), Span("  \(file.note)", .dim),
      ]
    }
    let total = commit.files.reduce(0) { $0 + $1.bytes }
    lines.append(StyledText("total \(RowText.bytes(total))", .text, .bold))
    if !commit.earlier.isEmpty {
      lines += [[], StyledText("Earlier commits", .title)]
      lines += commit.earlier.map {
        StyledText(
          "\($0.name)  ratio \(Number.fixed($0.ratio, 3))  \(Number.grouped($0.chunks)) chunks")
      }
    }
    return lines
  }

  private static func drawFiles(_ state: ViewState, on canvas: inout Canvas) {
    let isWritten = CommitStanding(state).isWritten
    frame(.files, state, title: isWritten ? "Files" : "Will write", on: &canvas) { view in
      put(fileLines(state), top: state.list(.files).top, on: &view)
    }
  }

  private static func cardLines(_ state: ViewState, width: Int) -> [StyledText] {
    (state.engine.commit?.card ?? []).flatMap { line in
      TextWrap.lines(
        StyledText(line, line.hasPrefix("#") ? .title : .text), width: max(1, width))
    }
  }

  private static func drawCard(_ state: ViewState, on canvas: inout Canvas) {
    frame(.card, state, title: "README.md of the commit", on: &canvas) { view in
      put(cardLines(state, width: view.size.width), top: state.list(.card).top, on: &view)
    }
  }
}
