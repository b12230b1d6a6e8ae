import Corpus
import Foundation
import LanguageModels
import Numerics
import Pipeline
import Store
import Testing
import Training

@Suite struct TrainTests {
  let inputs: ScoredInputs

  init() throws {
    inputs = try ScoredInputs()
    try inputs.pack("held-out", documents: 6, start: 500)
  }

  private var configuration: TrainingConfiguration {
    TrainingConfiguration(
      steps: 6, chunksPerMicroBatch: 2, chunksPerStep: 4, chunkTokens: 33,
      endOfSequenceToken: nil, learningRate: 1e-2, minimumLearningRate: 1e-3, warmupSteps: 2,
      order: .shuffled, evaluationInterval: 3, checkpointInterval: 2, logInterval: 1)
  }

  private func place(_ name: String) -> TrainingPlace {
    TrainingPlace(
      shards: inputs.shards, runFolder: "\(inputs.root)/runs/\(name)",
      output: "\(inputs.root)/models/\(name)")
  }

  private func verb(_ name: String) -> Train {
    Train(
      .folder(inputs.reference), on: place(name), configuration: configuration,
      heldOut: HeldOut(shards: inputs.root + "/held-out", limit: 3, choice: .spread),
      compute: inputs.compute)
  }

  private func file(_ model: String, _ name: String) -> Data? {
    FileManager.default.contents(atPath: "\(inputs.root)/models/\(model)/\(name)")
  }

  @Test func theModelIsSavedWithTokenizerAndRecord() throws {
    let listener = Listener()
    let result = try verb("plain").run(listener.work)
    #expect(result.steps == 6 && result.tokens > 0)
    #expect(result.loss != nil && result.heldOutLoss != nil)
    let model = ModelFolder(inputs.root + "/models/plain")
    #expect(model.missing().isEmpty)
    #expect(
      file("plain", "tokenizer.json") == (try inputs.files(inputs.tokenizer)["tokenizer.json"]))
    let record = try #require(try TrainingDataRecord.read(folder: model.path))
    #expect(record.shards == inputs.shards)
    #expect(record.identity == (try TokenShards(folder: inputs.shards).identity()))
    #expect(listener.notes.contains { $0.text.hasPrefix("training in f32, ") })
    #expect(listener.reports.last?.fraction == 1)
    #expect(listener.reports.contains { $0.unsaved == "1 steps since the last checkpoint" })
    // The tokenizer in the folder gives bits a byte to the run's evaluations, too.
    let evaluations = try MetricsLog.read(runFolder: place("plain").runFolder).compactMap {
      if case .evaluation(let record) = $0 { record } else { nil }
    }
    #expect(evaluations.count == 3)
    #expect(evaluations.allSatisfy { $0.losses.all.bitsPerByte != nil })
  }

  @Test func theCardSaysWhatAndHow() throws {
    _ = try verb("card").run(Work())
    let folder = inputs.root + "/models/card"
    let card = try String(contentsOfFile: folder + "/README.md", encoding: .utf8)
    let steps = try MetricsLog.read(runFolder: place("card").runFolder).compactMap {
      if case .step(let metrics) = $0 { metrics } else { nil }
    }
    let last = try #require(steps.last)
    for text in [
      "library_name: transformers", "# card", "Qwen2 with", "6 steps",
      try TokenShards(folder: inputs.shards).identity(), "AdamW", "f32, seed",
      Number.fixed(last.smoothedLoss, 4), "| prose |", "AutoModelForCausalLM",
    ] {
      #expect(card.contains(text), "\(text) is missing in \(card)")
    }
    // Nothing of the time or the place: the same run gives the same card.
    #expect(!card.contains(inputs.root))
    _ = try verb("again").run(Work())
    let again = try String(
      contentsOfFile: inputs.root + "/models/again/README.md", encoding: .utf8)
    #expect(again == card.replacingOccurrences(of: "card", with: "again"))
  }

  @Test func aRunThatIsStoppedGoesOnWithTheSameBits() throws {
    _ = try verb("whole").run(Work())
    var rounds = 0
    while true {
      rounds += 1
      do {
        _ = try verb("pieces").run(Listener(stopAfter: 9).work)
        break
      } catch is WorkStopped {
        #expect(!Folder.exists("\(inputs.root)/models/pieces"))
      }
      try #require(rounds < 50)
    }
    #expect(rounds > 1)
    #expect(file("whole", "model.safetensors") != nil)
    #expect(file("whole", "model.safetensors") == file("pieces", "model.safetensors"))
  }

  @Test func aPairOfStudentsComesOutAsEachWouldAlone() throws {
    try inputs.pack("other", documents: 30, start: 90)
    var other = place("b")
    other.shards = inputs.root + "/other"
    let pair = TrainPair(
      .folder(inputs.reference), a: place("a"), b: other, configuration: configuration,
      heldOut: HeldOut(shards: inputs.root + "/held-out", limit: 3, choice: .spread),
      compute: inputs.compute)
    let listener = Listener()
    let result = try pair.run(listener.work)
    #expect(result.steps == 6)
    #expect(result.comparison?.chunkMean.chunks == 3)
    #expect(
      try pair.memory().weightBytes == 2 * verb("x").memory().weightBytes)
    #expect(listener.notes.contains { $0.text.hasPrefix("training two students in f32, ") })
    _ = try verb("alone").run(Work())
    #expect(file("a", "model.safetensors") == file("alone", "model.safetensors"))
    #expect(file("b", "model.safetensors") != file("a", "model.safetensors"))
    #expect(
      try TrainingDataRecord.read(folder: inputs.root + "/models/b")?.shards == other.shards)
  }

  @Test func freshWeightsFollowTheirSeed() throws {
    func train(_ name: String, seed: UInt64) throws -> Data? {
      _ = try Train(
        .fresh(try inputs.reference.configuration(), RandomSource(seed: seed)), on: place(name),
        configuration: configuration, tokenizerFolder: inputs.tokenizer, compute: inputs.compute
      ).run(Work())
      return file(name, "model.safetensors")
    }
    let first = try train("first", seed: 2)
    #expect(first != nil)
    // The reference was made with this seed; fresh and read weights are one start.
    #expect(first == (try train("again", seed: 2)))
    #expect(first != (try train("other", seed: 3)))
    _ = try verb("read").run(Work())
    #expect(first == file("read", "model.safetensors"))
  }

  @Test func tooFewChunksAreRefusedBeforeAModelIsMade() throws {
    try inputs.pack("few", documents: 1)
    var place = place("few")
    place.shards = inputs.root + "/few"
    var large = configuration
    large.chunksPerStep = 64
    let verb = Train(
      .folder(inputs.reference), on: place, configuration: large, compute: inputs.compute)
    #expect(throws: TrainingError.self) { try verb.run(Work()) }
    #expect(!Folder.exists(place.runFolder))
  }
}
