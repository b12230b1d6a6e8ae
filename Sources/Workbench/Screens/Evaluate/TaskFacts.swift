import EngineInterface
import Numerics
import TerminalUI

/// What is known of the selected cell, in words.
enum TaskFacts {
  static func draw(_ state: ViewState, on canvas: inout Canvas) {
    let parts = parts(state, canvas.bounds)
    canvas.inside(parts[0]) { part in
      EvaluateScreen.frame(
        .taskFacts, state, title: title(state), footer: StyledText("\(state.key(.open)): items"),
        on: &part
      ) { view in
        EvaluateScreen.put(
          lines(state, width: view.size.width), top: state.list(.taskFacts).top, on: &view)
      }
    }
    guard parts.count > 1 else { return }
    canvas.mark(parts[1], as: HitTarget("pane.\(Pane.taskFacts.rawValue)"))
    let area = canvas.box(parts[1], title: "B - A by task, paired by item")
    canvas.inside(area) { EvaluateScreen.put(bars(state, width: $0.size.width), on: &$0) }
  }

  /// The words, and beside them the differences where there is room.
  static func parts(_ state: ViewState, _ rect: Rect) -> [Rect] {
    guard state.isWide, state.engine.evaluation?.comparison?.rows.isEmpty == false else {
      return [rect]
    }
    return rect.columns([.fill(), .fixed(rect.width * 45 / 100)])
  }

  /// The difference of every task as a bar.
  private static func bars(_ state: ViewState, width: Int) -> [StyledText] {
    guard let grid = state.evaluationGrid, let comparison = grid.picture.comparison else {
      return []
    }
    let reading = state.evaluate.reading
    let largest =
      comparison.rows.values.compactMap { $0.paired(reading)?.difference }
      .map(abs).max() ?? 0
    return grid.picture.tasks.compactMap { task in
      guard let paired = comparison.rows[task.name]?.paired(reading) else { return nil }
      let figure = EvaluationCell.difference(
        paired.difference, paired.error, paired.isBeyondChance, hasErrors: true)
      let padding = String(repeating: " ", count: max(1, 22 - task.title.count - figure.width))
      let bar = HorizontalBar.change(
        paired.difference, largest: largest, width: max(1, width - 24),
        negative: paired.isBeyondChance ? .warn : .dim,
        positive: paired.isBeyondChance ? .ok : .dim)
      return StyledText(task.title + padding) + figure + " " + bar
    }
  }

  /// "1 task", "mean of 9 tasks".
  static func count(_ tasks: Int) -> String { tasks == 1 ? "1 task" : "mean of \(tasks) tasks" }

  private static func title(_ state: ViewState) -> StyledText {
    guard let grid = state.evaluationGrid else { return "Cell" }
    let (task, model) = grid.selected
    let first: String =
      switch task {
      case .task(let index): grid.picture.tasks[index].title
      case .mean: "mean of the tasks"
      }
    switch model {
    case .model(let index): return StyledText("\(first), \(grid.picture.models[index].name)")
    case .published(let index):
      let row = grid.picture.published[index]
      return StyledText("\(first), published: \(row.method) \(row.size)")
    case .difference: return StyledText("\(first), B - A")
    }
  }

  /// Wrapped to a width.
  static func lines(_ state: ViewState, width: Int) -> [StyledText] {
    guard let grid = state.evaluationGrid else { return [] }
    let (task, model) = grid.selected
    var lines: [StyledText] = []
    switch (task, model) {
    case (.task(let task), .model(let model)):
      lines += cell(grid.picture.cell(task, model) ?? .empty, state, width: width)
    case (.mean, .model(let model)):
      lines += mean(grid.picture, model: model, state.evaluate.reading)
    case (_, .published):
      lines.append("Table 1 of the MiniPLM paper: other training text and other seeds.")
    case (_, .difference): break
    }
    lines += comparison(grid, task, state.evaluate.reading)
    if case .model(let index) = model {
      lines.append(StyledText("model: \(grid.picture.models[index].path)", .dim))
    }
    if case .task(let index) = task {
      lines.append(StyledText("items: \(grid.picture.tasks[index].file ?? "no file")", .dim))
    }
    lines += grid.picture.notes.map { StyledText($0, .dim) }
    return lines.flatMap { TextWrap.lines($0, width: max(1, width), limit: 6) }
  }

