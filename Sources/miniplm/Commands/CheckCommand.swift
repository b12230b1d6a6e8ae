import ArgumentParser
import Numerics
import Pipeline
import Store
import TensorKit

/// What can go wrong with a scoring, before it costs anything.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check teacher, reference and shards before scoring: a table of ok and failed.",
    discussion: """
      One tokenizer, by what it says and by its ids; ids that both models know; lengths; chunks that \
      the reference was trained on; memory. Then both models score a small seeded probe of the \
      corpus: are all log-probabilities numbers, is the teacher better by more than chance, how fast \
      are they, how long will the corpus take. 'score' makes the same checks before it begins. Exit \
      code 3 where models or text fail, 2 where settings do, 0 where nothing fails that is not waived.
      """)

  @OptionGroup var scoring: ScoringOptions
  @Option(
    help: """
      Precision: f32 (the reference), bf16, int8, or auto: the fastest that the probe shows to keep \
      ranks and selection.
      """)
  var precision = PrecisionSetting.f32
  @Option(help: "Seed of the probe. (default: 10)", transform: seedNumber())
  var seed: UInt64 = 10
  @OptionGroup var checks: CheckOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    var inputs = try scoring.inputs(common, digests: nil)
    inputs.tokenizer = checks.tokenizer
    let verb = ScoringChecks(
      inputs,
      settings: Score.Settings(
        seed: seed, maximumPositions: scoring.positions, precision: precision,
        tokensPerBatch: scoring.tokensPerBatch),
      reserve: checks.reserve, waivers: try checks.waivers.waivers())
    let report = try CommandRun("check", common, whenStopped: .stoppedWithoutResult)
      .run { try verb.run($0) }
    try show(report)
    try report.require()
  }

  private func show(_ report: CheckReport) throws {
    if common.json { return try Output.json(Result(report)) }
    if let resolved = report.resolved { try Output.line("precision \(resolved.words)") }
    let width = ScoringCheck.allCases.map(\.rawValue.count).max() ?? 0
    for row in report.rows {
      let name = row.check.rawValue
      let space = String(repeating: " ", count: width + 2 - name.count)
      let word = row.word + String(repeating: " ", count: max(0, 9 - row.word.count))
      let reason = row.reason.map { " (waived: \($0))" } ?? ""
      try Output.line("\(name)\(space)\(word)\(row.text)\(reason)")
    }
  }

  private struct Result: Encodable {
    struct Row: Encodable {
      var check: ScoringCheck
      var state: String
      var text: String
      var advice: String?
      var reason: String?
    }

    var passed: Bool
    var checks: [Row]
    var precision: Precision
    /// Why, where auto was asked for.
    var precisionReason: String?
    var precisionTrials: [PrecisionVerdict]?
    var probeChunks: Int
    var secondsForAll: Double?

    init(_ report: CheckReport) {
      passed = report.gates.isEmpty
      checks = report.rows.map {
        Row(check: $0.check, state: $0.word, text: $0.text, advice: $0.advice, reason: $0.reason)
      }
      precision = report.precision
      precisionReason = report.resolved?.reason
      precisionTrials = report.resolved?.tried
      probeChunks = report.probeChunks
      secondsForAll = report.secondsForAll
    }
  }
}
