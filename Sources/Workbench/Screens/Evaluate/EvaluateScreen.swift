import EngineInterface
import Numerics
import TerminalUI

extension ScreenID {
  public static let evaluate = ScreenID(EvaluateScreen.self)
}

extension Pane {
  public static let tasks = Pane("tasks")
  public static let taskFacts = Pane("taskFacts")
  public static let taskItems = Pane("taskItems")
  public static let taskItem = Pane("taskItem")
}

/// Evaluate: zero-shot tasks by models, and the items behind a cell.
enum EvaluateScreen: Screen {
  static let title = "Evaluate"
  static let short = "Evl"
  static let panes: [Pane] = [.tasks, .taskFacts, .taskItems, .taskItem]
  static let stages: [Stage] = [.evaluate]
  static let actions: [Action] = [
    .evaluateTasks, .taskFiles, .taskModels, .taskReading, .modelA, .modelB, .publishedTasks,
    .turnTasks, .taskOutcome, .taskItemOrder, .openTaskItems, .readTaskItem, .closeTaskItems,
    .previousTaskItem, .nextTaskItem, .taskColumnLeft, .taskColumnRight, .taskConditions,
  ]
  static let footer: [FooterEntry] = [
    FooterEntry(.evaluateTasks), FooterEntry(.taskFiles), FooterEntry(.taskModels),
    FooterEntry(.taskConditions),
    FooterEntry(.open, label: "items"), FooterEntry(.taskOutcome), FooterEntry(.taskReading),
    FooterEntry(.taskItemOrder), FooterEntry(.modelA, .modelB, label: "pair"),
    FooterEntry(.publishedTasks), FooterEntry(.turnTasks), FooterEntry(.stop, label: "stop"),
  ]

  static let cellKind = "tasks.cell"
  /// Cells of one row among the numbers of mouse targets.
  private static let cellStride = 1 << 10

  static func isReading(_ state: ViewState) -> Bool {
    [.taskItems, .taskItem].contains(state.focusedPane)
  }

  static func enter(_ state: ViewState) -> Action? {
    switch state.focusedPane {
    case .tasks: .openTaskItems
    case .taskItems: .readTaskItem
    default: nil
    }
  }

  static func back(_ state: ViewState) -> Action? { isReading(state) ? .closeTaskItems : nil }

  static func sideways(_ state: ViewState) -> (left: Action, right: Action)? {
    isReading(state)
      ? (.previousTaskItem, .nextTaskItem) : (.taskColumnLeft, .taskColumnRight)
  }

  static func copyText(_ state: ViewState) -> String? {
    if isReading(state) { return TaskItemView.plain(state) }
    guard let grid = state.evaluationGrid else { return nil }
    let head = (0..<grid.columnCount).map { grid.title(column: $0).plain }
    let rows = (0..<grid.rowCount).map { row in
      let cells = (0..<grid.columnCount).map {
        EvaluationCell.content(grid, row: row, column: $0, state, hasErrors: true).plain
      }
      return ([grid.title(row: row).plain] + cells).joined(separator: "\t")
    }
    return ([([""] + head).joined(separator: "\t")] + rows).joined(separator: "\n")
  }

  static func press(_ target: HitTarget, _ reducer: inout Reducer) -> Bool {
    switch target.kind {
    case cellKind:
      let (row, column) = (target.index / cellStride, target.index % cellStride)
      let state = reducer.state
      let isSelected =
        state.focusedPane == .tasks && state.list(.tasks).selected == row
        && state.evaluationGrid?.column == column
      reducer.focus(.tasks)
      reducer.selectRow(row, in: .tasks)
      reducer.state.evaluate.column = column
      if isSelected { reducer.perform(.openTaskItems) }
    case "\(Pane.tasks.rawValue).header":
      guard let grid = reducer.state.evaluationGrid, target.index > 0 else { return true }
      reducer.state.evaluate.column = grid.columns.lowerBound + target.index - 1
    case "\(Pane.taskItems.rawValue).header": reducer.perform(.taskItemOrder)
    default: return false
    }
    return true
  }

  static func layout(_ state: ViewState) -> [Pane: Rect] {
    let body = Rect(state.bodySize)
    if isReading(state) {
      if state.isWide {
        let parts = body.columns([.fixed(body.width * 40 / 100), .fill()])
        return [.taskItems: parts[0], .taskItem: parts[1]]
      }
      let rows = body.rows([.fixed(max(6, body.height * 3 / 8)), .fill()])
      return [.taskItems: rows[0], .taskItem: rows[1]]
    }
    let wanted = (EvaluationGrid(state, width: tableWidth(state))?.rowCount ?? 9) + 3
    let facts = state.isWide ? 12 : 7
    let rows = body.rows([.fixed(max(5, min(wanted, body.height - facts))), .fill()])
    return [.tasks: rows[0], .taskFacts: rows[1]]
  }

  /// Columns of the table without frame and gutter.
  static func tableWidth(_ state: ViewState) -> Int { state.size.width - 4 - 2 }

