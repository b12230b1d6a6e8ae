import EngineInterface
import TerminalUI

/// Running tasks, and choosing what runs.
extension Action {
  static let evaluateTasks = Action(
    "tasks.evaluate", [.character("e")], "evaluate the models on the tasks, or go on",
    label: "evaluate",
    notNow: { state in
      if state.engine.isBusy { return "A job runs already: \(state.engine.jobTitle)." }
      guard let picture = state.engine.evaluation else { return "The tasks are not read yet." }
      let ready = picture.tasks.indices.filter { picture.tasks[$0].file != nil }
      if ready.isEmpty { return "No task has a file yet: \(state.key(.taskFiles)) chooses one." }
      if picture.models.isEmpty {
        return "No model is chosen: \(state.key(.taskModels)) chooses some."
      }
      let isDone = ready.allSatisfy { task in
        picture.models.indices.allSatisfy { picture.score(task, $0) != nil }
      }
      return isDone ? "All of these are evaluated already." : nil
    },
    does: { reducer in
      reducer.send(.evaluateTasks)
      reducer.say("Evaluating. \(reducer.state.key(.stop)) stops; what is done stays.")
    })

  static let taskFiles = Action(
    "tasks.files", [.character("t")], "files of tasks", label: "tasks", notNow: withoutTasks,
    does: { $0.state.overlay = .taskFiles(ListState()) })

  static let taskModels = Action(
    "tasks.models", [.character("m")], "models to evaluate", label: "models",
    notNow: withoutTasks,
    does: { reducer in
      reducer.state.overlay = .taskModels(ListState())
      reducer.send(.findModels)
    })

  static let modelA = side("tasks.a", "a", "compare with the selected model: A") { model, pair in
    (model, pair.b == model ? pair.a : pair.b)
  }

  static let modelB = side("tasks.b", "b", "compare the selected model: B") { model, pair in
    (pair.a == model ? pair.b : pair.a, model)
  }

  private static let withoutTasks: @Sendable (ViewState) -> String? = { state in
    state.engine.evaluation == nil ? "The tasks are not read yet." : nil
  }

  private static func side(
    _ id: String, _ key: Character, _ title: String,
    _ pair: @escaping @Sendable (String, TaskComparison) -> (a: String, b: String)
  ) -> Action {
    Action(
      id, [.character(key)], title,
      notNow: { state in
        if state.selectedModel == nil { return "No model is selected." }
        return state.engine.evaluation?.comparison == nil
          ? "There are no two models to compare yet." : nil
      },
      does: { reducer in
        guard let model = reducer.state.selectedModel,
          let present = reducer.state.engine.evaluation?.comparison
        else { return }
        let chosen = pair(model.path, present)
        reducer.send(.compareOnTasks(a: chosen.a, b: chosen.b))
      })
  }
}

/// How the table is drawn.
extension Action {
  static let taskReading = Action(
    "tasks.reading", [.character("n")], "acc_norm else acc, acc, or acc_norm", label: "norm"
  ) { reducer in
    let reading = Reducer.next(reducer.state.evaluate.reading)
    reducer.state.evaluate.reading = reading
    reducer.showTaskItems { $0.reading = reading }
    reducer.say("Shown: \(reading.title).")
  }

  static let publishedTasks = Action(
    "tasks.published", [.character("r")], "published reference rows: 200M, 500M, 1.2B, none",
    label: "published",
    notNow: { state in
      state.engine.evaluation?.published.isEmpty == false
        ? nil : "There are no published figures."
    },
    does: { reducer in
      var sizes: [String?] = []
      for row in reducer.state.engine.evaluation?.published ?? [] where !sizes.contains(row.size) {
        sizes.append(row.size)
      }
      sizes.append(nil)
      let place = sizes.firstIndex(of: reducer.state.evaluate.publishedSize) ?? sizes.count - 1
      reducer.state.evaluate.publishedSize = sizes[(place + 1) % sizes.count]
    })

  static let turnTasks = Action(
    "tasks.turn", [.character("T")], "models across or down", label: "turn", notNow: withoutTable,
    does: { reducer in
      guard let grid = reducer.state.evaluationGrid else { return }
      reducer.state.evaluate.isTurned = !grid.isTurned
    })

  static let taskColumnLeft = column("tasks.left", "column before", -1)
  static let taskColumnRight = column("tasks.right", "next column", 1)

