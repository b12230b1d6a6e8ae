import ArgumentParser
import Corpus
import Engine
import LanguageModels
import Numerics
import TensorKit
import Training

/// The held-out loss of one model.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measure a model's loss on token shards, by source.")

  @Option(help: "Model folder.")
  var model: String
  @OptionGroup var data: EvaluationOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let summary = try data.evaluate(model, common).summary()
    if common.json { return try Output.json(summary) }
    for source in summary.sources + [summary.all] {
      Output.line(
        "\(source.name): loss \(Number.fixed(source.chunkMean, 4)) (mean over \(source.chunks) chunks), "
          + "\(Number.fixed(source.tokenMean, 4)) by token, perplexity "
          + Number.fixed(source.perplexity, 2))
    }
  }
}

/// Two models on the same chunks.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two models on the same token shards: paired differences by source.")

  @Argument(help: "Model folder of A.")
  var a: String
  @Argument(help: "Model folder of B.")
  var b: String
  @OptionGroup var data: EvaluationOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let comparison = try EvaluationComparison(
      data.evaluate(a, common), data.evaluate(b, common))
    if common.json { return try Output.json(comparison) }
    for row in comparison.sources + [comparison.chunkMean, comparison.macro, comparison.tokenMean] {
      Output.line(
        "\(row.name): A \(Number.fixed(row.lossA, 4)), B \(Number.fixed(row.lossB, 4)), B - A "
          + "\(Number.signed(row.delta, 4)) +- \(Number.fixed(row.halfWidth, 4))")
    }
  }
}

/// What is evaluated on.
struct EvaluationOptions: ParsableArguments {
  @Option(help: "Folder of the token shards.")
  var shards: String
  @Option(help: "At most so many chunks, from the first (100,000 in the paper).")
  var limit = 100_000
  @Option(help: "Most tokens taken of a chunk.")
  var chunkTokens = 1025
  @Option(help: "Chunks of one forward pass.")
  var batch = 8
  @Option(help: "Precision: f32 (the reference), bf16 or int8.")
  var precision = Precision.f32
  @Option(help: "The end-of-text token; by default the model's eos_token_id.")
  var eos: Int32?

  func evaluate(_ folder: String, _ common: CommonOptions) throws -> EvaluationResult {
    let compute = try common.compute()
    _ = try MemoryPlan.check(
      configuration: ModelConfiguration(file: folder + "/config.json"),
      maximumTokens: batch * (chunkTokens - 1), maximumSequences: batch, precision: precision,
      purpose: .scoring, compute: compute, limitBytes: SystemMemory.available())
    let model = try LanguageModel.load(
      folder: folder, precision: precision, purpose: .scoring, compute: compute)
    let workspace = try Workspace(
      for: model, maximumTokens: batch * (chunkTokens - 1), maximumSequences: batch,
      purpose: .scoring)
    let evaluation = HeldOutEvaluation(
      chunks: ChunkPrefix(try TokenShards(folder: shards), limit: limit),
      chunkTokens: chunkTokens,
      endOfSequenceToken: try eos ?? ScoringOptions.endOfText(of: folder), chunksPerBatch: batch)
    var progress = ProgressLines("evaluate", isQuiet: common.quiet)
    let result = try evaluation.run(model, workspace: workspace) { done, count in
      progress.report(Double(done) / Double(max(1, count)), "\(done) of \(count) chunks")
      return true
    }
    guard let result else { throw ExitStatus.stopped }
    return result
  }
}
