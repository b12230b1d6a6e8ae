import Corpus
import DifferenceSampling
public import LanguageModels
public import Store
public import TensorKit

/// What every scoring needs: a corpus, two models, and where digests of them are kept.
public struct ScoringInputs {
  /// Token shards: a folder, or one shard's path without its suffix.
  public var shards: String
  public var teacher: ModelFolder
  public var reference: ModelFolder
  /// The end-of-text token; nil takes that of the shards' manifest, or else the teacher's.
  public var endOfText: Int32?
  /// The tokenizer that made the shards: its file or folder; nil where nobody knows it.
  public var tokenizer: String?
  public var digests: FileDigests
  public var compute: Ops
  /// Bytes that a job may take; nil for what is free when it begins.
  public var memoryLimit: Int?

  public init(
    shards: String, teacher: ModelFolder, reference: ModelFolder, endOfText: Int32? = nil,
    tokenizer: String? = nil, digests: FileDigests, compute: Ops
  ) {
    self.shards = shards
    self.teacher = teacher
    self.reference = reference
    self.endOfText = endOfText
    self.tokenizer = tokenizer
    self.digests = digests
    self.compute = compute
  }

  /// The memory of a job with `settings`, noted; refuses what does not fit. Settings in it have the
  /// batch size of the scores in `folder`, if there are any.
  ///
  /// - Parameter tokensPerBatch: overrides the recorded batch size and the choice by memory.
  /// - Throws: `DifferenceSamplingError.doesNotFit`, `ModelError`.
  func plan(
    _ settings: ScoringSettings, tokensPerBatch: Int?, folder: String?, _ work: Work
  ) throws -> ScoringMemory {
    let memory = try memory(settings, tokensPerBatch: tokensPerBatch, folder: folder)
    work.note("scoring in \(MemoryText.plan(of: memory))")
    return memory
  }

  /// The same without a word.
  func memory(
    _ settings: ScoringSettings, tokensPerBatch: Int?, folder: String?
  ) throws -> ScoringMemory {
    try Self.check("tokens-per-batch", tokensPerBatch ?? 1)
    try Self.check("positions", settings.maximumPositions)
    try Self.check("block", settings.blockSize)
    return try ScoringMemory.plan(
      teacher: teacher.configuration(), reference: reference.configuration(), settings: settings,
      tokensPerBatch: tokensPerBatch
        ?? folder.flatMap { ScoringJob.recordedTokensPerBatch(folder: $0) },
      compute: compute, limitBytes: memoryLimit ?? SystemMemory.available())
  }

  /// Looks at both models before anything is done with them.
  ///
  /// - Throws: `ModelError` for one that cannot be loaded, or cannot score in one of `precisions`.
  func examine(_ precisions: [Precision], _ work: Work) throws(ModelError) {
    for precision in precisions { try compute.require(precision, for: .scoring) }
    for model in [teacher, reference] {
      try work.examine(model, precision: .f32, for: .scoring, compute: compute)
    }
  }

  /// Looks at both models, and holds the folder of the scores while `body` writes it.
  ///
  /// - Throws: as `examine`; `StoreError` for a place that cannot take scores, or is held.
  func holding<Result>(
    _ output: String, for precisions: [Precision], _ work: Work,
    _ body: (_ folder: String) throws -> Result
  ) throws -> Result {
    try examine(precisions, work)
    let output = try OutputPath(folder: output)
    try output.requireApart(
      from: WhatIsRead.shards(shards) + [
        (teacher.path, "the teacher"), (reference.path, "the reference"),
      ], mayBeInside: true)
    return try work.holding([.folder(output.path)]) { try body(output.path) }
  }

  /// The shards, of which `positions` inputs a chunk are scored; notes what makes scores of these
  /// models on them doubtful.
  ///
  /// - Throws: `PipelineError.setting` for positions that cannot be.
  func open(positions: Int, _ work: Work) throws -> TokenShards {
    try Self.check("positions", positions)
    let opened = try TokenShards(ShardLocation(shards))
    let made = try ShardsTokenizer(ofShards: shards)
    for model in [teacher, reference] { try made.compare(with: model, work) }
    try LongChunks.note(
      in: opened, beyond: positions + 1, option: "positions", shards, models: [teacher, reference],
      work)
    return opened
  }

  static func check(_ name: String, _ value: Int) throws(PipelineError) {
    let most = 1 << 24
    guard (1...most).contains(value) else {
      throw .setting(name: name, found: "\(value)", expected: "1 to \(most)")
    }
  }

  /// The token that ends documents in the shards.
  func endOfTextToken(_ work: Work) throws -> Int32 {
    try EndOfText.find(given: endOfText, shards: shards, model: teacher, others: [reference], work)
  }

  /// A model as jobs use it; its identity is made once, whatever number of jobs there are.
  func model(
    _ folder: ModelFolder, _ work: Work
  ) throws -> (ScoringSettings) -> ScoringModel {
    let identity = try Identities(digests, work).model(folder)
    return { [compute] settings in
      ScoringModel(identity: identity) {
        try ModelScorer(
          folder: folder.path, settings: settings, compute: compute,
          progress: work.loading(folder.name))
      }
    }
  }
}

extension Work {
  /// Passes on what a scoring job tells: its damaged parts as notes, its progress.
  func report(_ event: ScoringEvent, _ precision: Precision) {
    if case .damagedPart(let path, let reason) = event {
      note("\(path) is damaged (\(reason)) and is made again", .warning)
    }
    if let progress = event.progress { report(WorkProgress(progress, precision)) }
  }
}
