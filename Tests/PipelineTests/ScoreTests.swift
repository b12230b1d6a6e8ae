import Corpus
import DifferenceSampling
import Foundation
import LanguageModels
import Pipeline
import Store
import TensorKit
import Testing

@Suite struct ScoreTests {
  let inputs: ScoredInputs

  init() throws { inputs = try ScoredInputs() }

  private func verb(
    _ folder: String, tokensPerBatch: Int? = nil, reserve: String? = nil,
    waivers: [CheckWaiver] = []
  ) -> Score {
    var settings = ScoredInputs.scoringSettings
    settings.tokensPerBatch = tokensPerBatch
    return Score(
      inputs.scoring, settings: settings, output: "\(inputs.root)/\(folder)", reserve: reserve,
      waivers: waivers)
  }

  @Test func everyChunkIsScoredAndTheTableSaysHow() throws {
    let listener = Listener()
    let result = try verb("scores").run(listener.work)
    let shards = try TokenShards(folder: inputs.shards)
    #expect(result.scores.count == shards.count)
    #expect(result.differences.count + result.differences.nonFinite == shards.count)
    let (table, metadata) = try ChunkScoresFile.read(result.path)
    #expect(table == result.scores)
    let record = ScoringRecord(metadata: metadata)
    #expect(record.seed == 77)
    #expect(record.precision == .f32)
    #expect(record.sourceNames == shards.sources)
    let identities = Identities(FileDigests(file: nil))
    #expect(record.teacher == (try identities.model(inputs.teacher)))
    #expect(record.corpus == (try identities.shards(shards, at: inputs.shards)))
    #expect(listener.notes.contains { $0.text.hasPrefix("scoring in f32, ") })
    #expect(listener.reports.last?.fraction == 1)
  }

  @Test func aStopLosesNoBlockAndTheRestGivesTheSameBytes() throws {
    let whole = try verb("whole", tokensPerBatch: 64).run(Work())
    var rounds = 0
    while true {
      rounds += 1
      let listener = Listener(stopAfter: 40, reports: "chunks")
      do {
        // Only the first run names a batch size; the others take the recorded one.
        _ = try verb("pieces", tokensPerBatch: rounds == 1 ? 64 : nil).run(listener.work)
        break
      } catch is WorkStopped {
        #expect(!Folder.exists("\(inputs.root)/pieces/scores.safetensors"))
      }
      try #require(rounds < 50)
    }
    #expect(rounds > 2)
    let files = (
      try inputs.files("\(inputs.root)/whole"), try inputs.files("\(inputs.root)/pieces")
    )
    #expect(files.0["scores.safetensors"] == files.1["scores.safetensors"])
    #expect(whole.scores.count > 0)
  }

  @Test func chunksOfTheReserveAreNotedAndMarked() throws {
    let listener = Listener()
    let marked = try verb(
      "marked", reserve: inputs.shards, waivers: [CheckWaiver(.reserve)]
    ).run(listener.work)
    #expect(
      listener.notes.contains { $0.level == .warning && $0.text.contains("were set aside") })
    let inReserve: [UInt8] = try SafetensorsFile(path: marked.path).values(of: "in_reserve")
    #expect(inReserve.allSatisfy { $0 == 1 })

    // Reading a reserve can be stopped like everything else.
    #expect(throws: WorkStopped()) {
      try verb("stopped", reserve: inputs.shards).run(Listener(stopAfter: 1).work)
    }
    #expect(!Folder.exists(inputs.root + "/stopped"))

    // What the reference's folder records is found without being named.
    try inputs.pack("other", documents: 5, start: 1000)
    try TrainingDataRecord(
      shards: TokenShards(folder: inputs.root + "/other"), path: inputs.root + "/other"
    ).write(folder: inputs.reference.path)
    let clean = Listener()
    _ = try verb("clean").run(clean.work)
    #expect(clean.notes.contains { $0.text.contains("no chunk was in the training data") })
  }

  @Test func theShardsKnowTheirEndOfTextBetterThanTheTeacher() throws {
    let path = inputs.shards + "/" + CorpusManifest.fileName
    var manifest = try JSONFile.read(CorpusManifest.self, from: path)
    manifest.endOfText = 5
    try JSONFile.write(manifest, to: path)
    let listener = Listener()
    let result = try verb("scores").run(listener.work)
    #expect(try ChunkScoresFile.read(result.path).metadata["end_of_text"] == "5")
    #expect(listener.notes.contains { $0.level == .warning && $0.text.contains("end-of-text") })
  }

  @Test(arguments: [0, Int.max]) func positionsThatCannotBeAreRefused(positions: Int) throws {
    var settings = ScoredInputs.scoringSettings
    settings.maximumPositions = positions
    let verb = Score(inputs.scoring, settings: settings, output: inputs.root + "/scores")
    let error = #expect(throws: PipelineError.self) { try verb.run(Work()) }
    #expect(error?.message.contains("positions") == true)
  }

  @Test func aDamagedPartIsNotedAndMadeAgain() throws {
    let whole = try verb("whole").run(Work())
    let stopped = Listener(stopAfter: 4, reports: "chunks")
    #expect(throws: WorkStopped()) { try verb("damaged").run(stopped.work) }
    let folder = inputs.root + "/damaged/scores"
    let part = try #require(Folder.list(folder).first)
    var bytes = try #require(inputs.files(folder)[part])
    bytes[bytes.count - 1] ^= 1
    try AtomicFile.write(bytes, to: "\(folder)/\(part)")
    let listener = Listener()
    let repaired = try verb("damaged").run(listener.work)
    #expect(listener.notes.contains { $0.level == .warning && $0.text.contains("is damaged") })
    #expect(repaired.scores == whole.scores)
  }
}
