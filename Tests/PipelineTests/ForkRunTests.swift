import Corpus
import Foundation
import LanguageModels
import Pipeline
import Store
import Testing
import Training

/// From a step of a run to its batch, and to a run without some of its chunks.
@Suite struct ForkRunTests {
  let inputs: ScoredInputs

  init() throws {
    inputs = try ScoredInputs()
    _ = try train("parent").run(Work())
  }

  private func run(_ name: String) -> String { "\(inputs.root)/runs/\(name)" }
  private func model(_ name: String) -> String { "\(inputs.root)/models/\(name)" }

  private func train(_ name: String, output: String? = nil) -> Train {
    Train(
      .folder(inputs.reference),
      on: TrainingPlace(
        shards: inputs.shards, runFolder: run(name), output: model(output ?? name)),
      configuration: TrainingConfiguration(
        steps: 6, chunksPerMicroBatch: 2, chunksPerStep: 4, chunkTokens: 33,
        endOfSequenceToken: nil, learningRate: 1e-2, minimumLearningRate: 1e-3, warmupSteps: 2,
        order: .shuffled, checkpointInterval: 2, logInterval: 1),
      compute: inputs.compute)
  }

  @Test func theBatchOfAStepLeadsToDocuments() throws {
    let batch = try StepBatch(of: run("parent"), step: 4).look()
    let corpus = try TokenShards(folder: inputs.shards)
    let recorded = try RecordedRun(runFolder: run("parent"))
    #expect(batch.chunks.map(\.chunk) == recorded.plan.chunks(ofStep: 3))
    #expect(batch.metrics?.step == 4)
    #expect(!batch.leftOut)
    for chunk in batch.chunks {
      #expect(chunk.tokens == corpus.length(of: chunk.chunk))
      #expect(chunk.source == corpus.sources[corpus.source(of: chunk.chunk)])
      #expect(!chunk.documents.isEmpty)
      #expect(chunk.documents.reduce(0) { $0 + $1.tokens } == chunk.tokens)
      for document in chunk.documents {
        let record = try #require(document.record)
        #expect(record.id == document.document)
        #expect(record.file.hasSuffix("shards.jsonl"))
      }
      #expect(chunk.loss == nil)
    }
  }

  /// The mean of the chunks' losses by the checkpoint before is the loss that was logged.
  @Test func theLossesAreThoseOfTheStep() throws {
    let listener = Listener()
    // Behind step 4 stands a checkpoint: the batch of step 5 met its weights.
    let batch = try StepBatch(of: run("parent"), step: 5)
      .run(compute: inputs.compute, listener.work)
    #expect(batch.checkpointStep == 4)
    let losses = batch.chunks.compactMap(\.loss)
    #expect(losses.count == 4)
    #expect(losses == losses.sorted(by: >))
    let mean = losses.reduce(0, +) / 4
    #expect(abs(mean - (try #require(batch.metrics?.loss))) < 1e-4)
    #expect(listener.reports.last?.fraction == 1)
  }

  @Test func whatIsNoBatchIsSaid() throws {
    for step in [0, 7] {
      #expect(throws: PipelineError.self) { try StepBatch(of: run("parent"), step: step).look() }
    }
    #expect(throws: TrainingError.noRun(path: run("none"))) {
      try StepBatch(of: run("none"), step: 1).look()
    }
    try inputs.pack("other", documents: 30, start: 90)
    #expect(throws: PipelineError.self) {
      try StepBatch(of: run("parent"), step: 1, shards: "\(inputs.root)/other").look()
    }
  }

  @Test func aForkIsTrainedAndSaysWhereItComesFrom() throws {
    let chunk = try StepBatch(of: run("parent"), step: 6).look().chunks[1].chunk
    let made = try ForkRun(of: run("parent"), step: 6, dropping: [chunk], to: run("fork"))
      .run(Work())
    #expect(made.checkpointStep == 4)
    #expect(made.droppedChunks == [chunk])
    let listener = Listener()
    _ = try train("fork").run(listener.work)
    #expect(listener.notes.contains { $0.text.contains("branches off") })
    let record = try #require(try TrainingDataRecord.read(folder: model("fork")))
    #expect(record.fork?.step == 6)
    #expect(record.fork?.checkpointStep == 4)
    #expect(record.fork?.droppedChunks == [chunk])
    #expect(try TrainingDataRecord.read(folder: model("parent"))?.fork == nil)
    let card = try String(contentsOfFile: model("fork") + "/README.md", encoding: .utf8)
    #expect(card.contains("a fork of the run parent behind its step 4, without one chunk"))
    let batch = try StepBatch(of: run("fork"), step: 6).look()
    #expect(batch.chunks.count == 3)
    #expect(!batch.chunks.map(\.chunk).contains(chunk))
    func weights(_ folder: String) -> Data? {
      FileManager.default.contents(atPath: "\(folder)/model.safetensors")
    }
    #expect(weights(model("fork")) != nil)
    #expect(weights(model("fork")) != weights(model("parent")))
    // Stopped and gone on with, it is the same.
    _ = try ForkRun(of: run("parent"), step: 6, dropping: [chunk], to: run("again")).run(Work())
    #expect(throws: WorkStopped.self) { try train("again").run(Listener(stopAfter: 2).work) }
    _ = try train("again").run(Work())
    #expect(weights(model("again")) == weights(model("fork")))
  }

  @Test func wholeDocumentsGo() throws {
    let corpus = try TokenShards(folder: inputs.shards)
    let split = try #require(
      (0..<corpus.count).first { chunk in
        corpus.documents(of: chunk).contains {
          corpus.places(ofDocument: $0.document).count > 1
        }
      })
    let made = try ForkRun(
      of: run("parent"), step: 3, dropping: [split], wholeDocuments: true, to: run("whole")
    ).run(Work())
    #expect(made.droppedDocuments == corpus.documents(of: split).map(\.document).sorted())
    #expect(made.droppedChunks.count > 1)
    for chunk in 0..<corpus.count where !made.droppedChunks.contains(chunk) {
      #expect(
        corpus.documents(of: chunk).allSatisfy { !made.droppedDocuments.contains($0.document) })
    }
  }

  @Test func aFolderThatIsTakenIsRefused() throws {
    #expect(throws: StoreError.self) {
      try ForkRun(of: run("parent"), step: 3, dropping: [1], to: run("parent")).run(Work())
    }
    #expect(throws: PipelineError.self) {
      try ForkRun(of: run("parent"), step: 3, dropping: [], to: run("none")).run(Work())
    }
    #expect(!Folder.exists(run("none")))
  }
}
