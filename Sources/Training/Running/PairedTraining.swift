public import Corpus
import Glibc
public import LanguageModels

/// Trains two students, A and B, on one machine so that both curves grow together: equal initial
/// weights, configuration, schedule and budget, each with its own chunks, folder and checkpoints.
///
/// A's step k is followed by B's step k; after a crash that left the two at different steps the one
/// behind catches up. Since neither reads anything of the other, each computes the same bits as if
/// it had been trained alone.
public final class PairedTraining {
  /// One of the two.
  public enum Student: String, Codable, Sendable, CaseIterable {
    case a = "A"
    case b = "B"
  }

  /// What differs between the students.
  public struct Side {
    public var model: any CausalLanguageModel
    public var chunks: any ChunkSource
    public var runFolder: String

    public init(model: any CausalLanguageModel, chunks: any ChunkSource, runFolder: String) {
      self.model = model
      self.chunks = chunks
      self.runFolder = runFolder
    }
  }

  /// What the pair tells while it works.
  public enum Event: Sendable {
    /// One student's event.
    case student(Student, TrainingEvent)
    /// Both were evaluated at this step: B against A on every chunk. A resumed pair starts with its
    /// last comparison.
    case compared(step: Int, EvaluationComparison)
  }

  /// A's trainer.
  public let a: Trainer
  /// B's trainer.
  public let b: Trainer
  private let meeting: Meeting

  /// Prepares both runs.
  ///
  /// - Parameters:
  ///   - a: usually the baseline, with its initial weights.
  ///   - b: usually the student of the refined corpus, with equal initial weights.
  ///   - workspace: shared; made for training.
  ///   - teacher: of both, with `configuration.distillation`.
  ///   - tokenizerFolder: its tokenizer files are copied into every checkpoint.
  ///   - onEvent: called on the thread that drives the pair.
  /// - Throws: `TrainingError.unequalStudents` when the initial weights differ in any bit.
  public init(
    a: Side, b: Side, workspace: Workspace, configuration: TrainingConfiguration,
    teacher: (any DistillationSource)? = nil, heldOut: HeldOutEvaluation? = nil,
    tokenizerFolder: String? = nil, control: TrainingControl = TrainingControl(),
    onEvent: @escaping (Event) -> Void = { _ in }
  ) throws {
    try Self.requireEqualWeights(a.model, b.model)
    if a.runFolder == b.runFolder {
      throw TrainingError.unequalStudents(
        found: "one run folder \(a.runFolder) for both", expected: "a run folder for each")
    }
    let meeting = Meeting(folders: [.a: a.runFolder, .b: b.runFolder], onEvent: onEvent)
    self.meeting = meeting
    func trainer(_ side: Side, _ student: Student) throws -> Trainer {
      try Trainer(
        model: side.model, workspace: workspace, configuration: configuration,
        chunks: side.chunks, teacher: teacher, heldOut: heldOut, runFolder: side.runFolder,
        tokenizerFolder: tokenizerFolder, control: control
      ) { meeting.receive($0, from: student) }
    }
    self.a = try trainer(a, .a)
    self.b = try trainer(b, .b)
  }

  /// Trains both to the end or to a stop; returns `.finished` or `.stopped`.
  @discardableResult
  public func run() throws -> Trainer.Phase {
    try a.begin()
    try b.begin()
    try meeting.recall(upTo: min(a.state.lastEvaluatedStep ?? -1, b.state.lastEvaluatedStep ?? -1))
    while let next = behind {
      let progress: Trainer.Progress
      do {
        progress = try next.advance()
      } catch {
        // What ends one student must not cost the other its steps; what ended it is told.
        try? (next === a ? b : a).stop()
        throw error
      }
      try meeting.throwFailure()
      if progress == .stopRequested {
        try a.stop()
        try b.stop()
        return .stopped
      }
    }
    return .finished
  }

  /// The student whose turn it is; nil when both are done.
  private var behind: Trainer? {
    if a.phase == .finished { return b.phase == .finished ? nil : b }
    if b.phase == .finished { return a }
    return a.state.step <= b.state.step ? a : b
  }

  private static func requireEqualWeights(
    _ a: any CausalLanguageModel, _ b: any CausalLanguageModel
  ) throws {
    guard a.parameters.table == b.parameters.table else {
      throw TrainingError.unequalStudents(
        found: "\(b.parameters.table.parameterCount) parameters",
        expected: "the \(a.parameters.table.parameterCount) of the other, names and shapes alike")
    }
    for entry in a.parameters.table.entries {
      guard let ours = try a.parameters.values(of: entry.name, .weights),
        let theirs = try b.parameters.values(of: entry.name, .weights),
        let left = ours.baseAddress, let right = theirs.baseAddress
      else { continue }
      if memcmp(left, right, entry.count * MemoryLayout<Float>.stride) != 0 {
        throw TrainingError.unequalStudents(
          found: "other initial values of \(entry.name)", expected: "equal bits")
      }
    }
  }
}

/// Passes on both students' events and compares their evaluations when both are of one step.
private final class Meeting {
  private let folders: [PairedTraining.Student: String]
  private let onEvent: (PairedTraining.Event) -> Void
  private var failure: (any Error)?

  init(
    folders: [PairedTraining.Student: String], onEvent: @escaping (PairedTraining.Event) -> Void
  ) {
    self.folders = folders
    self.onEvent = onEvent
  }

  func receive(_ event: TrainingEvent, from student: PairedTraining.Student) {
    onEvent(.student(student, event))
    guard case .evaluated(let record, let result) = event else { return }
    do {
      // The other's result may stem from before a restart, so it is read from its file.
      guard let folder = folders[student == .a ? .b : .a],
        let other = try EvaluationFiles.read(step: record.step, runFolder: folder)
      else { return }
      let comparison =
        student == .a
        ? try EvaluationComparison(result, other) : try EvaluationComparison(other, result)
      onEvent(.compared(step: record.step, comparison))
    } catch {
      failure = failure ?? error
    }
  }

  /// Tells of the last comparison of a pair that resumes.
  func recall(upTo step: Int) throws {
    guard let a = folders[.a], let b = folders[.b], step >= 0,
      let resultOfA = try EvaluationFiles.read(step: step, runFolder: a),
      let resultOfB = try EvaluationFiles.read(step: step, runFolder: b)
    else { return }
    onEvent(.compared(step: step, try EvaluationComparison(resultOfA, resultOfB)))
  }

  func throwFailure() throws { if let failure { throw failure } }
}
