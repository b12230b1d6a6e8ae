import Evaluation
import LanguageModels
import Numerics
import Reports
import Store

/// What a model made of zero-shot tasks, as its files tell it.
struct ReportedTasks {
  /// One file: the result alone, or with what it was made of.
  private struct File: Decodable {
    let result: TaskResult
    let precision: String?
    let version: HarnessVersion?

    private enum CodingKeys: CodingKey { case result, precision, version }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      result =
        try values.decodeIfPresent(TaskResult.self, forKey: .result)
        ?? TaskResult(from: decoder)
      precision = try values.decodeIfPresent(String.self, forKey: .precision)
      version = try values.decodeIfPresent(HarnessVersion.self, forKey: .version)
    }
  }

  let name: String
  /// The folder with a file of the result and one of the items for every task.
  let folder: String
  let results: [TaskResult]
  let precisions: Set<String>
  let versions: Set<String>

  /// Reads all results in a folder; nil where there is none. What cannot be read is left out.
  init?(_ name: String, folder: String) {
    let files = ZeroShotTask.allCases.compactMap { task -> File? in
      let path = "\(folder)/\(task.rawValue).json"
      guard Folder.exists(path), let file = try? JSONFile.read(File.self, from: path),
        file.result.task == task
      else { return nil }
      return file
    }
    if files.isEmpty { return nil }
    self.name = name
    self.folder = folder
    results = files.map(\.result)
    precisions = Set(files.compactMap(\.precision))
    versions = Set(files.compactMap { $0.version?.rawValue })
  }

  func result(_ task: ZeroShotTask) -> TaskResult? { results.first { $0.task == task } }

  /// The items of a task; nil where they are not at hand.
  func items(_ task: ZeroShotTask) -> [ItemRecord]? {
    let path = "\(folder)/\(task.rawValue).jsonl"
    guard Folder.exists(path) else { return nil }
    let records = try? JSONLinesLog.read(ItemRecord.self, from: path)
    return records.map { $0.sorted { $0.index < $1.index } }
  }
}

/// Zero-shot tasks by models, and the two students against each other.
extension ProjectReport {
  /// The figures of the tasks, where there are any.
  static let tasksFile = "tasks.csv"

  func taskSections() throws -> [ReportSection] {
    let models = try reportedTasks()
    if models.isEmpty { return [] }
    let tasks = ZeroShotTask.allCases.filter { task in
      models.contains { $0.result(task) != nil }
    }
    func title(_ task: ZeroShotTask) -> String {
      task.minipLMMetric == .accNorm ? "\(task.title) (acc_norm)" : task.title
    }
    let table = TaskTable(
      tasks: tasks.map(title),
      models: models.map { model in
        TaskTable.Model(
          model.name,
          Dictionary(
            uniqueKeysWithValues: tasks.compactMap { task in
              guard let result = model.result(task)?.minipLM, let value = result.value else {
                return nil
              }
              return (title(task), .init(value, standardError: result.standardError))
            }))
      })
    let chart = table.chart(
      title: "Zero-shot tasks", subtitle: "Accuracy with its 95 % interval.")
    var blocks: [ReportSection.Block] = [
      .list(Self.words(models, tasks)), .table(table.table, file: Self.tasksFile),
      .picture(svg: chart.svg, file: "tasks.svg", words: "accuracy of every model on every task"),
      .picture(
        svg: TablePicture(
          title: "Zero-shot tasks", subtitle: "Accuracy in per cent ± standard error.",
          table: table.table
        ).svg, file: "task-table.svg", words: "table of tasks by models"),
    ]
    blocks += pairedTasks(models, tasks)
    if quotesPublished {
      blocks += [
        .paragraph(
          "The same beside numbers of the paper, which are quoted and no results of this project:"),
        .table(Self.besidePublished(models, tasks), file: "tasks-published.csv"),
      ]
    }
    return [ReportSection("Zero-shot tasks", blocks)]
  }

  private func reportedTasks() throws -> [ReportedTasks] {
    guard Folder.isFolder(folder.taskResults) else { return [] }
    let known = TaskModels(folder: folder, settings: settings)
    var names: [(name: String, folder: String)] = []
    for model in known.own + known.chosen
    where !names.contains(where: { $0.folder == model.folder }) {
      names.append((model.name, model.folder))
    }
    for name in try Folder.list(folder.taskResults)
    where !names.contains(where: { $0.folder == name }) {
      names.append((name, name))
    }
    return names.compactMap {
      ReportedTasks($0.name, folder: "\(folder.taskResults)/\($0.folder)")
    }
  }

