import Corpus
import CorpusQuality
import DifferenceSampling
import Foundation
import LanguageModels
import Pipeline
import Store
import TensorKit
import Testing

@Suite struct DriversTests {
  let inputs: ScoredInputs

  init() throws {
    inputs = try ScoredInputs()
    try inputs.score()
  }

  private func drivers(_ work: Work = Work(), seed: UInt64 = 1) throws -> Drivers {
    try Drivers(
      QualityInputs(
        shards: inputs.shards, scores: inputs.scores, tokenizer: inputs.tokenizer),
      selection: SelectionSettings(rule: .ratio(0.5)), Drivers.Settings(seed: seed), work)
  }

  @Test func groupsAreOfAllAndOfEachSource() throws {
    let listener = Listener()
    let report = try drivers().run(listener.work)
    let shards = try TokenShards(folder: inputs.shards)
    #expect(report.groups.map(\.source) == ["all"] + shards.sources)
    #expect(report.chunks == shards.count && report.scoredChunks == 0)
    let all = report.groups[0]
    #expect(all.keptChunks == shards.count / 2)
    #expect(all.keptTokens + all.droppedTokens == shards.tokenCount)
    #expect(report.groups.dropFirst().reduce(0) { $0 + $1.keptTokens } == all.keptTokens)
    #expect(all.adds.isEmpty)
    #expect(try drivers().run(Work()) == report)
    #expect(!listener.reports.isEmpty)
  }

  /// What is scored token by token adds up to the scores of the chunks; once scored it is read.
  @Test func tokensAddUpToTheScores() throws {
    let drivers = try drivers()
    let scoring = drivers.scoring(cache: inputs.root + "/tokens.jsonl", maximumPositions: 1024)
    let chunks = drivers.chunksToScore(8)
    #expect(chunks.count >= 4)
    var loads = 0
    func scorers() throws -> (teacher: any ChunkScorer, reference: any ChunkScorer) {
      loads += 1
      let settings = ScoringSettings(endOfText: ScoredInputs.endOfText)
      return (
        try ModelScorer(
          folder: inputs.teacher.path, settings: settings, compute: inputs.compute),
        try ModelScorer(
          folder: inputs.reference.path, settings: settings, compute: inputs.compute)
      )
    }
    let scored = try scoring.run(chunks, Work(), scorers: scorers)
    #expect(scored.map(\.chunk) == chunks)
    let table = try ChunkScoresFile.read(inputs.scores + "/" + ChunkScoresFile.name).scores
    for chunk in scored {
      let values = chunk.differences.compactMap { $0 }
      let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
      let row = try #require(table.row(ofChunk: chunk.chunk))
      #expect(abs(mean - Double(table[row].difference)) < 1e-3)
    }
    #expect(try scoring.run(chunks, Work(), scorers: scorers) == scored)
    #expect(loads == 1)
    let report = try drivers.run(Work(), scored: scored)
    let all = report.groups[0]
    #expect(report.scoredChunks == scored.count)
    #expect(all.scoredTokens == scored.reduce(0) { $0 + $1.differences.compactMap { $0 }.count })
    #expect(all.adds.map(\.total) == all.adds.map(\.total).sorted(by: >))
    #expect(all.takes.allSatisfy { $0.total < 0 })
  }

  /// Lines of another scoring, and a torn last one, are passed over.
  @Test func linesOfAnotherScoringDoNotCount() throws {
    let path = inputs.root + "/tokens.jsonl"
    try AtomicFile.write(
      text: "{\"chunk\":0,\"differences\":[null,99,99]}\n{\"chunk\":1,\"diff", to: path)
    let scoring = try drivers().scoring(cache: path, maximumPositions: 1024)
    #expect(try scoring.known().isEmpty)
  }

  @Test func nothingDroppedIsNamed() throws {
    let all = try Drivers(
      QualityInputs(
        shards: inputs.shards, scores: inputs.scores, tokenizer: inputs.tokenizer),
      selection: SelectionSettings(rule: .ratio(1)), Drivers.Settings(), Work())
    #expect(throws: CorpusQualityError.self) { try all.run(Work()) }
    #expect(throws: PipelineError.self) {
      try Drivers(
        QualityInputs(shards: inputs.shards, scores: inputs.scores),
        selection: SelectionSettings(), Drivers.Settings(), Work())
    }
  }

  @Test func itStops() throws {
    let control = WorkControl()
    control.stop()
    let drivers = try drivers()
    #expect(throws: WorkStopped.self) { try drivers.run(Work(control: control)) }
  }
}
