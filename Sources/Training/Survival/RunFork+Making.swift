import Foundation
import Store

/// A run that branches off another.
extension RunFork {
  /// Makes the folder of a fork: the parent's newest checkpoint before a step, its metrics, samples and
  /// decisions up to there, and what is left out from there on. The parent is only read.
  ///
  /// - Parameters:
  ///   - step: from 1: the fork begins before it.
  ///   - folder: appears whole or not at all; must be free.
  /// - Throws: `TrainingError.cannotFork` for a step that the run has not come to, or chunks that it has
  ///   not; `TrainingError.damagedCheckpoint`; `StoreError`.
  public static func make(
    of parent: String, beforeStep step: Int, dropping chunks: [Int], documents: [Int64] = [],
    into folder: String
  ) throws -> RunFork {
    let saved = try RecordedRun(runFolder: parent)
    let log = try MetricsLog.read(runFolder: parent)
    let last = max(saved.step, log.map(\.step).max() ?? 0)
    guard step >= 1, step <= last + 1 else {
      throw TrainingError.cannotFork(
        found: "step \(step)", expected: "1 to \(last + 1): the run has done \(last)")
    }
    if let wrong = chunks.first(where: { $0 < 0 || $0 >= saved.plan.chunkCount }) {
      throw TrainingError.cannotFork(
        found: "chunk \(wrong)", expected: "chunks below \(saved.plan.chunkCount)")
    }
    guard saved.configuration.minillm == nil || chunks.isEmpty else {
      throw TrainingError.cannotFork(
        found: "a MiniLLM run, whose samples go on from its chunks",
        expected: "a run that learns from text alone, or a new one on shards without them")
    }
    let checkpoints = CheckpointStore(reading: parent)
    let begin = try checkpoints.steps().last { $0 < step }
    let before = try RunFork.read(runFolder: parent)
    let fork = RunFork(
      parent: OutputPath.canonical(parent), step: step, checkpointStep: begin ?? 0,
      drops: (before?.drops ?? []) + [
        Drop(afterStep: begin ?? 0, chunks: chunks, documents: documents)
      ])
    let temporary = "\(Folder.parent(of: folder))/.tmp-fork-\(UUID().uuidString.prefix(8))"
    try Folder.remove(temporary)
    try Folder.make("\(temporary)/\(CheckpointStore.folderName)")
    do {
      try JSONFile.write(fork, to: "\(temporary)/\(fileName)")
      try Decisions.read(runFolder: parent).upTo(step: step - 1).write(runFolder: temporary)
      if let begin {
        try checkpoints.verify(step: begin)
        try copy(
          checkpoints.path(ofStep: begin),
          to: CheckpointStore(reading: temporary).path(ofStep: begin))
        try copyRecords(from: parent, to: temporary, upTo: begin)
      }
      try Folder.publish(temporary, as: folder)
    } catch {
      // What failed is reported; the hidden folder is of no use.
      try? Folder.remove(temporary)
      throw error
    }
    return fork
  }

  /// Metrics, samples and evaluations; what is of later steps goes when the fork begins.
  private static func copyRecords(
    from parent: String, to folder: String, upTo step: Int
  ) throws {
    for name in [MetricsLog.fileName, SampleFile.name] where Folder.exists("\(parent)/\(name)") {
      try copy(file: "\(parent)/\(name)", to: "\(folder)/\(name)")
    }
    let evaluations = "\(parent)/\(EvaluationFiles.folderName)"
    guard Folder.isFolder(evaluations) else { return }
    try Folder.make("\(folder)/\(EvaluationFiles.folderName)")
    for name in try Folder.list(evaluations) {
      guard let of = EvaluationFiles.step(ofName: name), of <= step else { continue }
      try copy(
        file: "\(evaluations)/\(name)", to: "\(folder)/\(EvaluationFiles.folderName)/\(name)")
    }
  }

  private static func copy(_ folder: String, to target: String) throws(StoreError) {
    try Folder.make(target)
    for name in try Folder.list(folder) {
      try copy(file: "\(folder)/\(name)", to: "\(target)/\(name)")
    }
    try Folder.sync(target)
  }

  private static func copy(file: String, to target: String) throws(StoreError) {
    let mapped = try MappedFile(path: file)
    // Its bytes live as long as it does.
    defer { withExtendedLifetime(mapped) {} }
    try AtomicFile.write(to: target) { (writer) throws(StoreError) in
      try writer.write(mapped.bytes)
    }
  }
}
