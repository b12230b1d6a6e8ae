import Corpus
public import LanguageModels
public import Numerics
public import TensorKit
public import Training

/// Measures a model's loss on held-out chunks, by source, and bits a byte where the tokenizer is
/// known.
public struct Evaluate {
  /// How models are run.
  public struct Settings: Sendable, Equatable {
    /// Most tokens taken of a chunk.
    public var chunkTokens: Int
    /// Chunks of one forward pass.
    public var chunksPerBatch: Int
    public var precision: Precision
    /// The end-of-text token; nil takes that of the shards' manifest, or else the model's.
    public var endOfText: Int32?
    /// How intervals are drawn.
    public var bootstrap: Bootstrap

    public init(
      chunkTokens: Int = 1025, chunksPerBatch: Int = 8, precision: Precision = .f32,
      endOfText: Int32? = nil, bootstrap: Bootstrap = Bootstrap()
    ) {
      self.chunkTokens = chunkTokens
      self.chunksPerBatch = chunksPerBatch
      self.precision = precision
      self.endOfText = endOfText
      self.bootstrap = bootstrap
    }

    var maximumTokens: Int { chunksPerBatch * (chunkTokens - 1) }

    /// Refuses sizes that cannot even be planned with.
    ///
    /// - Throws: `PipelineError.setting`.
    func validate() throws(PipelineError) {
      for (name, value, least) in [("batch", chunksPerBatch, 1), ("chunk-tokens", chunkTokens, 2)]
      where !(least...1 << 20).contains(value) {
        throw .setting(name: name, found: "\(value)", expected: "\(least) to \(1 << 20)")
      }
    }
  }

  private let model: ModelFolder
  private let heldOut: HeldOut
  private let settings: Settings
  private let compute: Ops

  public init(_ model: ModelFolder, on heldOut: HeldOut, settings: Settings, compute: Ops) {
    self.model = model
    self.heldOut = heldOut
    self.settings = settings
    self.compute = compute
  }

  /// The loss of every chunk.
  ///
  /// - Throws: `PipelineError.setting`, `ModelError.memory` before anything is loaded, `TrainingError`, `CorpusError`,
  ///   `WorkStopped`.
  public func run(_ work: Work) throws -> EvaluationResult {
    try settings.validate()
    let configuration = try work.examine(
      model, precision: settings.precision, for: .scoring, compute: compute)
    let plan = try MemoryPlan.check(
      configuration: configuration, maximumTokens: settings.maximumTokens,
      maximumSequences: settings.chunksPerBatch, precision: settings.precision, purpose: .scoring,
      compute: compute, limitBytes: SystemMemory.available())
    work.note("evaluating \(model.name) in \(MemoryText.plan(of: plan, settings.precision))")
    let evaluation = try heldOut.evaluation(
      model: model, chunkTokens: settings.chunkTokens, chunksPerBatch: settings.chunksPerBatch,
      endOfText: EndOfText.find(
        given: settings.endOfText, shards: heldOut.shards, model: model, work), work)
    try work.checkpoint()
    let loaded = try model.load(
      precision: settings.precision, purpose: .scoring, compute: compute, work)
    let workspace = try Workspace(
      for: loaded, maximumTokens: settings.maximumTokens,
      maximumSequences: settings.chunksPerBatch, purpose: .scoring)
    let result = try evaluation.run(loaded, workspace: workspace) { done, count in
      work.goesOn(
        WorkProgress(
          Double(done) / Double(max(1, count)),
          detail: "\(model.name), \(Number.grouped(done)) of \(Number.grouped(count)) chunks"))
    }
    guard let result else { throw WorkStopped() }
    try evaluation.chunks.requireUnchanged()
    if result.chunks.contains(where: { $0.parts == nil }) {
      work.note(
        "\(heldOut.shards) does not say which documents its chunks are of: intervals are over chunks"
      )
    }
    return result
  }
}