  private static func cell(
    _ cell: EvaluationSnapshot.Cell, _ state: ViewState, width: Int
  ) -> [StyledText] {
    let start = state.key(.evaluateTasks)
    switch cell {
    case .empty: return [StyledText("Not evaluated. \(start) evaluates it.", .dim)]
    case .queued: return [StyledText("Its turn comes in this run.", .dim)]
    case .running(let done, let items, let eta, let score):
      let share = Double(done) / Double(max(1, items))
      let bar = HorizontalBar.share(
        share, width: min(24, max(4, width - 48)), role: .accent, glyphs: state.display.glyphs)
      let line =
        bar
        + StyledText(
          " \(ProgressBar.percent(share))  \(Number.grouped(done)) of \(Number.grouped(items)), "
            + "ETA \(Number.duration(eta))")
      return [line] + (score.map { [figures($0, "so far: ")] } ?? [])
    case .stopped(let done, let items):
      return [
        StyledText(
          "Stopped at \(Number.grouped(done)) of \(Number.grouped(items)) items. \(start) goes on.",
          .warn)
      ]
    case .done(let score): return [figures(score, "")]
    case .failed(let why): return [StyledText(why, .error)]
    }
  }

  private static func figures(_ score: EvaluationSnapshot.Score, _ lead: String) -> StyledText {
    func measure(_ name: String, _ value: EvaluationSnapshot.Measure?) -> StyledText {
      guard let value else { return [] }
      let text = EvaluationCell.measure(value, hasErrors: true)
      return [Span("\(name) ", .dim)] + text + "  "
    }
    return StyledText(lead, .dim) + measure("acc", score.acc) + measure("acc_norm", score.accNorm)
      + StyledText("\(Number.grouped(score.items)) items", .dim)
  }

  private static func mean(
    _ picture: EvaluationSnapshot, model: Int, _ reading: TaskReading
  ) -> [StyledText] {
    guard let mean = picture.mean(model: model, reading) else {
      return [StyledText("No task is done.", .dim)]
    }
    let text = EvaluationCell.measure(mean.measure, hasErrors: true, attributes: .bold)
    let names = "  plain mean of \(mean.tasks) of \(picture.tasks.count) tasks (\(reading.title))"
    return [text + StyledText(names)]
  }

  /// How the two models of the pair compare on a task, or on all.
  private static func comparison(
    _ grid: EvaluationGrid, _ task: EvaluationGrid.TaskLine, _ reading: TaskReading
  ) -> [StyledText] {
    guard let comparison = grid.picture.comparison else { return [] }
    func verdict(_ isBeyond: Bool) -> Span {
      isBeyond ? Span("  beyond chance (95 %)", .accent) : Span("  not beyond chance (95 %)", .dim)
    }
    switch task {
    case .mean:
      guard let mean = comparison.mean(reading) else { return [] }
      return [
        [Span("B - A ", .dim)] + difference(mean.measure.value, mean.measure.error)
          + [Span("  \(count(mean.tasks))", .dim), verdict(mean.isBeyondChance)]
      ]
    case .task(let index):
      guard let paired = comparison.rows[grid.picture.tasks[index].name]?.paired(reading) else {
        return []
      }
      let smallest =
        paired.smallestEffect.map { "; items enough to show \(EvaluationCell.percent($0))" } ?? ""
      let first: StyledText =
        [Span("B - A ", .dim)] + difference(paired.difference, paired.error)
        + [verdict(paired.isBeyondChance), Span(smallest, .dim)]
      let counts = StyledText(
        "right: B alone \(Number.grouped(paired.wins)), A alone "
          + "\(Number.grouped(paired.losses)), both \(Number.grouped(paired.bothRight)), none "
          + "\(Number.grouped(paired.bothWrong))", .dim)
      return [first, counts]
    }
  }

  private static func difference(_ value: Double, _ error: Double?) -> StyledText {
    StyledText(
      "\(Number.signed(value * 100, 2))" + (error.map { " +- \(Number.fixed($0 * 100, 2))" } ?? ""))
  }
}
