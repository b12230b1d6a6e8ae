import EngineInterface
import Evaluation
import LanguageModels
import Pipeline
import TensorKit

extension ProjectSettings {
  /// The files of tasks in the order of the paper.
  var taskFiles: [TaskFile] {
    ZeroShotTask.allCases.compactMap { task in tasks?.first { $0.task == task } }
  }

  /// The settings with another way to evaluate tasks; nil for a release or a format that there is not.
  func with(_ condition: TaskCondition) -> ProjectSettings? {
    var changed = self
    switch condition {
    case .limit(let limit): changed.taskLimit = limit
    case .release(let name):
      guard let release = HarnessVersion(name: name) else { return nil }
      // The newest is not written down, so that old projects stay as they are.
      changed.taskRelease = release == .newest ? nil : release
    case .precision(nil): changed.taskPrecision = nil
    case .precision(let format?):
      guard let precision = Precision(rawValue: format.rawValue) else { return nil }
      changed.taskPrecision = precision
    }
    return changed
  }

  /// - Throws: `EngineError.setting` with the key in project.json.
  func checkTasks() throws(EngineError) {
    if let taskLimit, !Self.taskLimits.contains(taskLimit) {
      throw .setting(
        name: "taskLimit", found: "\(taskLimit)",
        expected: "\(Self.taskLimits.lowerBound) to \(Self.taskLimits.upperBound), or none for all")
    }
  }

  static let taskLimits = 1...1 << 30
}

extension ProjectPrecisions {
  /// How the project's tasks are evaluated.
  var tasks: EvaluateTasks.Settings {
    EvaluateTasks.Settings(
      precision: settings.taskPrecision ?? plannedScoring,
      version: settings.taskRelease ?? .newest, limit: settings.taskLimit)
  }
}
