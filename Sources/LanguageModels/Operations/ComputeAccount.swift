/// What a piece of the method computes, one entry for each model that works: the one account that
/// commands, reports and screens show.
public struct ComputeAccount: Codable, Sendable, Equatable {
  /// What a model does.
  public enum Task: String, Codable, Sendable, CaseIterable {
    case teacherTraining, referenceTraining, teacherScoring, referenceScoring, studentTraining
    case evaluation
    /// The teacher's forward passes over what a student is distilled on.
    case teacherDistillation
    /// A student's passes while it writes what it learns from, and is scored on it.
    case studentSampling
    /// A teacher's passes over what a student writes: drawing, scoring, and beside its training.
    case teacherSampling
    /// The layers' second forward pass of a training that keeps only their inputs.
    case recomputation

    /// Whether backward passes belong to it.
    public var trains: Bool {
      switch self {
      case .teacherTraining, .referenceTraining, .studentTraining: true
      case .teacherScoring, .referenceScoring, .teacherDistillation, .studentSampling,
        .teacherSampling, .evaluation, .recomputation:
        false
      }
    }
  }

  /// One model's work.
  public struct Entry: Codable, Sendable, Equatable {
    public let task: Task
    /// Trainable values of the model, N.
    public let parameters: Int
    /// Input tokens, D.
    public let tokens: Double
    /// Counted, as `ModelOperations` says.
    public let operations: Double
    /// 6 N D of a training, 2 N D of a pass: beside the count.
    public let approximation: Double
  }

  public private(set) var entries: [Entry] = []

  public init() {}

  /// Adds the work of a model.
  ///
  /// - Parameters:
  ///   - tokens: input tokens.
  ///   - length: input positions of a sequence.
  public mutating func add(
    _ task: Task, _ model: ModelOperations, tokens: Double, length: Int
  ) {
    guard length > 0 else { return }
    let sequence: Double =
      switch task {
      case .recomputation: model.recomputation(length: length)
      case let task where task.trains: model.training(length: length)
      default: model.forward(length: length)
      }
    entries.append(
      Entry(
        task: task, parameters: model.parameters, tokens: tokens,
        operations: sequence * tokens / Double(length),
        approximation: (task.trains ? 6 : 2) * Double(model.parameters) * tokens))
  }

  /// Adds the work of a model of which the operations are known otherwise: of forward passes, or of
  /// forward and backward for a task that trains.
  public mutating func add(
    _ task: Task, parameters: Int, tokens: Double, operationsPerToken: Double
  ) {
    entries.append(
      Entry(
        task: task, parameters: parameters, tokens: tokens,
        operations: operationsPerToken * tokens,
        approximation: (task.trains ? 6 : 2) * Double(parameters) * tokens))
  }

  /// Operations of some tasks.
  public func operations(of tasks: Set<Task>) -> Double {
    entries.reduce(0) { tasks.contains($1.task) ? $0 + $1.operations : $0 }
  }

  /// Both models' scores of a corpus.
  public var scoring: Double { operations(of: [.teacherScoring, .referenceScoring]) }

  /// All that the result needs. A second forward pass is a choice of the implementation and measuring
  /// is none of the method: neither counts, so that the same training has the same total however
  /// its memory is saved.
  public var total: Double {
    operations(of: Set(Task.allCases).subtracting([.recomputation, .evaluation]))
  }

  /// All that was computed.
  public var computed: Double { operations(of: Set(Task.allCases)) }

  /// `total` by 6 N D and 2 N D.
  public var approximateTotal: Double {
    entries.reduce(0) {
      $1.task == .recomputation || $1.task == .evaluation ? $0 : $0 + $1.approximation
    }
  }
}
