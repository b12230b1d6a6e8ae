import Evaluation
import Pipeline
import Store
import TensorKit

/// What models made of zero-shot tasks, as it stands in a project: a folder for every model, in it for
/// every task the items (JSON lines) and what they come to.
struct TaskResults: Sendable {
  /// One model on one task, and what it was made with.
  struct Record: Codable, Sendable, Equatable {
    var result: TaskResult
    /// The file of the task, and the SHA-256 of its content.
    var file: String
    var digest: String
    var precision: Precision
    var version: HarnessVersion
    /// The first so many items; nil for all.
    var limit: Int?
    /// That the run took, from its last start.
    var seconds: Double
  }

  /// `ProjectFolder.taskResults`.
  let folder: String
  let settings: EvaluateTasks.Settings

  /// What a run that was stopped was begun with, as the verb writes it.
  private struct Begun: Decodable {
    var precision: Precision
    var compat: HarnessVersion
    var limit: Int?
  }

  func items(_ model: TaskModels.Model, _ task: ZeroShotTask) -> String {
    "\(folder)/\(model.folder)/\(task.rawValue).jsonl"
  }

  private func result(_ model: TaskModels.Model, _ task: ZeroShotTask) -> String {
    "\(folder)/\(model.folder)/\(task.rawValue).json"
  }

  /// Items of a task that are evaluated.
  ///
  /// - Throws: `EvaluationError` for a file that cannot be used.
  func count(_ file: TaskFile) throws -> Int {
    try TaskItems.load(
      file.task, from: file.path, version: settings.version, limit: settings.limit
    ).items.count
  }

  /// What stands on disk and holds for these settings; nil when there is nothing, or it was made of
  /// another file or with other settings.
  func record(
    _ model: TaskModels.Model, _ file: TaskFile, digests: FileDigests
  ) -> Record? {
    let path = result(model, file.task)
    guard Folder.exists(path), Folder.exists(items(model, file.task)),
      let record = try? JSONFile.read(Record.self, from: path),
      holds(record.precision, record.version, record.limit)
    else { return nil }
    // Whoever moved a file did not change its items.
    if let digest = digests.known(file.path) { return digest == record.digest ? record : nil }
    return record.file == file.path ? record : nil
  }

  private func holds(_ precision: Precision, _ version: HarnessVersion, _ limit: Int?) -> Bool {
    precision == settings.precision && version == settings.version && limit == settings.limit
  }

  func write(_ record: Record, _ model: TaskModels.Model) throws {
    try JSONFile.write(record, to: result(model, record.result.task))
  }

  /// The items of a run with these settings that was stopped or killed, in the order in which they
  /// were done.
  func partial(_ model: TaskModels.Model, _ task: ZeroShotTask) -> [ItemRecord] {
    let path = items(model, task) + ".partial"
    guard Folder.exists(path), let begun = try? JSONFile.read(Begun.self, from: path + ".json"),
      holds(begun.precision, begun.compat, begun.limit)
    else { return [] }
    return ((try? JSONLinesLog.read(TaskItemLine.self, from: path)) ?? []).map(\.record)
  }

  /// Forgets a run that was stopped and cannot be gone on with.
  func removePartial(_ model: TaskModels.Model, _ task: ZeroShotTask) throws {
    for suffix in [".partial", ".partial.json"] {
      try Folder.remove(items(model, task) + suffix)
    }
  }
}
