import Store

/// The items of a task, read from a file.
public struct TaskItems: Sendable {
  /// What the file holds.
  public enum Form: String, Sendable, Codable {
    /// Rows of the data set, of which the harness' prompts were made.
    case dataSet = "data_set"
    /// Prompts that were ready, taken as they are.
    case prompts
  }

  public var task: ZeroShotTask
  public var form: Form
  public var items: [TaskItem]
  /// Rows in the file; `items` may be fewer, by the limit.
  public var rowsInFile: Int
  /// What a person should know about the file.
  public var notes: [String]

  /// Reads the items of `task` from JSON lines (plain, gzip, zstd), one JSON list or, for StoryCloze,
  /// a table.
  ///
  /// - Parameters:
  ///   - version: the harness whose prompts are made; they are equal in those that are reproduced.
  ///   - limit: takes the first items only, as the harness does.
  /// - Throws: what is wrong with the file, with the line and what was expected there.
  public static func load(
    _ task: ZeroShotTask, from path: String, version: HarnessVersion = .newest, limit: Int? = nil
  ) throws(EvaluationError) -> TaskItems {
    let rows = try TaskRows.read(path, limit: nil)
    let form = try form(of: rows[0], asked: task)
    let taken = rows.prefix(max(0, limit ?? rows.count))
    var items: [TaskItem] = []
    items.reserveCapacity(taken.count)
    for row in taken {
      switch form {
      case .prompts: items.append(try ReadyPrompts.item(row, of: task))
      case .dataSet:
        if case .dataSet(let tasks) = TaskRecognition.form(of: row), !tasks.contains(task) {
          throw .otherTask(path: path, line: row.line, asked: task, found: tasks)
        }
        items.append(try TaskPrompts.item(row, of: task))
      }
    }
    let notes = notes(task, form, rows: rows.count, path)
    return TaskItems(task: task, form: form, items: items, rowsInFile: rows.count, notes: notes)
  }

  /// The items of `load`, alone.
  public static func read(
    _ task: ZeroShotTask, from path: String, version: HarnessVersion, limit: Int?
  ) throws(EvaluationError) -> [TaskItem] {
    try load(task, from: path, version: version, limit: limit).items
  }

  /// The tasks that a file may be of, by its first row; none if no task has such fields. Ready prompts
  /// that name no task may be of any.
  public static func recognise(_ path: String) throws(EvaluationError) -> [ZeroShotTask] {
    let row = try TaskRows.read(path, limit: 1)[0]
    let form = TaskRecognition.form(of: row)
    if case .dataSet(let tasks) = form { return tasks }
    guard form == .prompts else { return [] }
    guard case .text(let name)? = row.fields["task"] else { return ZeroShotTask.allCases }
    return ZeroShotTask(name: name).map { [$0] } ?? []
  }

  private static func form(
    of row: TaskRow, asked task: ZeroShotTask
  ) throws(EvaluationError) -> Form {
    switch TaskRecognition.form(of: row) {
    case .prompts: return .prompts
    case .unknown:
      throw .unknownFields(path: row.path, line: row.line, task: task, found: row.names)
    case .dataSet(let tasks):
      guard tasks.contains(task) else {
        throw .otherTask(path: row.path, line: row.line, asked: task, found: tasks)
      }
      return .dataSet
    }
  }

  private static func notes(
    _ task: ZeroShotTask, _ form: Form, rows: Int, _ path: String
  ) -> [String] {
    var notes: [String] = []
    let split = task.evaluatedSplit
    if form == .prompts {
      notes.append("\(path) holds ready prompts: they are scored as they are.")
    }
    let twins: [ZeroShotTask] = [.arcEasy, .arcChallenge]
    if let other = twins.first(where: { $0 != task && $0.evaluatedSplit.items == rows }),
      twins.contains(task)
    {
      notes.append(
        "\(path) has as many rows as \(other.title)'s \(other.evaluatedSplit.name) split.")
    } else if rows != split.items {
      notes.append(
        "\(path) has \(rows) rows; \(task.title)'s \(split.name) split, which is usually "
          + "evaluated, has \(split.items).")
    }
    return notes
  }
}
