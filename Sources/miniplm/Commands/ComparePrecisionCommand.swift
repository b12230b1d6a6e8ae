import ArgumentParser
import Corpus
import DifferenceSampling
import Engine
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
  @Option(help: "Chunks in the sample.")
  var chunks = 512
  @Option(help: "Seed of the sample.")
  var seed: UInt64 = 10
  @Option(help: "Ratio of the selection; may be repeated. By default 0.3, 0.5 and 0.7.")
  var ratio: [Double] = []
  @Option(help: "Precision to compare with f32; may be repeated. By default bf16 and int8.")
  var precision: [Precision] = []
  @OptionGroup var common: CommonOptions

  func validate() throws {
    for ratio in ratio where !(ratio > 0 && ratio < 1) {
      throw ValidationError("--ratio is \(ratio); expected a number between 0 and 1.")
    }
  }

  func run() throws {
    let ratios = ratio.isEmpty ? [0.3, 0.5, 0.7] : ratio
    let others = (precision.isEmpty ? [.bf16, .int8] : precision).filter { $0 != .f32 }
    let sample = try ChunkSample(
      of: try TokenShards(folder: scoring.shards), count: chunks, seed: seed)
    let trial = try trial(sample)
    let control = ScoringControl()
    let interruption = Interruption { control.request = .stopAfterBlock }
    let expected = try score(trial, .f32, control)
    let table = BenchTable(PrecisionRow.columns(ratios), json: common.json)
    try table.add(
      PrecisionRow(expected, sample, agreement: nil), PrecisionRow.cells(expected, nil, ratios))
    for precision in others {
      let found = try score(trial, precision, control)
      let agreement = try ScoreAgreement(of: found.scores, with: expected.scores, ratios: ratios)
      try table.add(
        PrecisionRow(found, sample, agreement: agreement),
        PrecisionRow.cells(found, agreement, ratios))
      if !common.json, agreement.lost > 0 {
        Output.line("  \(agreement.lost) chunks are finite in one precision only")
      }
    }
    withExtendedLifetime(interruption) {}
  }

  private func trial(_ sample: ChunkSample) throws -> PrecisionTrial {
    let compute = try common.compute()
    var settings = try scoring.settings()
    settings.seed = seed
    settings.order = .sequential
    settings.blockSize = 32
    // f32 takes the most memory; what it is planned with holds for all, so that they differ in
    // nothing but the precision.
    settings.precision = .f32
    let memory = try scoring.plan(
      settings, folder: PrecisionTrial.folder(of: .f32, in: output), compute: compute)
    if !common.quiet { Output.error("compare-precision: \(MemoryText.plan(of: memory))") }
    var corpus = try Identities.shards(scoring.shards)
    corpus.name += ", \(sample.count) chunks by seed \(seed)"
    return PrecisionTrial(
      source: sample, corpus: corpus,
      teacher: try ScoringOptions.model(scoring.teacher, compute: compute),
      reference: try ScoringOptions.model(scoring.reference, compute: compute),
      settings: memory.settings, folder: output)
  }

  private func score(
    _ trial: PrecisionTrial, _ precision: Precision, _ control: ScoringControl
  ) throws -> PrecisionTrial.Outcome {
    var progress = ProgressLines(precision.rawValue, isQuiet: common.quiet)
    let outcome = try trial.score(in: precision, control: control) { event in
      if case .damagedPart(let path, let reason) = event {
        Output.error("\(path) is damaged (\(reason)) and is made again")
      }
      guard let state = event.progress else { return }
      let (teacher, reference) = (state.teacher, state.reference)
      let done = Double(teacher.chunksDone + reference.chunksDone)
      progress.report(
        done / Double(max(1, 2 * state.chunkCount)), eta: state.secondsLeft,
        "teacher \(teacher.chunksDone) of \(state.chunkCount) chunks, "
          + "\(Number.grouped(Int(teacher.tokensPerSecond))) tokens/s, reference "
          + "\(reference.chunksDone), \(Number.grouped(Int(reference.tokensPerSecond))) tokens/s")
    }
    guard let outcome else { throw ExitStatus.stopped }
    return outcome
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

  init(_ outcome: PrecisionTrial.Outcome, _ sample: ChunkSample, agreement: ScoreAgreement?) {
    precision = outcome.precision
    chunks = sample.count
    tokens = outcome.scores.counted.reduce(0) { $0 + Int($1) }
    teacherTokensPerSecond = outcome.speed?.teacher
    referenceTokensPerSecond = outcome.speed?.reference
    tokensPerSecond = outcome.speed?.both
    self.agreement = agreement
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
