import DifferenceSampling
import Foundation
import LanguageModels
import Numerics
import Pipeline
import Store
import TensorKit
import Testing

/// `auto`: what it comes to, on this processor and on lesser ones.
@Suite struct AutoPrecisionTests {
  let inputs: ScoredInputs

  init() throws { inputs = try ScoredInputs(documents: 60) }

  /// A rule that takes whatever is narrowest, or nothing but the widest.
  private func rule(isLenient: Bool) -> PrecisionRule {
    var rule = PrecisionRule()
    rule.worthwhileSeconds = 0
    rule.leastChunks = 2
    rule.leastGain = 0
    rule.rankCorrelation = isLenient ? -1 : 2
    rule.changedSides = isLenient ? 10 : -1
    return rule
  }

  private func settings(_ rule: PrecisionRule) -> Score.Settings {
    var settings = ScoredInputs.scoringSettings
    settings.precision = .auto
    settings.precisionRule = rule
    return settings
  }

  /// A processor that multiplies bf16, or one that does not.
  private func other(multipliesBF16: Bool) throws -> ScoringInputs {
    var scoring = inputs.scoring
    scoring.compute = try Ops(
      kernels: .best, pool: ParallelPool(threads: 2),
      capability: ProductCapability(multipliesBF16: multipliesBF16, name: "another one"))
    return scoring
  }

