import Corpus
import LanguageModels
import Numerics
public import TensorKit
public import Training

/// Trains one model on token shards, with metrics and checkpoints.
///
/// Stopped or killed, the same verb goes on from the newest checkpoint and computes the same bits as
/// an undisturbed run. The finished model goes into a folder with its tokenizer and the record of
/// what it was trained on.
public struct Train {
  /// How the model came out.
  public struct Result: Sendable, Equatable {
    public let steps: Int
    public let tokens: Int
    /// Debiased moving mean of the loss at the last step of this run; nil when it did none.
    public let loss: Double?
    /// Of the last evaluation of this run, mean over chunks.
    public let heldOutLoss: Double?
    public let parameters: Int
    /// Of the last step of this run, where a teacher takes part.
    public let distillation: DistillationMetrics?
    /// Of the last step of this run, where it samples.
    public let minillm: MiniLLMMetrics?
  }

  private let start: TrainingStart
  private let place: TrainingPlace
  private let configuration: TrainingConfiguration
  private let teacher: TrainingTeacher?
  private let heldOut: HeldOut?
  private let tokenizerFolder: String?
  private let preset: TrainingPreset?
  private let compute: Ops
  /// Text to sample on the way; nil: none.
  public var samples: TrainingSamples?

  /// - Parameters:
  ///   - configuration: without an end-of-text token it takes that of the shards' manifest, or else
  ///     the model's; without an evaluation interval nothing is evaluated. What it says of a teacher
  ///     is made of `teacher`.
  ///   - teacher: draws a part of the loss to its distributions.
  ///   - tokenizerFolder: its tokenizer goes with the model; nil takes that of the folder that it
  ///     starts from.
  ///   - preset: the recipe that `configuration` was made from: what differs is told.
  public init(
    _ start: TrainingStart, on place: TrainingPlace, configuration: TrainingConfiguration,
    teacher: TrainingTeacher? = nil, heldOut: HeldOut? = nil, tokenizerFolder: String? = nil,
    preset: TrainingPreset? = nil,
    compute: Ops
  ) {
    self.start = start
    self.place = place
    self.configuration = configuration
    self.teacher = teacher
    self.heldOut = heldOut
    self.tokenizerFolder = tokenizerFolder ?? start.folder?.tokenizerFolder
    self.preset = preset
    self.compute = compute
  }

  /// What the run will hold in memory.
  ///
  /// - Throws: `TrainingError.doesNotFit`, `ModelError`.
  public func memory() throws -> TrainingMemory {
    var planned = configuration
    planned.minillm = teacher?.minillm
    return try TrainingMemory.check(
      model: start.configuration(), training: planned, teacher: teacher?.planned(),
      compute: compute)
  }

  /// Trains to the end and saves the model.
  ///
  /// - Parameter onEvent: called on this thread, before progress is reported.
  /// - Throws: `TrainingError`, `ModelError`, `CorpusError`, `StoreError`, also when another program
  ///   trains there or the model's folder holds another model; `WorkStopped` with a
  ///   checkpoint of the last step.
  public func run(
    _ work: Work, onEvent: @escaping (TrainingEvent) -> Void = { _ in }
  ) throws -> Result {
    try start.examine(precision: configuration.precision, compute: compute, work)
    try teacher?.examine(compute: compute, work)
    let place = try place.checked(start: start.folder, teacher: teacher?.inputs ?? [])
    return try work.holding(place.written) { try train(at: place, work, onEvent: onEvent) }
  }

  private func train(
    at place: TrainingPlace, _ work: Work, onEvent: @escaping (TrainingEvent) -> Void
  ) throws -> Result {
    var configuration = configuration
    if let given = configuration.endOfSequenceToken {
      let size = try start.configuration().vocabularySize
      // A token that never comes would mask nothing, and change every mean without a word.
      guard given >= 0, Int(given) < size else {
        throw PipelineError.setting(
          name: "endOfSequenceToken", found: "\(given)",
          expected: "an id below \(size), the model's vocabulary")
      }
    } else {
      configuration.endOfSequenceToken = try start.endOfText(of: place, work)
    }
    configuration.distillation = try teacher?.distillation(
      of: start.configuration(), tokenizer: tokenizerFolder, training: configuration, place: place,
      work)
    configuration.minillm = try teacher?.sampling()
    if let settings = configuration.minillm { work.note("MiniLLM: \(settings)") }
    try configuration.validate()
    work.note("training in \(MemoryText.plan(of: try memory(), configuration))")
    work.note("keeping \(configuration.retention.words)")
    let chunks = try place.open()
    try configuration.requireOneStep(of: chunks)
    if let fork = try RunFork.read(runFolder: place.runFolder) { work.note(fork.words) }
    let announcement = TrainingAnnouncement(
      try start.configuration(), configuration, preset: preset, chunks: chunks)
    for line in announcement.lines { work.note(line) }
    if place.chunks == nil {
      if let model = start.folder {
        try ShardsTokenizer(ofShards: place.shards)
          .compare(with: model, tokenizer: tokenizerFolder, work)
      }
      try LongChunks.note(
        in: chunks, beyond: configuration.chunkTokens, option: "chunk-tokens", place.shards,
        models: start.folder.map { [$0] } ?? [], work)
    }
    let evaluation = try heldOut?.evaluation(
      model: start.folder, chunkTokens: configuration.chunkTokens,
      chunksPerBatch: configuration.chunksPerMicroBatch,
      endOfText: configuration.endOfSequenceToken, work)
    try work.checkpoint()
    let data = try place.record(of: chunks)
    let model = try start.model(
      precision: configuration.precision, compute: compute, work)
    let workspace = try configuration.makeWorkspace(for: model)
    let source = try teacher?.open(configuration, compute: compute, work)
    if try CheckpointStore.newest(runFolder: place.runFolder) == nil {
      work.note(try announcement.timeLine(model, workspace, work))
    }
    let last = LastLosses()
    let eventFiles = try TrainingEventFiles(place, work)
    let progress = TrainingProgress(configuration.precision)
    let trainer = try Trainer(
      model: model, workspace: workspace, configuration: configuration, chunks: chunks,
      teacher: source, heldOut: evaluation, runFolder: place.runFolder,
      control: work.control.training
    ) { event in
      last.take(event)
      onEvent(event)
      eventFiles.take(event)
      progress.take(event)
      work.report(progress.work)
    }
    trainer.sampling = try samples?.sampler(
      of: model, tokenizerFolder: tokenizerFolder,
      endOfText: configuration.endOfSequenceToken, work)
    try RunInputs(place, chunks, tokenizer: tokenizerFolder).write(runFolder: place.runFolder)
    guard try trainer.run() == .finished else { throw WorkStopped() }
    try place.save(
      model, tokenizerFolder: tokenizerFolder, data: data, announcement: announcement, work)
    return Result(
      steps: trainer.state.step, tokens: trainer.state.tokensSeen, loss: last.step?.smoothedLoss,
      heldOutLoss: last.heldOutLoss, parameters: model.configuration.parameterCount,
      distillation: last.step?.distillation, minillm: last.step?.minillm)
  }
}

/// The newest losses of a run.
private final class LastLosses {
  private(set) var step: StepMetrics?
  private(set) var heldOutLoss: Double?

  func take(_ event: TrainingEvent) {
    switch event {
    case .step(let step): self.step = step
    case .evaluated(let record, _): heldOutLoss = record.losses.all.chunkMean
    default: break
    }
  }
}
