import EngineInterface
import Numerics
public import TerminalUI

extension Action {
  static let taskConditions = Action(
    "tasks.conditions", [.character("o"), .character("P")],
    "how tasks are evaluated: items, release, precision", label: "options",
    notNow: { state in
      state.engine.evaluation?.conditions == nil ? "The tasks are not read yet." : nil
    },
    does: { $0.state.overlay = .taskConditions(ListState()) })
}

extension Overlay {
  public static func taskConditions(_ list: ListState) -> Overlay {
    .list(ListOverlayID(TaskConditionsOverlay.self), list)
  }
}

/// How tasks are evaluated. The engine writes a choice into the project, or says why not.
enum TaskConditionsOverlay: ListOverlay {
  static let hitKind = "task-condition"
  static let toggle = Action.taskConditions

  private static func options(_ state: ViewState) -> [TaskConditions.Option] {
    state.engine.evaluation?.conditions?.options ?? []
  }

  static func count(_ state: ViewState) -> Int { options(state).count }

  /// Stays open: what the engine makes of a choice is seen here. A number is asked for first.
  static func choose(_ row: Int, _ reducer: inout Reducer) {
    guard let option = options(reducer.state)[safe: row] else { return }
    if let obstacle = option.obstacle { return reducer.say(obstacle, isWarning: true) }
    guard case .limit(let present) = option.choice else {
      return reducer.send(.setTaskCondition(option.choice))
    }
    reducer.state.overlay = nil
    reducer.state.prompt = Prompt(
      "first items of each task (empty = all): ", text: present.map(String.init) ?? ""
    ) { text, reducer in
      let text = text.compact.filter { $0 != "," }
      let limit = Int(text)
      guard text.isEmpty || limit.map({ $0 > 0 }) == true else { return "a whole number above 0" }
      reducer.send(.setTaskCondition(.limit(limit)))
      reducer.state.overlay = .taskConditions(ListState(selected: row))
      return nil
    }
  }

  static func draw(_ list: ListState, _ state: ViewState, on canvas: inout Canvas) {
    let options = options(state)
    let rect = canvas.bounds.centred(
      Size(width: 70, height: min(options.count + 7, state.size.height - 2)))
    let area = canvas.box(
      rect, title: "How tasks are evaluated", footer: state.chooseHint, isFocused: true)
    canvas.inside(area) { view in
      let rows = view.bounds.rows([.fixed(options.count), .fixed(1), .fill()])
      let table = Table(
        columns: [
          TableColumn("", width: .fixed(3)), TableColumn("", width: .fixed(10)),
          TableColumn("", width: .fill()),
        ],
        rowCount: options.count, state: list, hasHeader: false, hitKind: hitKind
      ) { cells(options[$0], state) }
      view.draw(table, in: rows[0])
      let selected = options[safe: list.selected]
      let why: StyledText =
        selected?.obstacle.map { StyledText($0, .warn) }
        ?? StyledText(selected.map { explanation($0.choice) } ?? "", .dim)
      for (index, line) in TextWrap.lines(why, width: rows[2].width, limit: rows[2].height)
        .enumerated()
      {
        view.put(line, x: 0, y: rows[2].y + index, width: rows[2].width)
      }
    }
  }

  private static func cells(
    _ option: TaskConditions.Option, _ state: ViewState
  ) -> [StyledText] {
    let role: StyleRole = option.obstacle == nil ? .text : .dim
    let mark: StyledText = option.isInForce ? StyledText("(*)", .accent) : "( )"
    switch option.choice {
    case .limit(let limit):
      let text = limit.map { "the first \(Number.grouped($0)) of each task" } ?? "all"
      return ["", "items", StyledText(text, role)]
    case .release(let name):
      return [mark, "harness", StyledText("lm-evaluation-harness \(name)", role)]
    case .precision(nil):
      let scoring = state.engine.evaluation?.conditions?.scoring.rawValue ?? ""
      return [mark, "precision", StyledText("as scoring (\(scoring))", role)]
    case .precision(let format?):
      return [mark, "precision", StyledText(format.rawValue, role)]
    }
  }

  private static func explanation(_ choice: TaskCondition) -> String {
    switch choice {
    case .limit:
      "A part of the items shows sooner how models compare, with wider errors; it is no result of "
        + "the task. Results of another number of items are not shown."
    case .release:
      "The releases differ in how a request becomes tokens. Results of another one are not shown."
    case .precision(nil): "What teacher and reference score in; results of another are not shown."
    case .precision(.f32): "The reference. Results of another precision are not shown."
    case .precision(.bf16): "Half the bytes; faster where the processor multiplies bf16."
    case .precision: "A quarter of the bytes; deviates most from f32."
    }
  }
}
