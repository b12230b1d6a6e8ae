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
    /// That the run took, from its last start.
    var seconds: Double
  }

  /// `ProjectFolder.taskResults`.
  let folder: String
  let precision: Precision

  func items(_ model: TaskModels.Model, _ task: ZeroShotTask) -> String {
    "\(folder)/\(model.folder)/\(task.rawValue).jsonl"
  }

  private func result(_ model: TaskModels.Model, _ task: ZeroShotTask) -> String {
    "\(folder)/\(model.folder)/\(task.rawValue).json"
  }

  /// What stands on disk and holds for these settings; nil when there is nothing, or it was made of
  /// another file or in another precision.
  func record(
    _ model: TaskModels.Model, _ file: TaskFile, digests: FileDigests
  ) -> Record? {
    let path = result(model, file.task)
    guard Folder.exists(path), Folder.exists(items(model, file.task)),
      let record = try? JSONFile.read(Record.self, from: path), record.precision == precision
    else { return nil }
    // Whoever moved a file did not change its items.
    if let digest = digests.known(file.path) { return digest == record.digest ? record : nil }
    return record.file == file.path ? record : nil
  }

  func write(_ record: Record, _ model: TaskModels.Model) throws {
    try JSONFile.write(record, to: result(model, record.result.task))
  }

  /// The items of a run that was stopped or killed, in the order in which they were done.
  func partial(_ model: TaskModels.Model, _ task: ZeroShotTask) -> [ItemRecord] {
    let path = items(model, task) + ".partial"
    guard Folder.exists(path) else { return [] }
    return ((try? JSONLinesLog.read(TaskItemLine.self, from: path)) ?? []).map(\.record)
  }

  /// Forgets a run that was stopped and cannot be gone on with.
  func removePartial(_ model: TaskModels.Model, _ task: ZeroShotTask) throws {
    for suffix in [".partial", ".partial.json"] {
      try Folder.remove(items(model, task) + suffix)
    }
  }
}
