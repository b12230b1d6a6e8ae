import Corpus
import CorpusQuality
import CorpusStudy
import DifferenceSampling
import Foundation
import LanguageModels
import Pipeline
import Store
import TensorKit
import Testing
import Tokenizers

@Suite struct QualityTests {
  let inputs: ScoredInputs

  init() throws {
    inputs = try ScoredInputs()
    try inputs.score()
  }

  private func measure(
    _ change: (inout QualityInputs, inout Quality.Settings) -> Void = { _, _ in },
    _ work: Work = Work()
  ) throws -> QualityReport {
    var sources = QualityInputs(
      shards: inputs.shards, scores: inputs.scores, reference: inputs.reference)
    var settings = Quality.Settings(
      sample: 12, states: 6, chunksPerBatch: 4, duplicates: Study.Settings(threads: 2))
    change(&sources, &settings)
    return try Quality(sources, settings: settings, compute: inputs.compute).run(work)
  }

  @Test func everythingIsMeasured() throws {
    let listener = Listener()
    let report = try measure({ _, _ in }, listener.work)
    #expect(report.groups.map(\.group) == [.all, .kept, .dropped])
    #expect(report.sample.chunks == 12 && report.sample.vendiChunks == 6)
    let shards = try TokenShards(folder: inputs.shards)
    #expect(report.rates.all.chunks == shards.count)
    #expect(report.rates.all.kept == shards.count / 2)
    for group in report.groups {
      #expect(group.ngrams.map(\.n) == [1, 2, 3, 4])
      // Groups are cut to equal amounts.
      #expect(group.ngrams[0].total == report.sample.tokens)
      #expect(group.compression.unit == .text && group.compression.level == 9)
      let vendi = try #require(group.vendi)
      #expect(vendi.items == 6 && vendi.dimensions == 16)
      #expect(vendi.score >= 1 && vendi.score <= 6)
      #expect(try #require(group.centredVendi).score > vendi.score)
    }
    let counts = report.groups.compactMap(\.duplicates)
    #expect(counts.count == 3)
    #expect(counts[0].texts == counts[1].texts + counts[2].texts)
    #expect(report.damage == nil && report.agreements.isEmpty)
    #expect(listener.reports.last?.fraction == 1)
    #expect(try measure() == report)
    let other = try measure { $1.seed = 2 }
    #expect(other.groups[0].ngrams != report.groups[0].ngrams)
    #expect(other.rates == report.rates && other.groups[1].duplicates == counts[1])
  }

  /// The Vendi score is that of the model's own states.
  @Test func statesAreTheReferences() throws {
    let report = try measure { $1.states = 1 << 20 }
    let count = try #require(report.sample.vendiChunks)
    #expect(count == 12)
    let model = try inputs.reference.load(
      precision: .f32, purpose: .scoring, compute: inputs.compute)
    let workspace = try Workspace(for: model, maximumTokens: 64, purpose: .scoring)
    let index = try Select(
      scores: inputs.scores, settings: SelectionSettings()
    ).run(Work()).selection
    let drawn = try DiversitySample(of: index, size: 12, seed: 1)
    let shards = try TokenShards(folder: inputs.shards)
    var vectors: [Float] = []
    for chunk in try #require(drawn.chunks[.kept]) {
      let tokens = try shards.tokens(of: chunk)
      vectors += try model.meanHidden(
        PackedBatch(
          tokens: tokens, targets: Array(repeating: -1, count: tokens.count),
          weights: Array(repeating: 0, count: tokens.count), sequenceOffsets: [0, tokens.count]),
        workspace: workspace)
    }
    let expected = try VendiScore(vectors, dimensions: 16)
    #expect(abs(try #require(report.groups[1].vendi).score - expected.score) < 1e-4)
  }

  @Test func plantedDamageIsReportedByKind() throws {
    // The same texts, every fifth marked: what the shards were packed from.
    let lines = try String(contentsOfFile: inputs.root + "/shards.jsonl", encoding: .utf8)
      .split(separator: "\n").enumerated().map { number, line in
        let kind = number % 5 == 0 ? "shuffled" : "none"
        return line.replacingOccurrences(
          of: "\"meta\": {", with: "\"meta\": {\"planted\": \"\(kind)\", ") + "\n"
      }
    let path = inputs.root + "/planted.jsonl"
    try AtomicFile.write(text: lines.joined(), to: path)
    let report = try measure {
      $0.planted = [path]
      $1.duplicates = nil
      $0.reference = nil
    }
    let rows = try #require(report.damage)
    #expect(rows.map(\.label) == ["shuffled", "undamaged"])
    #expect(rows[0].documents <= 8 && rows[0].documents > 4)
    let tokens = try TokenShards(folder: inputs.shards).tokenCount
    #expect(rows.reduce(0) { $0 + $1.tokens } == tokens)
    #expect(report.groups.allSatisfy { $0.vendi == nil && $0.duplicates == nil })
    try AtomicFile.write(text: lines.dropLast().joined(), to: path)
    #expect(throws: PipelineError.self) {
      try measure {
        $0.planted = [path]
        $1.duplicates = nil
      }
    }
  }

  @Test func otherScoresAreCompared() throws {
    let report = try measure {
      $0.others = [inputs.scores]
      $0.reference = nil
      $1.duplicates = nil
      $1.selection = SelectionSettings(rule: .ratio(0.3))
    }
    let agreement = try #require(report.agreements.first).agreement
    #expect(abs(try #require(agreement.pearson) - 1) < 1e-12)
    #expect(agreement.selections.map(\.ratio) == [0.25, 0.3, 0.5, 0.75])
    #expect(agreement.selections.allSatisfy { $0.samplingAccuracy == 1 && $0.keptShare == 1 })
  }

  @Test func whatCannotBeIsRefused() throws {
    try inputs.pack("elsewhere", documents: 30, start: 500)
    #expect(throws: PipelineError.self) {
      try measure { sources, _ in sources.shards = inputs.root + "/elsewhere" }
    }
    #expect(throws: CorpusQualityError.self) {
      try measure { $1.selection = SelectionSettings(rule: .ratio(0)) }
    }
    #expect(throws: PipelineError.self) { try measure { $1.compressionLevel = 40 } }
    #expect(throws: ModelError.self) {
      try measure {
        $1.chunksPerBatch = 1 << 20
        $1.chunkTokens = 1 << 14
        $1.duplicates = nil
      }
    }
    for reports in [2, 30] {
      #expect(throws: WorkStopped()) { try measure({ _, _ in }, Listener(stopAfter: reports).work) }
    }
  }

  @Test func withoutATokenizerIdsAreCompressed() throws {
    try inputs.save("bare", width: 16, seed: 2, withTokenizer: false)
    let listener = Listener()
    let report = try measure(
      { sources, _ in sources.reference = ModelFolder(inputs.root + "/bare") }, listener.work)
    #expect(report.groups.allSatisfy { $0.compression.unit == .tokens && $0.duplicates == nil })
    #expect(listener.notes.contains { $0.level == .warning && $0.text.contains("duplicates") })
  }
}
