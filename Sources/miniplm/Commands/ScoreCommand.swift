import ArgumentParser
import Corpus
import DifferenceSampling
import Engine
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
      difference is reference minus teacher. Blocks are safe on disk as they are done: stopped or \
      killed, the same command goes on and gives the same bytes.
      """)

  @OptionGroup var scoring: ScoringOptions
  @Option(name: [.short, .long], help: "Folder for the scores.")
  var output: String
  @Option(help: "Order: random (unbiased at any time) or sequential.")
  var order = ScoringOrder.random
  @Option(help: "Seed of the random order.")
  var seed: UInt64 = 10
  @Option(help: "Chunks of one block.")
  var block = 64
  @Option(help: "Precision: f32 (the reference), bf16 or int8; part of what scores are.")
  var precision = Precision.f32
  @Option(
    help: """
      Folder of the reserve, or of the shards that the reference was trained on; by default what \
      the reference's folder records. Chunks that are in it are counted and marked.
      """)
  var reserve: String?
  @OptionGroup var common: CommonOptions

  func run() throws {
    let source = try TokenShards(folder: scoring.shards)
    let compute = try common.compute()
    var settings = try scoring.settings()
    settings.seed = seed
    settings.order = order
    settings.blockSize = block
    settings.precision = precision
    let memory = try scoring.plan(settings, folder: output, compute: compute)
    settings = memory.settings
    if !common.quiet { Output.error("score: \(MemoryText.plan(of: memory))") }
    var job = try ScoringJob(
      source: source, corpus: try Identities.shards(scoring.shards),
      teacher: try ScoringOptions.model(scoring.teacher, compute: compute)(settings),
      reference: try ScoringOptions.model(scoring.reference, compute: compute)(settings),
      settings: settings, folder: output)
    job.reserve = try ReserveCheck(
      reserve: reserve, reference: scoring.reference, threads: common.threadCount
    ).overlap(with: source) { if !common.quiet || $1 { Output.error("score: \($0)") } }
    let control = ScoringControl()
    let interruption = Interruption { control.request = .stopAfterBlock }
    var progress = ProgressLines("score", isQuiet: common.quiet)
    let outcome = try job.run(control: control) { event in
      if case .damagedPart(let path, let reason) = event {
        Output.error("\(path) is damaged (\(reason)) and is made again")
      }
      guard let state = event.progress else { return }
      progress.report(
        Double(state.chunksDone) / Double(max(1, state.chunkCount)), eta: state.secondsLeft,
        "\(Number.grouped(state.chunksDone)) of \(Number.grouped(state.chunkCount)) chunks, "
          + "teacher \(Number.grouped(Int(state.teacher.tokensPerSecond))) tokens/s, "
          + "reference \(Number.grouped(Int(state.reference.tokensPerSecond))) tokens/s")
    }
    withExtendedLifetime(interruption) {}
    guard case .finished(let scores) = outcome else { throw ExitStatus.stopped }
    try report(scores)
  }

  private func report(_ scores: ChunkScores) throws {
    var histogram = ScoreHistogram()
    for row in 0..<scores.count { histogram.add([scores[row]]) }
    let result = Result(
      chunks: scores.count, precision: precision, nonFinite: histogram.nonFinite,
      mean: histogram.mean,
      median: histogram.quantile(0.5), deviation: histogram.standardDeviation,
      negativeShare: histogram.negativeShare, path: "\(output)/\(ChunkScoresFile.name)")
    if common.json { return try Output.json(result) }
    Output.line(
      "\(Number.grouped(result.chunks)) chunks, difference mean \(Number.fixed(result.mean, 4)), median "
        + "\(Number.fixed(result.median, 4)), sd \(Number.fixed(result.deviation, 4)), negative "
        + "\(Number.percent(result.negativeShare)), in \(result.path)")
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
