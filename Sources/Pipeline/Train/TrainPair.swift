import Corpus
import LanguageModels
import Numerics
public import TensorKit
public import Training

/// Trains two students, A and B, in turn from equal weights, each on its own chunks: what a refined
/// corpus is judged by.
///
/// Stopped or killed, the same verb goes on from the newest checkpoints with the same bits.
public struct TrainPair {
  /// How the students came out.
  public struct Result: Sendable, Equatable {
    /// Steps of each.
    public let steps: Int
    /// Of the last evaluations of this run; nil when there were none.
    public let comparison: EvaluationComparison?
  }

  private let start: TrainingStart
  private let a: TrainingPlace
  private let b: TrainingPlace
  private let configuration: TrainingConfiguration
  private let teacher: TrainingTeacher?
  private let heldOut: HeldOut?
  private let tokenizerFolder: String?
  private let preset: TrainingPreset?
  private let compute: Ops
  /// Text to sample on the way, of both; nil: none.
  public var samples: TrainingSamples?

  /// - Parameters:
  ///   - start: of both.
  ///   - configuration: as in `Train`.
  ///   - teacher: of both. A cache is of one corpus, so it has to be a model.
  ///   - tokenizerFolder: its tokenizer goes with both models; nil takes that of the folder that
  ///     they start from.
  ///   - preset: as in `Train`.
  public init(
    _ start: TrainingStart, a: TrainingPlace, b: TrainingPlace,
    configuration: TrainingConfiguration, teacher: TrainingTeacher? = nil, heldOut: HeldOut? = nil,
    tokenizerFolder: String? = nil, preset: TrainingPreset? = nil, compute: Ops
  ) {
    self.teacher = teacher
    self.start = start
    self.a = a
    self.b = b
    self.configuration = configuration
    self.heldOut = heldOut
    self.tokenizerFolder = tokenizerFolder ?? start.folder?.tokenizerFolder
    self.preset = preset
    self.compute = compute
  }

  /// What both will hold in memory.
  ///
  /// - Throws: `TrainingError.doesNotFit`, `ModelError`.
  public func memory() throws -> TrainingMemory {
    return try TrainingMemory.check(
      model: start.configuration(), training: configuration, students: 2,
      teacher: teacher?.planned(), compute: compute)
  }

  /// Trains both to the end and saves them.
  ///
  /// - Parameter onEvent: called on this thread, before progress is reported.
  /// - Throws: as `Train`; `TrainingError.unequalStudents`.
  public func run(
    _ work: Work, onEvent: @escaping (PairedTraining.Event) -> Void = { _ in }
  ) throws -> Result {
    try start.examine(precision: configuration.precision, compute: compute, work)
    try teacher?.examine(compute: compute, work)
    let (a, b) = (
      try a.checked(start: start.folder, teacher: teacher?.inputs ?? []),
      try b.checked(start: start.folder, teacher: teacher?.inputs ?? [])
    )
    for (one, other) in [(a.runFolder, b.runFolder), (a.output ?? "", b.output ?? "")]
    where one == other && !one.isEmpty {
      throw TrainingError.unequalStudents(
        found: "one folder \(one) for both", expected: "a folder for each")
    }
    return try work.holding(a.written + b.written) { try train(a, b, work, onEvent: onEvent) }
  }

  private func train(
    _ a: TrainingPlace, _ b: TrainingPlace, _ work: Work,
    onEvent: @escaping (PairedTraining.Event) -> Void
  ) throws -> Result {
    var configuration = configuration
    if configuration.endOfSequenceToken == nil {
      configuration.endOfSequenceToken = try start.endOfText(of: a, work)
    }
    configuration.distillation = try teacher?.distillation(
      of: start.configuration(), tokenizer: tokenizerFolder, training: configuration, place: a, work
    )
    try configuration.validate()
    work.note(
      "training two students in \(MemoryText.plan(of: try memory(), configuration))")
    let evaluation = try heldOut?.evaluation(
      model: start.folder, chunkTokens: configuration.chunkTokens,
      chunksPerBatch: configuration.chunksPerMicroBatch,
      endOfText: configuration.endOfSequenceToken, work)
    try work.checkpoint()
    func side(_ place: TrainingPlace) throws -> PairedTraining.Side {
      let chunks = try place.open()
      try configuration.requireOneStep(of: chunks)
      return PairedTraining.Side(
        model: try start.model(
          precision: configuration.precision, compute: compute, work),
        chunks: chunks, runFolder: place.runFolder)
    }
    let (first, second) = (try side(a), try side(b))
    // Both do as many steps: the corpus of one stands for both.
    let announcement = TrainingAnnouncement(
      first.model.configuration, configuration, preset: preset, chunks: second.chunks, students: 2)
    for line in announcement.lines { work.note(line) }
    let workspace = try configuration.makeWorkspace(for: first.model)
    if try CheckpointStore.newest(runFolder: a.runFolder) == nil {
      work.note(try announcement.timeLine(first.model, workspace, work))
    }
    let records = (a: try a.record(of: first.chunks), b: try b.record(of: second.chunks))
    let newest = Newest()
    let eventFiles = (try TrainingEventFiles(a, work), try TrainingEventFiles(b, work))
    let progress = (
      TrainingProgress(configuration.precision), TrainingProgress(configuration.precision)
    )
    let pair = try PairedTraining(
      a: first, b: second, workspace: workspace, configuration: configuration,
      teacher: teacher?.open(configuration, compute: compute, work), heldOut: evaluation,
      control: work.control.training
    ) { event in
      switch event {
      case .student(.a, let event):
        progress.0.take(event)
        eventFiles.0.take(event)
      case .student(.b, let event):
        progress.1.take(event)
        eventFiles.1.take(event)
      case .compared(_, let comparison): newest.comparison = comparison
      }
      onEvent(event)
      work.report(TrainingProgress.work(a: progress.0, b: progress.1))
    }
    for trainer in [pair.a, pair.b] {
      trainer.sampling = try samples?.sampler(
        of: trainer.model, tokenizerFolder: tokenizerFolder,
        endOfText: configuration.endOfSequenceToken, work)
    }
    for (place, side) in [(a, first), (b, second)] {
      try RunInputs(place, side.chunks, tokenizer: tokenizerFolder)
        .write(runFolder: place.runFolder)
    }
    guard try pair.run() == .finished else { throw WorkStopped() }
    try a.save(
      first.model, tokenizerFolder: tokenizerFolder, data: records.a,
      announcement: announcement, work)
    try b.save(
      second.model, tokenizerFolder: tokenizerFolder, data: records.b,
      announcement: announcement, work)
    return Result(steps: pair.b.state.step, comparison: newest.comparison)
  }
}

private final class Newest {
  var comparison: EvaluationComparison?
}
