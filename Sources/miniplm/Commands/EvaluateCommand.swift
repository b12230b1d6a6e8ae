import ArgumentParser
import LanguageModels
import Numerics
import Pipeline
import TensorKit
import Training

/// The held-out loss of one model.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measure a model's loss on token shards, by source.")

  @Option(help: "Model folder or GGUF file.", transform: modelPlace())
  var model: String
  @OptionGroup var data: EvaluationOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let (compute, folder) = (try common.compute(), ModelFolder(model))
    let verb = Evaluate(
      folder, on: data.heldOut, settings: try data.settings(for: [folder], compute),
      compute: compute)
    let summary = try CommandRun("evaluate", common, whenStopped: .evaluationStopped)
      .run { try verb.run($0) }.summary()
    if common.json { return try Output.json(summary) }
    for source in summary.sources + [summary.all] {
      try Output.line(
        "\(source.name): loss \(Number.fixed(source.chunkMean, 4)) (mean over \(source.chunks) chunks), "
          + "\(Number.fixed(source.tokenMean, 4)) by token, perplexity "
          + Number.fixed(source.perplexity, 2)
          + (source.bitsPerByte.map { ", \(Number.fixed($0, 4)) bits per byte" } ?? ""))
    }
  }
}

/// Two models on the same chunks.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two models on the same token shards: paired differences by source.")

  @Argument(help: "Model folder or GGUF file of A.", transform: modelPlace())
  var a: String
  @Argument(help: "Model folder or GGUF file of B.", transform: modelPlace())
  var b: String
  @OptionGroup var data: EvaluationOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let (compute, first, second) = (try common.compute(), ModelFolder(a), ModelFolder(b))
    let verb = Compare(
      first, second, on: data.heldOut, settings: try data.settings(for: [first, second], compute),
      compute: compute)
    let result = try CommandRun("compare", common, whenStopped: .evaluationStopped)
      .run { try verb.run($0) }
    if common.json { return try Output.json(result) }
    for row in result.comparison.rows {
      try Output.line(
        "\(row.name): A \(Number.fixed(row.lossA, 4)), B \(Number.fixed(row.lossB, 4)), B - A "
          + "\(Number.signed(row.delta, 4)) +- \(Number.fixed(row.halfWidth, 4))")
    }
    if let first = try result.a.summary().all.bitsPerByte,
      let second = try result.b.summary().all.bitsPerByte
    {
      try Output.line(
        "bits per byte: A \(Number.fixed(first, 4)), B \(Number.fixed(second, 4))")
    }
  }
}

/// What is evaluated on.
struct EvaluationOptions: ParsableArguments {
  @Option(help: "Folder of the token shards.")
  var shards: String
  @Option(
    help: "At most so many chunks, from the first (100,000 in the paper). (default: 100000)",
    transform: whole(1...Most.counted))
  var limit = 100_000
  @Option(help: "Most tokens taken of a chunk. (default: 1025)", transform: whole(2...1 << 20))
  var chunkTokens = 1025
  @Option(help: "Chunks of one forward pass. (default: 8)", transform: whole(1...1 << 20))
  var batch = 8
  @Option(
    help: """
      Precision: f32 (the reference), bf16, int8, or auto: f32 where it fits into the memory, else \
      the widest that does.
      """)
  var precision = PrecisionSetting.f32
  @Option(
    help:
      "The end-of-text token; by default that of the shards' manifest, or the model's eos_token_id.",
    transform: tokenID())
  var eos: Int32?
  @Option(
    help: "tokenizer.json of the shards, for bits per byte; by default that in the model's folder.",
    transform: modelPlace())
  var tokenizer: String?

  func validate() throws {
    guard batch * (chunkTokens - 1) <= Most.planned else {
      throw ValidationError(
        "--batch times --chunk-tokens is \(batch) times \(chunkTokens); expected at most "
          + "\(Most.planned) tokens in one pass.")
    }
  }

  var heldOut: HeldOut { HeldOut(shards: shards, limit: limit, tokenizer: tokenizer) }

  /// For models that are evaluated in one precision.
  func settings(for models: [ModelFolder], _ compute: Ops) throws -> Evaluate.Settings {
    Evaluate.Settings(
      chunkTokens: chunkTokens, chunksPerBatch: batch,
      precision: try ReadingPrecision.resolve(
        precision, models: models, tokens: batch * (chunkTokens - 1), compute: compute),
      endOfText: eos)
  }
}

extension ExitStatus {
  /// An evaluation keeps nothing of what it has done.
  fileprivate static let evaluationStopped = stopped(
    "Stopped; the same command begins again.")
}
