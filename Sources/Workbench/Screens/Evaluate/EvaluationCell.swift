import EngineInterface
import Numerics
import TerminalUI

/// What stands in a cell of the table of tasks and models, in per cent.
enum EvaluationCell {
  /// Text of exactly the grid's width, with a bracket in front where it is selected.
  static func text(_ grid: EvaluationGrid, row: Int, column: Int, _ state: ViewState) -> StyledText
  {
    let content = content(grid, row: row, column: column, state, hasErrors: grid.hasErrors)
    let isSelected = row == grid.row && column == grid.column
    let padding = String(repeating: " ", count: max(0, grid.cellWidth - 1 - content.width))
    return [Span(isSelected ? "[" : " ", .accent, .bold)] + StyledText(padding) + content
  }

  /// What stands in it.
  static func content(
    _ grid: EvaluationGrid, row: Int, column: Int, _ state: ViewState, hasErrors: Bool
  ) -> StyledText {
    let lines = grid.lines(row: row, column: column)
    return content(
      lines.task, lines.model, grid.picture, state.evaluate.reading, hasErrors: hasErrors)
  }

  private static func content(
    _ task: EvaluationGrid.TaskLine, _ model: EvaluationGrid.ModelLine,
    _ picture: EvaluationSnapshot, _ reading: TaskReading, hasErrors: Bool
  ) -> StyledText {
    switch (task, model) {
    case (.task(let task), .model(let model)):
      return content(picture.cell(task, model) ?? .empty, reading, hasErrors: hasErrors)
    case (.mean, .model(let model)):
      guard let mean = picture.mean(model: model, reading) else { return StyledText("-", .dim) }
      return measure(mean.measure, hasErrors: hasErrors, attributes: .bold)
    case (.task(let task), .published(let row)):
      let value = picture.published[row].values[picture.tasks[task].name]
      return value.map { StyledText(percent($0), .dim) } ?? StyledText("-", .dim)
    case (.mean, .published(let row)):
      return picture.published[row].mean.map { StyledText(percent($0), .dim, .bold) }
        ?? StyledText("-", .dim)
    case (.task(let task), .difference):
      let paired = picture.comparison?.rows[picture.tasks[task].name]?.paired(reading)
      guard let paired else { return StyledText("-", .dim) }
      return difference(
        paired.difference, paired.error, paired.isBeyondChance, hasErrors: hasErrors)
    case (.mean, .difference):
      guard let mean = picture.comparison?.mean(reading) else { return StyledText("-", .dim) }
      return difference(
        mean.measure.value, mean.measure.error, mean.isBeyondChance, hasErrors: hasErrors,
        attributes: .bold)
    }
  }

  private static func content(
    _ cell: EvaluationSnapshot.Cell, _ reading: TaskReading, hasErrors: Bool
  ) -> StyledText {
    switch cell {
    case .empty: return StyledText("-", .dim)
    case .queued: return StyledText(hasErrors ? "queued" : "wait", .dim)
    case .running(let done, let items, let eta, _):
      let share = Double(done) / Double(max(1, items))
      let percent = ProgressBar.percent(share)
      guard hasErrors else { return StyledText(percent, .accent) }
      return bar("\(percent) \(Number.duration(eta))", share: share, width: 10)
    case .stopped(let done, let items):
      let percent = ProgressBar.percent(Double(done) / Double(max(1, items)))
      return StyledText(hasErrors ? "stop \(percent)" : percent, .warn)
    case .done(let score):
      guard let measure = score.measure(reading) else { return StyledText("none", .dim) }
      return self.measure(measure, hasErrors: hasErrors)
    case .failed: return StyledText(hasErrors ? "failed" : "fail", .error, .bold)
    }
  }

  /// Text on a bar: the share that is done stands reversed.
  private static func bar(_ text: String, share: Double, width: Int) -> StyledText {
    let padded = String(repeating: " ", count: max(0, width - text.count)) + text
    let done = min(padded.count, max(0, Int(share * Double(width))))
    return [
      Span(String(padded.prefix(done)), .accent, .reverse),
      Span(String(padded.dropFirst(done)), .accent),
    ]
  }

  static func measure(
    _ measure: EvaluationSnapshot.Measure, hasErrors: Bool, attributes: TextAttributes = []
  ) -> StyledText {
    let value = StyledText(percent(measure.value), .text, attributes)
    guard hasErrors, let error = measure.error else { return value }
    return value + StyledText(" +-\(self.error(error, beside: percent(measure.value) + " "))", .dim)
  }

  /// "+1.2 +-0.6*": the star says that it is beyond chance.
  static func difference(
    _ value: Double, _ error: Double?, _ isBeyondChance: Bool, hasErrors: Bool,
    attributes: TextAttributes = []
  ) -> StyledText {
    let role: StyleRole = !isBeyondChance ? .dim : value < 0 ? .warn : .ok
    let star = isBeyondChance ? "*" : " "
    // Of two digits before the point, a narrow cell has no room for one behind it.
    let figure = Number.signed(value * 100, hasErrors || abs(value) < 0.0995 ? 1 : 0)
    let error = hasErrors ? error.map { "+-\(self.error($0, beside: figure + star))" } ?? "" : ""
    return StyledText("\(figure)\(error)\(star)", role, attributes)
  }

  /// An error that fits with its figure into a cell: without decimals where that is long.
  private static func error(_ error: Double, beside figure: String) -> String {
    let text = percent(error)
    let room = EvaluationGrid.cellWidth(errors: true) - 1 - 2 - figure.count
    return text.count <= room ? text : Number.fixed(error * 100, 0)
  }

  /// A share as tables of the field write it: 0.4321 -> "43.2".
  static func percent(_ share: Double) -> String { Number.fixed(share * 100, 1) }
}
