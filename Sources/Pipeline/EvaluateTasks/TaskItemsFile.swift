import Evaluation
import Store
import TensorKit
import Tokenizers

/// Every item of every model and task as JSON lines, which grow pass by pass beside their final name.
///
/// `OUTPUT.partial` holds the items that are done, `OUTPUT.partial.json` says what they were made
/// with; a run that was stopped or killed scores what is missing. The file takes its name, in the
/// order of models, tasks and items, when all are there.
final class TaskItemsFile {
  /// What the lines depend on.
  struct Identity: Codable, Sendable, Equatable {
    struct Model: Codable, Sendable, Equatable {
      var name: String
      /// Digests.
      var weights: String
      var tokenizer: String
    }

    struct Task: Codable, Sendable, Equatable {
      var name: ZeroShotTask
      /// SHA-256 of its file.
      var digest: String
    }

    var models: [Model]
    var tasks: [Task]
    var precision: Precision
    var compat: HarnessVersion
    var limit: Int?
    var passTokens: Int
    var addBosToken: Bool?
    var maxLength: Int?
  }

  private struct Place: Hashable {
    let model: String
    let task: ZeroShotTask
    let index: Int
  }

  let path: String
  private let log: JSONLinesLog
  private var lines: [Place: TaskItemLine] = [:]
  private var partial: String { path + ".partial" }
  private var header: String { path + ".partial.json" }

  /// Opens or begins the lines of `identity`.
  ///
  /// - Throws: `PipelineError.otherSettings` when the lines there belong to another run.
  init(_ path: String, identity: Identity) throws {
    self.path = path
    let (partial, header) = (path + ".partial", path + ".partial.json")
    _ = try OutputPath(file: path)
    // A run that ended before its first pass leaves nothing that could be mixed with other lines.
    if Folder.exists(header), try FileContents.readIfPresent(partial)?.isEmpty == false {
      let found = try JSONFile.read(Identity.self, from: header)
      if found != identity {
        let differences = try JSONDifference.words(found, identity)
        throw PipelineError.otherSettings(
          path: partial, found: differences.one, expected: differences.other)
      }
    } else {
      try Folder.remove(partial)
      try JSONFile.write(identity, to: header)
    }
    log = try JSONLinesLog(appendingTo: partial)
    for line in try JSONLinesLog.read(TaskItemLine.self, from: partial) {
      lines[Place(model: line.model, task: line.record.task, index: line.record.index)] = line
    }
  }

  /// Items that are there.
  var count: Int { lines.count }

  func line(_ model: String, _ task: ZeroShotTask, _ index: Int) -> TaskItemLine? {
    lines[Place(model: model, task: task, index: index)]
  }

  /// Appends the items of a pass and makes them durable.
  func append(_ lines: [TaskItemLine]) throws {
    for line in lines {
      try log.append(line)
      self.lines[Place(model: line.model, task: line.record.task, index: line.record.index)] = line
    }
    try log.sync()
  }

  /// Writes `lines` under the final name, and removes what was kept to go on.
  func finish(_ lines: [TaskItemLine]) throws {
    var text: [UInt8] = []
    for line in lines {
      text += Array((try JSONFile.text(of: line, pretty: false) + "\n").utf8)
    }
    try AtomicFile.write(text, to: path)
    try Folder.remove(partial)
    try Folder.remove(header)
  }
}
