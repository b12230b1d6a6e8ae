import EngineInterface
public import TerminalUI

extension Overlay {
  public static func taskFiles(_ list: ListState) -> Overlay {
    .list(ListOverlayID(TaskFilesOverlay.self), list)
  }

  public static func taskModels(_ list: ListState) -> Overlay {
    .list(ListOverlayID(TaskModelsOverlay.self), list)
  }
}

/// Which file holds the items of each task.
enum TaskFilesOverlay: ListOverlay {
  static let hitKind = "task-file"
  static let toggle = Action.taskFiles

  static func count(_ state: ViewState) -> Int { state.engine.evaluation?.tasks.count ?? 0 }

  /// Asks for the file of the chosen task, and comes back then.
  static func choose(_ row: Int, _ reducer: inout Reducer) {
    guard let task = reducer.state.engine.evaluation?.tasks[safe: row] else { return }
    reducer.state.overlay = nil
    reducer.state.prompt = Prompt(
      "items of \(task.name) (empty = none): ", text: task.file ?? ""
    ) { text, reducer in
      let path = text.trimmed
      reducer.send(.setTaskFile(task: task.name, path: path.isEmpty ? nil : path))
      reducer.state.overlay = .taskFiles(ListState(selected: row))
      return nil
    }
  }

  static func draw(_ list: ListState, _ state: ViewState, on canvas: inout Canvas) {
    let tasks = state.engine.evaluation?.tasks ?? []
    let rect = canvas.bounds.centred(
      Size(
        width: min(100, state.size.width - 4), height: min(tasks.count + 2, state.size.height - 4)))
    let area = canvas.box(
      rect, title: "Files of tasks (.jsonl, .gz, .zst; StoryCloze .csv)",
      footer: StyledText("\(state.key(.open)) sets its file   \(state.key(.back)) closes"),
      isFocused: true)
    canvas.inside(area) { view in
      let width = view.size.width - 20
      view.draw(
        Table(
          columns: [
            TableColumn("", width: .fixed(16)), TableColumn("", width: .fill()),
          ],
          rowCount: tasks.count, state: list, hasHeader: false, hitKind: hitKind
        ) { row in
          let task = tasks[row]
          return [
            StyledText(task.name),
            task.file.map { StyledText(PathText.end($0, width: width)) }
              ?? StyledText("no file", .dim),
          ]
        }, in: view.bounds)
    }
  }
}

/// Which models stand in the table of tasks.
enum TaskModelsOverlay: ListOverlay {
  static let hitKind = "task-model"
  static let toggle = Action.taskModels

  static func count(_ state: ViewState) -> Int { state.engine.evaluation?.candidates.count ?? 0 }

  /// Stays open: what the engine makes of a choice is seen here.
  static func choose(_ row: Int, _ reducer: inout Reducer) {
    guard let model = reducer.state.engine.evaluation?.candidates[safe: row] else { return }
    if let obstacle = model.obstacle {
      reducer.say("\(model.name) cannot be used: \(obstacle).", isWarning: true)
    } else {
      reducer.send(.setEvaluated(path: model.path, !model.isChosen))
    }
  }

  static func draw(_ list: ListState, _ state: ViewState, on canvas: inout Canvas) {
    let models = state.engine.evaluation?.candidates ?? []
    let rect = canvas.bounds.centred(
      Size(
        width: min(100, state.size.width - 4),
        height: min(max(4, models.count + 3), state.size.height - 4)))
    let area = canvas.box(
      rect, title: "Models to evaluate",
      footer: StyledText("\(state.key(.open)) takes in or out   \(state.key(.back)) closes"),
      isFocused: true)
    canvas.inside(area) { view in
      guard !models.isEmpty else {
        let text = "No models found. Train the project's, or fetch one: miniplm pull OWNER/NAME."
        view.draw(Paragraph(StyledText(text, .dim)), in: view.bounds)
        return
      }
      let rows = view.bounds.rows([.fill(), .fixed(1)])
      view.draw(
        Table(
          columns: [
            TableColumn("", width: .fixed(3)), TableColumn("", width: .fill()),
            TableColumn("", width: .fixed(14)),
          ],
          rowCount: models.count, state: list, hasHeader: false, hitKind: hitKind
        ) { row in
          let model = models[row]
          let role: StyleRole = model.obstacle == nil ? .text : .dim
          return [
            StyledText(model.isChosen ? "[x]" : "[ ]", model.isChosen ? .accent : .dim),
            StyledText(model.name, role), StyledText(model.place, .dim),
          ]
        }, in: rows[0])
      if let model = models[safe: list.selected] {
        let text =
          model.obstacle.map { StyledText("cannot be used: \($0)", .warn) }
          ?? StyledText(PathText.end(model.path, width: view.size.width), .dim)
        view.put(text, x: 0, y: rows[1].y, width: view.size.width)
      }
    }
  }
}

/// Paths where room is short: their end says more than their beginning.
enum PathText {
  static func end(_ path: String, width: Int) -> String {
    path.count <= max(4, width) ? path : "..." + path.suffix(max(1, width - 3))
  }
}