  private static func words(_ models: [ReportedTasks], _ tasks: [ZeroShotTask]) -> [String] {
    let versions = models.reduce(into: Set<String>()) { $0.formUnion($1.versions) }
    let precisions = models.reduce(into: Set<String>()) { $0.formUnion($1.precisions) }
    var lines = [
      "Zero-shot accuracy in per cent ± standard error: acc_norm where a task has it, else acc; the "
        + "mean counts every task alike, as the paper does."
    ]
    if !versions.isEmpty {
      lines.append(
        "Prompts and decisions as in lm-evaluation-harness "
          + "\(versions.sorted().joined(separator: ", ")).")
    }
    if !precisions.isEmpty {
      lines.append("Computed in \(precisions.sorted().joined(separator: ", ")).")
    }
    let parts = tasks.compactMap { task -> String? in
      let counts = Set(models.compactMap { $0.result(task)?.items })
      guard counts != [task.evaluatedSplit.items] else { return nil }
      let words = counts.sorted().map(Number.grouped).joined(separator: " and ")
      return "\(task.title) \(words) of \(Number.grouped(task.evaluatedSplit.items))"
    }
    if !parts.isEmpty {
      lines.append(
        "Not the number of items of the whole split: \(parts.joined(separator: ", ")).")
    }
    return lines
  }

  /// Student B against student A, item by item.
  private func pairedTasks(
    _ models: [ReportedTasks], _ tasks: [ZeroShotTask]
  ) -> [ReportSection.Block] {
    guard let commit,
      let a = models.first(where: { $0.folder.hasSuffix("/\(ModelFolder(commit.modelA).name)") }),
      let b = models.first(where: { $0.folder.hasSuffix("/\(ModelFolder(commit.modelB).name)") })
    else { return [] }
    let pairs = tasks.compactMap { task -> PairedComparison? in
      guard let first = a.items(task), let second = b.items(task) else { return nil }
      return try? PairedComparison(task.minipLMMetric, first: first, second: second)
    }
    guard !pairs.isEmpty else { return [] }
    var rows = pairs.map { pair -> [ReportTable.Cell] in
      [
        .text(pair.task.title), .whole(pair.items), .number(100 * pair.first, 1),
        .number(100 * pair.second, 1), .signed(100 * pair.difference, 1),
        .plusMinus(pair.standardError.map { 196 * $0 }, 1), .whole(pair.wins),
        .whole(pair.losses), .number(pair.exactP, 3), .number(100 * pair.smallestDetectable, 1),
      ]
    }
    if pairs.count > 1, let mean = TaskAverage(pairs) {
      let none = ReportTable.Cell(shown: "", exact: "")
      rows.append(
        [.text("mean"), none, none, none, .signed(100 * mean.mean, 1)]
          + [.plusMinus(mean.standardError.map { 196 * $0 }, 1)])
    }
    let table = ReportTable(
      [
        "student B against A", "items", "A (%)", "B (%)", "B - A (points)", "95 % interval",
        "B alone right", "A alone right", "McNemar p", "smallest effect shown",
      ], rows)
    let chart = IntervalChart(
      title: "Students on zero-shot tasks",
      subtitle: "Paired difference with its 95 % interval: right of zero the refined student is "
        + "better.", xLabel: "B refined minus A uniform (points of accuracy)", series: ["B - A"],
      rows: pairs.map {
        .init(
          $0.task.title,
          [.init(100 * $0.difference, halfWidth: $0.standardError.map { 196 * $0 })])
      }, marksZero: true)
    return [
      .table(table, file: "tasks-paired.csv"),
      .picture(
        svg: chart.svg, file: "tasks-paired.svg",
        words: "difference of the students on every task"),
    ]
  }

  /// Models down, tasks across; published ones below ours.
  private static func besidePublished(
    _ models: [ReportedTasks], _ tasks: [ZeroShotTask]
  ) -> ReportTable {
    func row(_ name: String, _ values: [Double?]) -> [ReportTable.Cell] {
      let known = values.compactMap { $0 }
      let mean =
        known.count == values.count && !known.isEmpty
        ? known.reduce(0, +) / Double(known.count) : nil
      return [.text(name)] + values.map { .number($0.map { 100 * $0 }, 1) }
        + [.number(mean.map { 100 * $0 }, 1)]
    }
    return ReportTable(
      ["model"] + tasks.map(\.title) + ["mean of these"],
      models.map { model in row(model.name, tasks.map { model.result($0)?.minipLM.value }) }
        + PublishedResults.accuracies.map { model in
          row("published: \(model.name)", tasks.map { model.scores[$0.rawValue]?.value })
        })
  }
}
