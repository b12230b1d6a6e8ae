import ArgumentParser
import DifferenceSampling
import Numerics
import Pipeline
import Store
import TensorKit

/// Teacher and reference over every chunk.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Score every chunk with a teacher and a reference: a safetensors table.",
    discussion: """
      The score of a chunk is the mean negative log-likelihood of its counted tokens, in nats; the \
      difference is reference minus teacher. Before the first chunk the checks of 'check' are made; one \
      that fails ends the command unless it is waived. Blocks are safe on disk as they are done: stopped or \
      killed, the same command goes on and gives the same bytes.
      """)

  @OptionGroup var scoring: ScoringOptions
  @Option(name: [.short, .long], help: "Folder for the scores.")
  var output: String
  @Option(help: "Order: random (unbiased at any time) or sequential.")
  var order = ScoringOrder.random
  @Option(help: "Seed of the random order. (default: 10)", transform: seedNumber())
  var seed: UInt64 = 10
  @Option(help: "Chunks of one block. (default: 64)", transform: whole(1...Most.planned))
  var block = 64
  @Option(
    help: """
      Precision: f32 (the reference), bf16, int8, or auto: the fastest that a probe shows to keep \
      ranks and selection. What it is is part of what scores are.
      """)
  var precision = PrecisionSetting.f32
  @OptionGroup var checks: CheckOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let run = CommandRun("score", common)
    var inputs = try scoring.inputs(common, digests: OutputPath(folder: output).path)
    inputs.tokenizer = checks.tokenizer
    let verb = Score(
      inputs,
      settings: Score.Settings(
        seed: seed, order: order, blockSize: block, maximumPositions: scoring.positions,
        precision: precision, tokensPerBatch: scoring.tokensPerBatch),
      output: output, reserve: checks.reserve, waivers: try checks.waivers.waivers())
    try report(run.run { try verb.run($0) })
  }

  private func report(_ scored: Score.Result) throws {
    let differences = scored.differences
    let result = Result(
      chunks: scored.scores.count, precision: scored.precision, nonFinite: differences.nonFinite,
      mean: differences.mean, median: differences.quantile(0.5),
      deviation: differences.standardDeviation, negativeShare: differences.negativeShare,
      path: scored.path)
    if common.json { return try Output.json(result) }
    try Output.line(
      "\(Number.grouped(result.chunks)) chunks, difference mean \(Number.fixed(result.mean, 4)), median "
        + "\(Number.fixed(result.median, 4)), sd \(Number.fixed(result.deviation, 4)), negative "
        + "\(Number.percent(result.negativeShare)), "
        + (scored.resolved == nil ? "" : "scored in \(scored.precision.rawValue), ")
        + "in \(result.path)")
  }

  private struct Result: Encodable {
    var chunks: Int
    var precision: Precision
    var nonFinite: Int
    var mean: Double
    var median: Double?
    var deviation: Double
    var negativeShare: Double
    var path: String
  }
}
