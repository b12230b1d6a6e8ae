import EngineInterface
import Evaluation
import Pipeline
import TensorKit

/// How tasks may be evaluated: the choices, and what stands against each.
struct TaskConditionChoices {
  let precisions: ProjectPrecisions
  /// Whether tasks are evaluated now.
  let isRunning: Bool

  private var settings: ProjectSettings { precisions.settings }

  func conditions() -> TaskConditions {
    let present = precisions.tasks
    let choices: [TaskCondition] =
      [.limit(settings.taskLimit)]
      + HarnessVersion.allCases.reversed().map { .release($0.rawValue) }
      + [.precision(nil), .precision(.f32), .precision(.bf16), .precision(.int8)]
    return TaskConditions(
      limit: present.limit, release: present.version.rawValue,
      precision: present.precision.format, scoring: precisions.plannedScoring.format,
      options: choices.map { choice in
        .init(
          choice: choice, isInForce: settings.with(choice) == settings,
          obstacle: obstacle(to: choice))
      })
  }

  /// Why a choice cannot be made now; nil when it can.
  func obstacle(to choice: TaskCondition) -> String? {
    if isRunning {
      return "Not while the job runs (\(Stage.evaluate.title)): stop it first."
    }
    guard let changed = settings.with(choice) else {
      return switch choice {
      case .release(let name):
        "There is no release \(name): "
          + HarnessVersion.allCases.map(\.rawValue).joined(separator: " or ") + "."
      default: "That is no precision of tasks: f32, bf16 or int8."
      }
    }
    do {
      try changed.checkTasks()
      return nil
    } catch {
      return "\(error)"
    }
  }
}

extension TaskCondition {
  var title: String {
    switch self {
    case .limit(nil): "All items of every task"
    case .limit(let limit?): "The first \(limit) items of every task"
    case .release(let name): "Tasks as in lm-evaluation-harness \(name)"
    case .precision(nil): "Tasks in the precision of scoring"
    case .precision(let format?): "Tasks in \(format.rawValue)"
    }
  }
}

extension Precision {
  /// As screens know it.
  var format: NumberFormat { NumberFormat(rawValue: rawValue) ?? .f32 }
}
