import EngineInterface
import TerminalUI

extension Action {
  /// Does all the work that no person has to do, up to where one chooses.
  static let beginWork = Action(
    "work.begin", [], "do everything up to the choice of the ratio", label: "begin",
    notNow: { state in
      if state.engine.isBusy { return "A job runs already: \(state.engine.jobTitle)." }
      if state.engine.project == nil { return "The project is being opened." }
      if let role = Welcome.missingModel(state) {
        return "The project has no \(role): \(state.key(.go(to: .models))), then "
          + "\(state.key(role == "teacher" ? .chooseTeacher : .chooseReference)), chooses one."
      }
      return state.engine.isDone(.score) ? "Every chunk has its score." : nil
    },
    does: { reducer in
      reducer.state.followsWork = true
      reducer.send(.start(.score))
      reducer.announce("Starting: \(reducer.state.engine.nextStage?.title ?? "the work").")
    })
}

/// What an empty project shows in place of its lists: what this is, and the next three steps.
enum Welcome {
  /// Whether there is nothing to list yet, and nobody at work on it.
  static func isShown(_ state: ViewState) -> Bool {
    let engine = state.engine
    guard engine.project != nil, engine.corpus == nil, !engine.isBusy, !engine.isDone(.pack)
    else { return false }
    if case .failed? = engine.job?.state { return false }
    return engine.job?.state != .stopped
  }

  /// "teacher" or "reference", whichever the project was not given; nil where both are there or to be
  /// trained.
  static func missingModel(_ state: ViewState) -> String? {
    state.engine.models?.models.first {
      ["teacher", "reference"].contains($0.role) && $0.state == "missing"
    }?.role
  }

  static func lines(_ state: ViewState, width: Int) -> [StyledText] {
    let project = state.engine.project
    func wrapped(_ text: StyledText, indent: Int = 0) -> [StyledText] {
      let lines = TextWrap.lines(text, width: max(1, width - indent))
      return lines.map { StyledText(String(repeating: " ", count: indent)) + $0 }
    }
    func step(_ number: Int, _ key: String, _ what: String) -> [StyledText] {
      let head: StyledText = [
        Span("\(number)  ", .dim), Span(key.padding(to: 7), .key),
      ]
      let lines = TextWrap.lines(StyledText(what), width: max(1, width - 12))
      return lines.enumerated().map { row, line in
        (row == 0 ? "  " + head : StyledText(String(repeating: " ", count: 12))) + line
      }
    }
    let (enter, select, commit) = (
      state.key(.open), state.key(.go(to: .select)), state.key(.go(to: .commit))
    )
    return [[]]
      + wrapped(StyledText("Welcome to the MiniPLM workbench", .title))
      + wrapped(
        StyledText(
          "Which documents teach a language model, and which do not? A teacher and a small "
            + "reference score every chunk of a corpus; those that the teacher knows better are "
            + "kept, and a student learns from them."))
      + [[]]
      + wrapped(
        StyledText(
          "\(project.map { "Project \($0.name)" } ?? "This project") is empty. "
            + "The next three steps:"))
      + [[]]
      + step(1, enter, firstStep(state))
      + step(
        2, select,
        "Move the ratio with \(state.key(.ratioDown)) and \(state.key(.ratioUp)), read what is "
          + "kept and what is dropped.")
      + step(
        3, commit,
        "Write the refined corpus; two students train on it and on a sample of equal size, and "
          + "\(state.key(.go(to: .compare))) compares them.")
      + [[]]
      + wrapped(
        [
          Span("What is stopped, closed or killed goes on where it was.  ", .dim),
          Span(state.key(.help), .key), Span(" help  ", .dim), Span(state.key(.palette), .key),
          Span(" commands", .dim),
        ])
  }

  /// What is to be done before the choice is a person's.
  private static func firstStep(_ state: ViewState) -> String {
    if let role = missingModel(state) {
      return "No \(role) yet: \(state.key(.go(to: .models))) shows the models, "
        + "\(state.key(.chooseTeacher)) and \(state.key(.chooseReference)) choose from those "
        + "on this machine."
    }
    let titles = (state.engine.project?.stages ?? []).prefix { !$0.stage.needsPerson }
      .filter { $0.state != .done }.map(\.stage.title)
    guard let last = titles.last, titles.count > 1 else { return "Score every chunk." }
    let text = titles.dropLast().joined(separator: ", ") + " and " + last
    return text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  static func draw(_ pane: Pane, _ state: ViewState, on canvas: inout Canvas) {
    CorpusScreen.frame(pane, state, title: "Welcome", on: &canvas) { view in
      // Long lines are hard to read: the middle of a wide terminal.
      let width = min(84, view.size.width)
      let lines = lines(state, width: width)
      let top = max(0, (view.size.height - lines.count) / 3)
      let left = (view.size.width - width) / 2
      for (row, line) in lines.prefix(view.size.height - top).enumerated() {
        view.put(line, x: left, y: top + row, width: width)
      }
    }
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}
