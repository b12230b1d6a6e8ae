import EngineInterface
import Evaluation

/// What a running evaluation tells the desk.
enum TaskEvent: Sendable {
  /// A model on a task.
  struct Cell: Hashable, Sendable {
    /// The model's path.
    var model: String
    var task: ZeroShotTask
  }

  /// What this run will do, in order.
  case planned([Cell])
  case running(Cell, done: Int, items: Int, eta: Double?, EvaluationSnapshot.Score?)
  /// Its result stands on disk.
  case done(Cell)
  case failed(Cell, String)
}
