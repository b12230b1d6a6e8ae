/// Which project is open and how far its stages are.
public struct ProjectSnapshot: Sendable, Equatable, Codable {
  public var name: String
  public var folder: String
  public var stages: [StageStatus]
  /// Threads of the engine and the libraries at work, for example "2 threads, oneDNN 2.6.3 avx512_core".
  public var machine: String
  /// What trainings do about what goes wrong in their middle.
  public var faults: FaultSettings
  /// What the training that runs waits with; nil while it does not.
  public var question: FaultQuestion?

  public init(
    name: String, folder: String, stages: [StageStatus], machine: String,
    faults: FaultSettings = FaultSettings(), question: FaultQuestion? = nil
  ) {
    self.question = question
    self.faults = faults
    self.name = name
    self.folder = folder
    self.stages = stages
    self.machine = machine
  }
}

/// How far one stage is.
public struct StageStatus: Sendable, Equatable, Codable {
  public enum State: String, Sendable, Codable { case waiting, running, stopped, done, failed }

  public var stage: Stage
  public var state: State
  /// One line about the result, for example "1,204 documents, 3.1 MB".
  public var detail: String

  public init(stage: Stage, state: State, detail: String = "") {
    self.stage = stage
    self.state = state
    self.detail = detail
  }
}

/// The running job, or the last one.
public struct JobSnapshot: Sendable, Equatable, Codable {
  public enum State: Sendable, Equatable, Codable {
    case running, pausing, paused, stopping, stopped, done
    /// What went wrong and what to do.
    case failed(String)
  }

  /// What a failure is the fault of, where it is known; `halted`: of nothing, a training was to stop by
  /// its policy, with everything saved.
  public enum Fault: Sendable, Equatable, Codable { case input, settings, halted }

  public var stage: Stage
  public var state: State
  /// 0...1, nil when unknown.
  public var fraction: Double?
  /// Seconds.
  public var elapsed: Double
  /// Seconds to go, nil when unknown.
  public var eta: Double?
  /// One line, for example "step 412/1000, loss 3.52".
  public var detail: String
  /// What would be lost by leaving at once, for example "12 steps since the last checkpoint"; nil
  /// when nothing would.
  public var unsaved: String?
  /// Of a job that failed because of what it was given.
  public var fault: Fault?

  public init(
    stage: Stage, state: State, fraction: Double? = nil, elapsed: Double = 0, eta: Double? = nil,
    detail: String = "", unsaved: String? = nil, fault: Fault? = nil
  ) {
    self.stage = stage
    self.state = state
    self.fraction = fraction
    self.elapsed = elapsed
    self.eta = eta
    self.detail = detail
    self.unsaved = unsaved
    self.fault = fault
  }

  /// Whether it still uses the machine.
  public var isActive: Bool {
    switch state {
    case .running, .pausing, .paused, .stopping: true
    case .stopped, .done, .failed: false
    }
  }
}

/// A line for the status bar and the log.
public struct Notice: Sendable, Equatable, Codable {
  public enum Level: String, Sendable, Codable { case info, warning, error }

  public var level: Level
  public var text: String
  /// Clock time "12:41:07".
  public var time: String

  public init(level: Level, text: String, time: String) {
    self.level = level
    self.text = text
    self.time = time
  }
}