  private func resolved(
    _ scoring: ScoringInputs, _ rule: PrecisionRule
  ) throws -> ResolvedPrecision {
    try #require(
      try ScoringChecks(scoring, settings: settings(rule)).run(Work()).resolved)
  }

  @Test func whereOnePrecisionFitsThereIsNoChoice() throws {
    var scoring = inputs.scoring
    let wanted = try Precision.allCases.map { precision in
      var settings = settings(PrecisionRule())
      settings.precision = .exactly(precision)
      settings.tokensPerBatch = 32
      return try ScoringMemory(
        teacher: scoring.teacher.configuration(), reference: scoring.reference.configuration(),
        settings: ScoringSettings(
          endOfText: 0, tokensPerBatch: 32, maximumPositions: 32, precision: precision,
          passes: .onePassEach), compute: scoring.compute
      ).totalBytes
    }
    let smallest = try #require(zip(wanted, Precision.allCases).min { $0.0 < $1.0 })
    let others = wanted.filter { $0 > smallest.0 }
    try #require(others.count == 2)
    scoring.memoryLimit = try #require(others.min()) - 1
    let found = try resolved(scoring, rule(isLenient: false))
    #expect(found.precision == smallest.1 && found.reason.contains("the only one"))
  }

  @Test func trainingTakesWhatTheProcessorTrainsIn() {
    func resolve(_ setting: PrecisionSetting, _ parameters: Int, _ multiplies: Bool) -> Precision {
      TrainingPrecision.resolve(
        setting, runs: [], parameters: parameters,
        capability: ProductCapability(multipliesBF16: multiplies, name: "another one"))
    }
    #expect(resolve(.auto, 100_000_000, true) == .bf16)
    #expect(resolve(.auto, 100_000_000, false) == .f32)
    #expect(resolve(.auto, 1_000_000, true) == .f32)
    #expect(resolve(.bf16, 1_000_000, false) == .bf16)
  }

  @Test func whatIsDoneInSecondsIsDoneInF32() throws {
    let found = try resolved(inputs.scoring, PrecisionRule())
    #expect(found.precision == .f32)
    #expect(found.reason.contains("nothing to gain"))
  }

  @Test(arguments: [true, false])
  func theNarrowestThatIsAccurateIsTaken(isLenient: Bool) throws {
    let found = try resolved(inputs.scoring, rule(isLenient: isLenient))
    if isLenient {
      #expect(found.precision == .int8 && found.tried.map(\.precision) == [.int8])
      #expect(found.reason.contains("rank correlation"))
    } else {
      #expect(found.precision == .f32 && found.tried.map(\.precision) == [.int8, .bf16])
      #expect(found.reason.contains("nothing narrower"))
    }
  }

  @Test func tooSmallAProbeTellsNothing() throws {
    var rule = rule(isLenient: true)
    rule.leastChunks = 1000
    let found = try resolved(inputs.scoring, rule)
    #expect(found.precision == .f32 && found.reason.contains("tells too little"))
  }

  @Test func oneRunOfScoresKeepsItsPrecision() throws {
    func verb(_ folder: String, _ rule: PrecisionRule, on scoring: ScoringInputs) -> Score {
      Score(scoring, settings: settings(rule), output: "\(inputs.root)/\(folder)")
    }
    let whole = try verb("whole", rule(isLenient: true), on: inputs.scoring).run(Work())
    #expect(whole.precision == whole.resolved?.precision)
    let record = ScoringRecord(metadata: try ChunkScoresFile.read(whole.path).metadata)
    #expect(record.precision == whole.precision)
    let first = Listener(stopAfter: 4, reports: "chunks, ")
    #expect(throws: WorkStopped()) {
      try verb("pieces", rule(isLenient: true), on: inputs.scoring).run(first.work)
    }
    // By this rule another would be chosen now.
    let rest = try verb("pieces", rule(isLenient: false), on: inputs.scoring).run(Work())
    #expect(rest.precision == whole.precision)
    #expect(
      try inputs.files(inputs.root + "/whole")["scores.safetensors"]
        == inputs.files(inputs.root + "/pieces")["scores.safetensors"])
    // What is finished needs no products.
    _ = try verb("pieces", rule(isLenient: false), on: other(multipliesBF16: false)).run(Work())
  }

  @Test func aMachineThatComputesOtherwiseSaysSoBeforeAnyWork() throws {
    var begun = settings(PrecisionRule())
    begun.precision = .bf16
    let output = "\(inputs.root)/moved"
    #expect(throws: WorkStopped()) {
      try Score(inputs.scoring, settings: begun, output: output)
        .run(Listener(stopAfter: 4, reports: "chunks, ").work)
    }
    let listener = Listener()
    let moved = try other(multipliesBF16: !inputs.compute.capability.multipliesBF16)
    let error = #expect(throws: PipelineError.self) {
      try Score(moved, settings: settings(PrecisionRule()), output: output).run(listener.work)
    }
    #expect(error?.message.contains("another one") == true, "\(error?.message ?? "")")
    #expect(listener.reports.isEmpty)
  }

  /// For normal differences and normal deviations of r times their spread, r / pi of the chunks
  /// change sides at the median.
  @Test(arguments: [0.01, 0.03, 0.1]) func theShareThatChangesSidesIsEstimated(r: Double) throws {
    var random = RandomSource(seed: 5)
    func normal() -> Double {
      (-2 * log(max(1e-300, random.uniform()))).squareRoot()
        * cos(2 * Double.pi * random.uniform())
    }
    let expected = (0..<20_000).map { _ in Float(normal()) }
    let found = expected.map { $0 + Float(0.7 + r * normal()) }
    let verdict = PrecisionVerdict(.int8, found, expected: expected, gain: 2)
    #expect(abs((verdict.changedSides ?? 0) - r / .pi) < 0.05 * r / .pi)
    let correlation = try #require(RankCorrelation.spearman(found, expected))
    #expect(
      abs((verdict.rankCorrelation ?? 0) - correlation) < 0.1 * (1 - correlation), "\(correlation)")
    // What a selection of half of them makes of it.
    let half = (Set(order(expected).prefix(10_000)), Set(order(found).prefix(10_000)))
    let changed = Double(half.0.symmetricDifference(half.1).count) / 20_000
    #expect(abs(changed - r / .pi) < 0.2 * r / .pi, "\(changed)")
  }

  private func order(_ values: [Float]) -> [Int] {
    values.indices.sorted { values[$0] > values[$1] }
  }
}