  private static let withoutTable: @Sendable (ViewState) -> String? = { state in
    state.evaluationGrid == nil ? "There is no table yet." : nil
  }

  private static func column(_ id: String, _ title: String, _ step: Int) -> Action {
    Action(
      id, [], title, notNow: withoutTable,
      does: { reducer in
        guard let grid = reducer.state.evaluationGrid else { return }
        reducer.state.evaluate.column = min(grid.columnCount - 1, max(0, grid.column + step))
      })
  }
}

/// The items behind a cell.
extension Action {
  static let openTaskItems = Action(
    "tasks.open", [], "read the items of the selected cell",
    notNow: { state in
      guard let grid = state.evaluationGrid else { return "There is no table yet." }
      switch grid.selected {
      case (.mean, _): return "A mean has no items: choose a task."
      case (_, .published): return "Published figures have no items."
      default: return state.selectedItems == nil ? "Not evaluated yet." : nil
      }
    },
    does: { reducer in
      guard let query = reducer.state.selectedItems else { return }
      let before = reducer.state.evaluate.items
      var opened = query
      (opened.outcome, opened.order) = (before?.outcome, before?.order ?? .margin)
      // Of one model alone there are no wins and losses.
      if opened.a == nil, opened.outcome == .win || opened.outcome == .loss {
        opened.outcome = nil
      }
      reducer.state.evaluate.items = opened
      reducer.showTaskItems { _ in }
      reducer.focus(.taskItems)
    })

  static let readTaskItem = Action(
    "tasks.read", [], "read the selected item",
    notNow: { TaskItemList.selected($0) == nil ? "No item is selected." : nil },
    does: { $0.focus(.taskItem) })

  static let closeTaskItems = Action("tasks.close", [], "back to the table, or to the list") {
    reducer in
    reducer.focus(reducer.state.focusedPane == .taskItem ? .taskItems : .tasks)
  }

  static let taskOutcome = Action(
    "tasks.outcome", [.character("f")], "items: all, wins, losses, both wrong, both right",
    label: "filter", notNow: withoutItems,
    does: { reducer in
      guard let query = reducer.state.evaluate.items else { return }
      let all: [TaskOutcome?] =
        [nil] + (query.a == nil ? [.bothWrong, .bothRight] : TaskOutcome.allCases)
      let place = all.firstIndex(of: query.outcome) ?? 0
      reducer.showTaskItems { $0.outcome = all[(place + 1) % all.count] }
    })

  static let taskItemOrder = Action(
    "tasks.order", [.character("s")], "items by margin, most or least first, or as in the file",
    label: "sort", notNow: withoutItems,
    does: { reducer in reducer.showTaskItems { $0.order = Reducer.next($0.order) } })

  static let previousTaskItem = step("tasks.previous", "item before", .up)
  static let nextTaskItem = step("tasks.next", "next item", .down)

  private static let withoutItems: @Sendable (ViewState) -> String? = { state in
    state.evaluate.items == nil
      ? "No items are listed: \(state.key(.open)) on a finished cell lists them." : nil
  }

  private static func step(_ id: String, _ title: String, _ move: ListState.Move) -> Action {
    Action(
      id, [], title, notNow: withoutItems,
      does: { reducer in
        reducer.move(move, in: .taskItems)
        reducer.state.lists[.taskItem] = ListState()
      })
  }
}

extension ViewState {
  /// The items behind the selected cell: of the pair when the cell is one of its two models or their
  /// difference, else of the model alone; nil while they are not there.
  var selectedItems: TaskItemQuery? {
    guard let grid = evaluationGrid, case .task(let index) = grid.selected.task else { return nil }
    let (picture, task) = (grid.picture, grid.picture.tasks[index])
    let pair = picture.comparison.flatMap { $0.rows[task.name] == nil ? nil : $0 }
    switch grid.selected.model {
    case .published: return nil
    case .difference:
      return pair.map {
        TaskItemQuery(task: task.name, a: $0.a, b: $0.b, reading: evaluate.reading)
      }
    case .model(let place):
      guard picture.score(index, place) != nil else { return nil }
      let path = picture.models[place].path
      let other = pair.flatMap { path == $0.a || path == $0.b ? $0 : nil }
      return TaskItemQuery(
        task: task.name, a: other?.a, b: other?.b ?? path, reading: evaluate.reading)
    }
  }
}
