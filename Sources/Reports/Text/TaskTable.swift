/// Results of models in tasks: tasks down, models across.
public struct TaskTable: Sendable, Equatable {
  public struct Score: Sendable, Equatable {
    /// 0...1.
    public var value: Double
    /// Standard error; nil where none is known, as of published numbers.
    public var standardError: Double?

    public init(_ value: Double, standardError: Double? = nil) {
      self.value = value
      self.standardError = standardError
    }
  }

  public struct Model: Sendable, Equatable {
    public var name: String
    /// By the name of the task.
    public var scores: [String: Score]
    /// Quoted from a publication: shown apart, and never the best of ours.
    public var isPublished: Bool

    public init(_ name: String, _ scores: [String: Score], isPublished: Bool = false) {
      self.name = name
      self.scores = scores
      self.isPublished = isPublished
    }

    /// Plain mean over `tasks`; nil where a result lacks.
    ///
    /// Its standard error takes the tasks as independent.
    public func mean(of tasks: [String]) -> Score? {
      let found = tasks.compactMap { scores[$0] }
      guard !found.isEmpty, found.count == tasks.count else { return nil }
      let errors = found.compactMap(\.standardError)
      let variance = errors.reduce(0) { $0 + $1 * $1 }
      return Score(
        found.reduce(0) { $0 + $1.value } / Double(found.count),
        standardError: errors.count == found.count
          ? variance.squareRoot() / Double(found.count) : nil)
    }
  }

  /// In the order in which they are shown.
  public var tasks: [String]
  public var models: [Model]

  public init(tasks: [String], models: [Model]) {
    self.tasks = tasks
    self.models = models
  }

  /// Accuracies in percent with their standard errors, tasks down, models across, the mean last; of
  /// our models the best of each row is marked.
  public var table: ReportTable {
    var rows = tasks.map { task in row(task) { $0.scores[task] } }
    if tasks.count > 1 { rows.append(row("mean") { $0.mean(of: tasks) }) }
    return ReportTable(
      ["task"] + models.map { $0.isPublished ? "\($0.name) (published)" : $0.name }, rows)
  }

  /// One line for each result, with everything that programs need.
  public var lines: ReportTable {
    ReportTable(
      [
        .init("model", isText: true), .init("published", isText: true),
        .init("task", isText: true), .init("accuracy"), .init("standard error"),
      ],
      models.flatMap { model in
        tasks.compactMap { task in
          model.scores[task].map { score in
            [
              .text(model.name), .text(model.isPublished ? "yes" : "no"), .text(task),
              .number(score.value, 4), .number(score.standardError, 4),
            ]
          }
        }
      })
  }

  /// Our models' results with 95 % intervals.
  public func chart(title: String, subtitle: String, notes: [String] = []) -> IntervalChart {
    let ours = models.filter { !$0.isPublished }
    return IntervalChart(
      title: title, subtitle: subtitle, xLabel: "accuracy (%)", series: ours.map(\.name),
      rows: tasks.map { task in
        IntervalChart.Row(
          task,
          ours.map { model in
            model.scores[task].map {
              .init(100 * $0.value, halfWidth: $0.standardError.map { 196 * $0 })
            }
          })
      }, notes: notes)
  }

  private func row(_ name: String, _ score: (Model) -> Score?) -> [ReportTable.Cell] {
    let scores = models.map(score)
    let ours = zip(models, scores).filter { !$0.0.isPublished }.compactMap { $0.1?.value }
    let best = ours.count > 1 ? ours.max() : nil
    return [.text(name)]
      + zip(models, scores).map { model, score in
        guard let score else { return ReportTable.Cell(shown: "-", exact: "") }
        var cell = ReportTable.Cell.number(100 * score.value, 1)
        cell.exact = ReportTable.Cell.number(score.value, 1).exact
        if let error = score.standardError {
          cell.shown += " ± " + ReportTable.Cell.number(100 * error, 1).shown
        }
        cell.isBest = !model.isPublished && score.value == best
        return cell
      }
  }
}
