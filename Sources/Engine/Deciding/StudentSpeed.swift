import Foundation
import LanguageModels
import Training

/// How fast students train on this machine, from what the project has trained.
struct StudentSpeed: Sendable {
  /// Input tokens a second.
  let tokensPerSecond: Double
  /// What was measured, for people.
  let source: String

  /// The newest student, else a model that the project trained, by its operations a second; nil where
  /// it has trained nothing.
  ///
  /// - Parameter operationsPerToken: of the training of a student.
  init?(_ memory: ProjectMemory, operationsPerToken: Double) {
    let status = ProjectStatus(folder: memory.folder, settings: memory.settings)
    for name in status.commits.reversed() {
      let places = CommitFolder(project: memory.folder, name: name)
      for (student, run) in [("B", places.runB), ("A", places.runA)] {
        guard let speed = Self.lastSpeed(ofRun: run) else { continue }
        (tokensPerSecond, source) = (speed, "student \(student) of \(name)")
        return
      }
    }
    for (role, origin) in [
      ("reference", memory.settings.reference), ("teacher", memory.settings.teacher),
    ] {
      guard case .trained = origin, let shape = memory.configuration(role, origin),
        let speed = Self.lastSpeed(ofRun: memory.folder.run(role)), operationsPerToken > 0
      else { continue }
      let length = max(1, memory.settings.chunkTokens - 1)
      let own = ModelOperations(shape).training(length: length) / Double(length)
      (tokensPerSecond, source) = (
        speed * own / operationsPerToken, "the training of the \(role), by FLOPs"
      )
      return
    }
    return nil
  }

  /// Bytes at the end of a log in which its last step stands.
  private static let tail: UInt64 = 1 << 16

  /// The mean speed that the last logged step of a run states; nil without one.
  private static func lastSpeed(ofRun folder: String) -> Double? {
    guard let file = FileHandle(forReadingAtPath: "\(folder)/\(MetricsLog.fileName)") else {
      return nil
    }
    defer { try? file.close() }
    guard let size = try? file.seekToEnd() else { return nil }
    try? file.seek(toOffset: size > tail ? size - tail : 0)
    guard let data = try? file.readToEnd() else { return nil }
    let decoder = JSONDecoder()
    for line in data.split(separator: UInt8(ascii: "\n")).reversed() {
      guard case .step(let step)? = try? decoder.decode(MetricsRecord.self, from: Data(line)),
        step.tokensPerSecond > 0, step.tokensPerSecond.isFinite
      else { continue }
      return step.tokensPerSecond
    }
    return nil
  }
}
