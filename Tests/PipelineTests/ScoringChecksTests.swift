import Corpus
import DifferenceSampling
import Foundation
import LanguageModels
import Pipeline
import Store
import TensorKit
import Testing
import Tokenizers
import Training

/// Every check before a scoring: failing, gating, waived.
@Suite struct ScoringChecksTests {
  let inputs: ScoredInputs

  init() throws { inputs = try ScoredInputs() }

  private func report(
    _ scoring: ScoringInputs? = nil, settings: Score.Settings = ScoredInputs.scoringSettings,
    reserve: String? = nil, waivers: [CheckWaiver] = []
  ) throws -> CheckReport {
    try ScoringChecks(
      scoring ?? inputs.scoring, settings: settings, reserve: reserve, waivers: waivers
    ).run(Work())
  }

  private func row(_ check: ScoringCheck, of report: CheckReport) throws -> CheckRow {
    try #require(report.rows.first { $0.check == check })
  }

  /// The check fails, keeps a scoring from beginning, and lets it pass where it is waived; the table
  /// then names it.
  private func expectGate(
    _ check: ScoringCheck, says words: String, _ scoring: ScoringInputs,
    settings: Score.Settings = ScoredInputs.scoringSettings, reserve: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let found = try report(scoring, settings: settings, reserve: reserve)
    #expect(found.gates.map(\.check) == [check], "\(found.rows)", sourceLocation: sourceLocation)
    let row = try row(check, of: found)
    #expect(row.text.contains(words), "\(row.text)", sourceLocation: sourceLocation)
    #expect(row.advice != nil, sourceLocation: sourceLocation)
    func score(_ waivers: [CheckWaiver]) throws -> Score.Result {
      try Score(
        scoring, settings: settings, output: inputs.root + "/gated", reserve: reserve,
        waivers: waivers
      ).run(Work())
    }
    let error = #expect(throws: PipelineError.self, sourceLocation: sourceLocation) {
      _ = try score([])
    }
    #expect(
      error?.hint.contains("--waive \(check.rawValue)") == true, "\(error?.hint ?? "")",
      sourceLocation: sourceLocation)
    #expect(!Folder.exists(inputs.root + "/gated/scores"), sourceLocation: sourceLocation)
    // Another waiver is no help.
    let other: ScoringCheck = check == .speed ? .length : .speed
    #expect(throws: PipelineError.self, sourceLocation: sourceLocation) {
      _ = try score([CheckWaiver(other)])
    }
    let waived = try score([CheckWaiver(check, reason: "a rehearsal")])
    let record = ScoringRecord(metadata: try ChunkScoresFile.read(waived.path).metadata)
    #expect(record.waived == "\(check.rawValue) (a rehearsal)", sourceLocation: sourceLocation)
  }

  @Test func whatIsWellPassesAndIsMeasured() throws {
    var scoring = inputs.scoring
    scoring.tokenizer = inputs.tokenizer
    let report = try report(scoring)
    #expect(
      report.rows.map(\.check) == [
        .tokenizer, .vocabulary, .length, .reserve, .memory, .finite, .teacher, .speed,
      ])
    for check in [ScoringCheck.tokenizer, .vocabulary, .length, .memory, .finite, .speed] {
      #expect(try row(check, of: report).state == .ok, "\(check)")
    }
    // Nothing says what the reference was trained on, and fresh models know nothing.
    #expect(try row(.reserve, of: report).state == .unknown)
    let teacher = try row(.teacher, of: report)
    #expect(teacher.state == .warning && teacher.text.contains("learnt anything"))
    #expect(report.gates.isEmpty && report.waived == nil)
    #expect((report.secondsForAll ?? 0) > 0)
    #expect(report.probeChunks == min(48, try TokenShards(folder: inputs.shards).count))
  }

  @Test func anotherTokenizerGates() throws {
    // The same size, and other tokens.
    let other = inputs.root + "/other"
    let words = WordCounter(preTokenization: .gpt2)
    try BytePairTrainer(.init(vocabularySize: ScoredInputs.vocabularySize))
      .train(on: words) { _ in true }.write(toFolder: other)
    let file = other + "/tokenizer.json"
    let text = try String(contentsOfFile: file, encoding: .utf8)
      .replacingOccurrences(of: "\"r\"", with: "\"@@\"")
      .replacingOccurrences(of: "\"s\"", with: "\"r\"")
      .replacingOccurrences(of: "\"@@\"", with: "\"s\"")
    try AtomicFile.write(text: text, to: file)
    try Folder.remove(inputs.reference.path + "/tokenizer.json")
    try FileManager.default.copyItem(
      atPath: file, toPath: inputs.reference.path + "/tokenizer.json")
    try expectGate(.tokenizer, says: "another tokenizer", inputs.scoring)
  }

  @Test func aModelWithoutATokenizerIsNotKnownToHaveIt() throws {
    try inputs.save("reference", width: 16, seed: 2, withTokenizer: false)
    try? Folder.remove(inputs.reference.path + "/tokenizer.json")
    let row = try row(.tokenizer, of: report())
    #expect(row.state == .unknown && row.text.contains("the reference brings no tokenizer"))
  }

  @Test func idsThatAModelLacksGate() throws {
    let path = inputs.shards + "/" + CorpusManifest.fileName
    var manifest = try JSONFile.read(CorpusManifest.self, from: path)
    manifest.vocabularySize = 300
    try JSONFile.write(manifest, to: path)
    try expectGate(.vocabulary, says: "packed with 300 ids", inputs.scoring)
  }

  @Test func chunksBeyondTheModelsPositionsAreSaid() throws {
    let file = inputs.teacher.configurationFile
    var fields = try #require(
      try JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(fileURLWithPath: file))) as? [String: Any])
    fields["max_position_embeddings"] = 4
    try JSONSerialization.data(withJSONObject: fields).write(to: URL(fileURLWithPath: file))
    let row = try row(.length, of: report())
    #expect(row.state == .warning && row.text.contains("was made for 4 positions"))
  }

  @Test func theReserveAmongWhatIsScoredGates() throws {
    try expectGate(.reserve, says: "set aside", inputs.scoring, reserve: inputs.shards)
  }

  @Test func memoryGates() throws {
    var scoring = inputs.scoring
    scoring.memoryLimit = 1 << 16
    try expectGate(.memory, says: "are available", scoring)
  }

  @Test func numbersThatAreNoneGate() throws {
    // Finite weights, whose products are not.
    try scaleTeacher(by: 1e18)
    try expectGate(.finite, says: "are no numbers", inputs.scoring)
  }

  /// Multiplies every weight.
  private func scaleTeacher(by factor: Float) throws {
    let file = inputs.teacher.path + "/model.safetensors"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    let header = 8 + bytes.prefix(8).enumerated().reduce(0) { $0 + Int($1.1) << (8 * $1.0) }
    bytes.withUnsafeMutableBytes { raw in
      for offset in stride(from: header, to: raw.count, by: 4) {
        let value = raw.loadUnaligned(fromByteOffset: offset, as: Float.self)
        raw.storeBytes(of: value * factor, toByteOffset: offset, as: Float.self)
      }
    }
    try bytes.write(to: URL(fileURLWithPath: file))
  }

  @Test func aTeacherThatIsWorseGates() throws {
    // A model that has learnt the text is no reference of one that has not.
    let learnt = inputs.root + "/learnt"
    try inputs.pack("text", documents: 60, start: 3000)
    _ = try Train(
      .folder(inputs.reference),
      on: TrainingPlace(
        shards: inputs.root + "/text", runFolder: inputs.root + "/run", output: learnt),
      configuration: TrainingConfiguration(
        steps: 60, chunksPerMicroBatch: 4, chunksPerStep: 4, chunkTokens: 33,
        endOfSequenceToken: nil, learningRate: 1e-2, minimumLearningRate: 1e-3, warmupSteps: 2,
        order: .shuffled, evaluationInterval: nil, checkpointInterval: 60, logInterval: 20),
      heldOut: nil, compute: inputs.compute
    ).run(Work())
    // Texts of so few words have some chunks in common.
    try Folder.remove("\(learnt)/\(TrainingDataRecord.fileName)")
    var scoring = inputs.scoring
    scoring.reference = ModelFolder(learnt)
    try expectGate(.teacher, says: "the teacher is worse", scoring)
    // The other way round all is well.
    (scoring.teacher, scoring.reference) = (ModelFolder(learnt), inputs.reference)
    let better = try row(.teacher, of: report(scoring))
    #expect(better.state == .ok && better.text.contains("the teacher is better"))
  }

  /// The reference after some steps, that few that it still holds all tokens about equally likely.
  private func barelyTrained(_ name: String, steps: Int) throws -> ModelFolder {
    try inputs.pack("text-\(name)", documents: 60, start: 3000)
    let folder = "\(inputs.root)/\(name)"
    _ = try Train(
      .folder(inputs.reference),
      on: TrainingPlace(
        shards: "\(inputs.root)/text-\(name)", runFolder: folder + "-run", output: folder),
      configuration: TrainingConfiguration(
        steps: steps, chunksPerMicroBatch: 4, chunksPerStep: 4, chunkTokens: 33,
        endOfSequenceToken: nil, learningRate: 1e-3, minimumLearningRate: 1e-3, warmupSteps: 1,
        order: .shuffled, evaluationInterval: nil, checkpointInterval: steps, logInterval: steps),
      heldOut: nil, compute: inputs.compute
    ).run(Work())
    try Folder.remove("\(folder)/\(TrainingDataRecord.fileName)")
    return ModelFolder(folder)
  }

  @Test func aNearlyUniformTeacherThatIsWorseGates() throws {
    // Both as they were made: a rehearsal, whichever is better.
    #expect(try inputs.teacher.examine().isAsMade() && inputs.reference.examine().isAsMade())
    var scoring = inputs.scoring
    scoring.reference = try barelyTrained("barely", steps: 12)
    #expect(try !scoring.reference.examine().isAsMade())
    try expectGate(.teacher, says: "the teacher is worse", scoring)
    let found = try row(.teacher, of: report(scoring))
    // Nearly uniform indeed: the loss is above 0.9 of that of a guess.
    let loss = try #require(
      found.text.split(separator: "reference ").last?.split(separator: " ").first
        .flatMap { Double($0) })
    #expect(loss > 0.9 * log(Double(ScoredInputs.vocabularySize)), "\(found.text)")
  }

  @Test func aModelWorseThanGuessingGates() throws {
    // Large weights make sure guesses of a model that knows nothing.
    try scaleTeacher(by: 30)
    try expectGate(.teacher, says: "worse than guessing", inputs.scoring)
  }

  @Test func passedChecksAreNotMadeAgainAndTheBytesStay() throws {
    func verb(_ folder: String, _ waivers: [CheckWaiver]) -> Score {
      Score(
        inputs.scoring, settings: ScoredInputs.scoringSettings,
        output: "\(inputs.root)/\(folder)", reserve: inputs.shards, waivers: waivers)
    }
    let whole = try verb("whole", [CheckWaiver(.reserve)]).run(Work())
    let first = Listener(stopAfter: 4, reports: "chunks, ")
    #expect(throws: WorkStopped()) {
      try verb("pieces", [CheckWaiver(.reserve)]).run(first.work)
    }
    #expect(first.reports.contains { $0.detail.hasPrefix("checks: ") })
    // What was waived when the scoring began stays waived.
    let second = Listener()
    let resumed = try verb("pieces", []).run(second.work)
    #expect(!second.reports.contains { $0.detail.hasPrefix("checks: ") })
    #expect(second.notes.contains { $0.text.hasPrefix("the checks were made") })
    #expect(
      try inputs.files(inputs.root + "/whole")["scores.safetensors"]
        == inputs.files(inputs.root + "/pieces")["scores.safetensors"])
    #expect(whole.scores == resumed.scores)
    // A finished table needs none.
    try Folder.remove(inputs.root + "/pieces/" + CheckReport.fileName)
    let third = Listener()
    _ = try verb("pieces", []).run(third.work)
    #expect(!third.reports.contains { $0.detail.hasPrefix("checks: ") })
  }
}
