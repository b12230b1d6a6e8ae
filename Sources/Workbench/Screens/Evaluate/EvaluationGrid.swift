import EngineInterface
import TerminalUI

/// The table of tasks and models: what stands on its two axes, which of them runs down, and which
/// columns are seen. Made anew from the state whenever it is needed.
struct EvaluationGrid {
  enum TaskLine: Equatable { case task(Int), mean }
  enum ModelLine: Equatable { case model(Int), published(Int), difference }

  let picture: EvaluationSnapshot
  let tasks: [TaskLine]
  let models: [ModelLine]
  /// Whether models run down and tasks across.
  let isTurned: Bool
  /// Whether cells have room for standard errors.
  let hasErrors: Bool
  /// The selected cell, in range.
  let row: Int
  let column: Int
  /// The columns that are seen.
  let columns: Range<Int>

  static let taskWidth = 10
  private static let modelWidth = 16

  /// Nil before there is anything to show.
  ///
  /// - Parameter width: of the table without its gutter.
  init?(_ state: ViewState, width: Int) {
    guard let picture = state.engine.evaluation else { return nil }
    let options = state.evaluate
    let published = picture.published.indices.filter {
      picture.published[$0].size == options.publishedSize
    }
    let shown = picture.tasks.indices.filter { task in
      picture.tasks[task].file != nil || !published.isEmpty
        || (picture.cells.indices.contains(task) && picture.cells[task].contains { $0 != .empty })
    }
    guard !shown.isEmpty, !picture.models.isEmpty || !published.isEmpty else { return nil }
    self.picture = picture
    tasks = shown.map(TaskLine.task) + [.mean]
    models =
      picture.models.indices.map(ModelLine.model) + published.map(ModelLine.published)
      + (picture.comparison == nil ? [] : [.difference])
    let (taskCount, modelCount) = (tasks.count, models.count)
    func needs(turned: Bool, errors: Bool) -> Int {
      let cell = Self.cellWidth(errors: errors) + 1
      return turned ? Self.modelWidth + taskCount * cell : Self.taskWidth + modelCount * cell
    }
    let choices = [(false, true), (true, true), (false, false), (true, false)].filter {
      options.isTurned == nil || $0.0 == options.isTurned
    }
    let choice = choices.first { needs(turned: $0.0, errors: $0.1) <= width }
    isTurned = choice?.0 ?? options.isTurned ?? false
    hasErrors = choice?.1 ?? true
    let count = isTurned ? taskCount : modelCount
    let room =
      (width - (isTurned ? Self.modelWidth : Self.taskWidth))
      / (Self.cellWidth(errors: hasErrors) + 1)
    let visible = min(count, max(1, room))
    row = min(max(0, state.list(.tasks).selected), (isTurned ? modelCount : taskCount) - 1)
    column = min(max(0, options.column), count - 1)
    // The selected column is seen, and as many before it as there is room for.
    let first = max(0, min(column - visible + 1, count - visible))
    columns = first..<(first + visible)
  }

  /// " 43.2 +-0.5", or " 43.2": the blank takes the bracket of a selected cell, whose other bracket
  /// stands in the gap behind it.
  static func cellWidth(errors: Bool) -> Int { errors ? 11 : 6 }

  var cellWidth: Int { Self.cellWidth(errors: hasErrors) }
  var nameWidth: Int { isTurned ? Self.modelWidth : Self.taskWidth }
  var rowCount: Int { isTurned ? models.count : tasks.count }
  var columnCount: Int { isTurned ? tasks.count : models.count }

  /// What a cell is about.
  func lines(row: Int, column: Int) -> (task: TaskLine, model: ModelLine) {
    isTurned ? (tasks[column], models[row]) : (tasks[row], models[column])
  }

  var selected: (task: TaskLine, model: ModelLine) { lines(row: row, column: column) }

  func title(row: Int) -> StyledText { isTurned ? title(models[row]) : title(tasks[row]) }
  func title(column: Int) -> StyledText {
    isTurned ? title(tasks[column]) : title(models[column])
  }

  private func title(_ line: TaskLine) -> StyledText {
    switch line {
    case .task(let index):
      StyledText(isTurned ? picture.tasks[index].short : picture.tasks[index].title)
    case .mean: StyledText("mean", .text, .bold)
    }
  }

  private func title(_ line: ModelLine) -> StyledText {
    switch line {
    case .model(let index):
      let model = picture.models[index]
      let side =
        model.path == picture.comparison?.a ? "A " : model.path == picture.comparison?.b ? "B " : ""
      return [Span(side, .accent, .bold), Span(model.name)]
    case .published(let index): return StyledText("p:\(picture.published[index].method)", .dim)
    case .difference: return StyledText("B - A")
    }
  }
}

extension ViewState {
  /// The table as the pane shows it.
  var evaluationGrid: EvaluationGrid? {
    let width = EvaluateScreen.tableWidth(self)
    return EvaluationGrid(self, width: width)
  }

  /// The task under the selected cell; nil on the mean.
  var selectedTask: EvaluationSnapshot.Task? {
    guard let grid = evaluationGrid, case .task(let index) = grid.selected.task else { return nil }
    return grid.picture.tasks[index]
  }

  /// The model under the selected cell; nil on other columns.
  var selectedModel: EvaluationSnapshot.Model? {
    guard let grid = evaluationGrid, case .model(let index) = grid.selected.model else {
      return nil
    }
    return grid.picture.models[index]
  }
}
