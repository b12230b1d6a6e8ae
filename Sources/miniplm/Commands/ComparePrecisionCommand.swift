import ArgumentParser
import DifferenceSampling
import Numerics
import Pipeline
import Store
import TensorKit

/// What reduced precision does to scores and to the selection.
struct ComparePrecisionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare-precision",
    abstract: "Score a sample in f32, bf16 and int8: do ranks and selection stay the same?",
    discussion: """
      A seeded sample of the chunks is scored by teacher and reference in each precision, in the \
      same batches. Then each precision is compared with f32: Spearman's rank correlation of \
      the differences, the chunks that change sides at a ratio (kept by one, dropped by the other), \
      deviations of the NLLs in nats per token. Blocks are safe on disk as they are done: stopped or \
      killed, the same command goes on.
      """)

  @OptionGroup var scoring: ScoringOptions
  @Option(name: [.short, .long], help: "Folder for the scores, one sub-folder a precision.")
  var output: String
  @Option(help: "Chunks in the sample. (default: 512)", transform: whole(2...Most.planned))
  var chunks = 512
  @Option(help: "Seed of the sample. (default: 10)", transform: seedNumber())
  var seed: UInt64 = 10
  @Option(
    help: "Ratio of the selection; may be repeated. By default 0.3, 0.5 and 0.7.",
    transform: properShare())
  var ratio: [Double] = []
  @Option(help: "Precision to compare with f32; may be repeated. By default bf16 and int8.")
  var precision: [Precision] = []
  @OptionGroup var common: CommonOptions

  func run() throws {
    let ratios = ratio.isEmpty ? [0.3, 0.5, 0.7] : ratio
    let verb = ComparePrecision(
      try scoring.inputs(common, digests: OutputPath(folder: output).path),
      settings: ComparePrecision.Settings(
        chunks: chunks, seed: seed, ratios: ratios,
        precisions: precision.isEmpty ? [.bf16, .int8] : precision,
        maximumPositions: scoring.positions, tokensPerBatch: scoring.tokensPerBatch),
      output: output)
    let table = BenchTable(PrecisionRow.columns(ratios), json: common.json)
    try CommandRun("compare-precision", common).run { work in
      _ = try verb.run(work) { row in
        try table.add(
          PrecisionRow(row), PrecisionRow.cells(row.outcome, row.agreement, ratios))
        if !common.json, let lost = row.agreement?.lost, lost > 0 {
          try Output.line("  \(lost) chunks are finite in one precision only")
        }
      }
    }
  }
}

/// One precision's line.
private struct PrecisionRow: Encodable {
  var precision: Precision
  var chunks: Int
  var tokens: Int
  var teacherTokensPerSecond: Double?
  var referenceTokensPerSecond: Double?
  var tokensPerSecond: Double?
  var agreement: ScoreAgreement?

  init(_ row: ComparePrecision.Row) {
    let outcome = row.outcome
    precision = outcome.precision
    chunks = row.chunks
    tokens = outcome.scores.counted.reduce(0) { $0 + Int($1) }
    teacherTokensPerSecond = outcome.speed?.teacher
    referenceTokensPerSecond = outcome.speed?.reference
    tokensPerSecond = outcome.speed?.both
    agreement = row.agreement
  }

  static func columns(_ ratios: [Double]) -> [BenchTable.Column] {
    [
      .init(title: "precision", width: 9, isText: true), .init(title: "chunks", width: 6),
      .init(title: "tokens/s", width: 9), .init(title: "rank corr", width: 9),
    ]
      + ratios.map { .init(title: "sides@\(Number.fixed($0, 2))", width: 10) }
      + ["teacher", "reference", "difference"].map {
        .init(title: "\($0) mean/max", width: 19)
      }
  }

  static func cells(
    _ outcome: PrecisionTrial.Outcome, _ agreement: ScoreAgreement?, _ ratios: [Double]
  ) -> [String] {
    let speed = outcome.speed.map { Number.fixed($0.both, 1) } ?? "-"
    let start = [outcome.precision.rawValue, "\(outcome.scores.count)", speed]
    guard let agreement else {
      return start + Array(repeating: "-", count: ratios.count + 4)
    }
    let deviations = [agreement.teacherNLL, agreement.referenceNLL, agreement.difference]
    return start + [agreement.rankCorrelation.map { Number.fixed($0, 6) } ?? "-"]
      + agreement.sides.map { Number.fixed($0.share * 100, 2) + " %" }
      + deviations.map { Number.fixed($0.mean, 5) + "/" + Number.fixed($0.maximum, 5) }
  }
}