  static func draw(_ pane: Pane, _ state: ViewState, on canvas: inout Canvas) {
    switch pane {
    case .tasks: drawTasks(state, on: &canvas)
    case .taskFacts: TaskFacts.draw(state, on: &canvas)
    case .taskItems: TaskItemList.draw(state, on: &canvas)
    default: TaskItemView.draw(state, on: &canvas)
    }
  }

  static func content(of pane: Pane, _ state: ViewState, size: Size) -> PaneContent? {
    switch pane {
    case .tasks:
      return .rows(count: state.evaluationGrid?.rowCount ?? 0, visible: size.height - 3)
    case .taskFacts:
      let width = TaskFacts.parts(state, Rect(size))[0].width - 4
      return .lines(count: TaskFacts.lines(state, width: width).count, visible: size.height - 2)
    case .taskItems:
      return .rows(count: TaskItemList.rows(state)?.total ?? 0, visible: size.height - 3)
    default:
      return .lines(
        count: TaskItemView.lines(state, width: inner(size).width).count,
        visible: size.height - 2)
    }
  }

  static func status(_ state: ViewState) -> [StyledText] {
    guard let mean = state.engine.evaluation?.comparison?.mean(state.evaluate.reading) else {
      return []
    }
    let error = mean.measure.error.map { " +- \(EvaluationCell.percent($0))" } ?? ""
    return [
      StyledText(
        "B - A \(Number.signed(mean.measure.value * 100, 1))\(error) "
          + "(\(TaskFacts.count(mean.tasks))\(mean.isBeyondChance ? ", beyond chance" : ""))",
        .accent)
    ]
  }

  // MARK: - Table

  private static func drawTasks(_ state: ViewState, on canvas: inout Canvas) {
    let grid = state.evaluationGrid
    let title = "Zero-shot tasks, \(state.evaluate.reading.title), per cent"
    frame(
      .tasks, state, title: StyledText(title), footer: footerText(grid, state), on: &canvas
    ) { view in
      guard let grid else {
        view.draw(Paragraph(emptiness(state)), in: view.bounds)
        return
      }
      let table = Table(
        columns: [TableColumn("", width: .fixed(grid.nameWidth))]
          + grid.columns.map { .number(grid.title(column: $0).plain, width: grid.cellWidth) },
        rowCount: grid.rowCount, state: state.list(.tasks),
        isFocused: state.focusedPane == .tasks, hitKind: Pane.tasks.rawValue
      ) { row in
        [grid.title(row: row)]
          + grid.columns.map { EvaluationCell.text(grid, row: row, column: $0, state) }
      }
      view.draw(table, in: view.bounds)
      markCells(grid, table, state, on: &view)
    }
  }

  /// Makes every cell answer to the mouse, and closes the bracket of the selected one.
  private static func markCells(
    _ grid: EvaluationGrid, _ table: Table, _ state: ViewState, on view: inout Canvas
  ) {
    let visible = table.visibleRows(height: view.size.height)
    let top = state.list(.tasks).firstRow(count: grid.rowCount, height: visible)
    for line in 0..<max(0, min(visible, grid.rowCount - top)) {
      let row = top + line
      for (place, column) in grid.columns.enumerated() {
        let rect = Rect(
          x: 2 + grid.nameWidth + place * (grid.cellWidth + 1), y: 1 + line,
          width: grid.cellWidth + 1, height: 1)
        view.mark(rect, as: HitTarget(cellKind, row * cellStride + column))
        if row == grid.row, column == grid.column {
          let role: StyleRole = state.focusedPane == .tasks ? .select : .accent
          view.put("]", x: rect.maxX, y: rect.y, style: Style(role, .bold))
        }
      }
    }
  }

  private static func footerText(_ grid: EvaluationGrid?, _ state: ViewState) -> StyledText {
    guard let grid else { return [] }
    var parts: [String] = []
    if grid.columns.count < grid.columnCount {
      parts.append(
        "columns \(grid.columns.lowerBound + 1)-\(grid.columns.upperBound) of \(grid.columnCount)")
    }
    if let size = state.evaluate.publishedSize { parts.append("p: published, \(size)") }
    if grid.models.contains(.difference) { parts.append("* beyond chance") }
    return StyledText(parts.joined(separator: "  "))
  }

  /// Why there is no table, and what to do.
  private static func emptiness(_ state: ViewState) -> StyledText {
    let (files, models) = (state.key(.taskFiles), state.key(.taskModels))
    let start = state.key(.evaluateTasks)
    guard let picture = state.engine.evaluation else {
      return StyledText(
        "Tasks: nothing yet. \(files) chooses files of tasks, \(models) the models; \(start) starts "
          + "it.", .dim)
    }
    if picture.tasks.allSatisfy({ $0.file == nil }) {
      let names = picture.tasks.map(\.name).joined(separator: ", ")
      return StyledText(
        "No task has a file yet. \(files) chooses the files of their items (\(names)), \(models) the "
          + "models; then \(start) starts it. From a shell: miniplm init PROJECT --task NAME=FILE.",
        .dim)
    }
    return StyledText(
      "No model is there to evaluate yet. Train the project's, or \(models) chooses others; then "
        + "\(start) starts it.", .dim)
  }
}
