import Corpus
import DifferenceSampling
import Engine
import Foundation
import LanguageModels
import Numerics
import Pipeline
import Store
import TensorKit
import Testing
import Training

/// What a stage of a project writes, the verb that a subcommand calls writes too, byte by byte.
@Suite(.serialized) struct DoorTests {
  @Test func stagesAndVerbsGiveEqualBytes() async throws {
    let project = try TinyProject()
    try await project.run()
    let (folder, other) = (project.folder, project.root + "/verbs")
    let compute = try Ops(kernels: .best, pool: ParallelPool(threads: 2))
    let teacher = ModelFolder(folder + "/models/teacher")
    let reference = ModelFolder(folder + "/models/reference")
    let digests = FileDigests(file: nil)

    let scored = try Score(
      ScoringInputs(
        shards: folder + "/shards/scored", teacher: teacher, reference: reference,
        digests: digests, compute: compute),
      settings: Score.Settings(
        seed: project.settings.seed, blockSize: project.settings.scoringBlock,
        maximumPositions: project.settings.chunkTokens - 1),
      output: other + "/scores"
    ).run(Work())
    // The reserve is not named here: the reference's folder records it, as the stage knows it.
    #expect(scored.path == other + "/scores/scores.safetensors")
    #expect(project.data("scores/scores.safetensors") == data(scored.path))

    let inputs = try Commit.Inputs(
      Commit.Sources(
        shards: folder + "/shards/scored", scores: other + "/scores", teacher: teacher,
        reference: reference, tokenizer: folder + "/tokenizer"), digests: digests)
    let commit = Commit(
      inputs,
      settings: Commit.Settings(
        name: "tiny", writesSample: true, sampleSeed: project.settings.seed,
        program: Program.nameAndVersion),
      places: Commit.Places(commits: other + "/commits"))
    // What the screen wrote, both files of it.
    let selection = try SelectionFile.read(folder + "/commits/0001-r0.50/selection.json")
    #expect(try SelectionFile.read(folder + "/recipe.jsonl") == selection)
    let written = try commit.run(inputs.index().select(selection), Work())
    try expectEqual(folder + "/commits/0001-r0.50", written.refined.folder)
    try expectEqual(
      folder + "/samples/0001-r0.50/0001-uniform", try #require(written.sample).folder)

    let report = try #require(project.data("report/0001-r0.50/report.json"))
    let models = try JSONDecoder().decode(ReportedModels.self, from: report).models
    let heldOut = HeldOut(shards: folder + "/shards/held-out")
    let settings = Evaluate.Settings(
      chunkTokens: project.settings.chunkTokens, chunksPerBatch: 16)
    for (place, model) in [teacher, reference].enumerated() {
      let summary = try Evaluate(model, on: heldOut, settings: settings, compute: compute)
        .run(Work()).summary()
      #expect(summary.all.chunkMean == models[place].heldOutLoss)
      #expect(summary.all.bitsPerByte == models[place].bitsPerByte)
      #expect(models[place].bitsPerByte != nil)
    }
  }

  @Test func everyTrainedModelRecordsItsData() async throws {
    let project = try TinyProject()
    try await project.run()
    for (model, shards) in [
      ("teacher", "shards/reserve"), ("reference", "shards/reserve"),
      ("0001-r0.50-A-uniform", "samples/0001-r0.50/0001-uniform"),
      ("0001-r0.50-B-refined", "commits/0001-r0.50"),
    ] {
      let record = try #require(
        try TrainingDataRecord.read(folder: project.folder + "/models/" + model))
      #expect(record.shards == project.folder + "/" + shards)
      #expect(
        record.identity == (try TokenShards(folder: project.folder + "/" + shards).identity()))
    }
  }

  private struct ReportedModels: Decodable {
    struct Model: Decodable {
      var heldOutLoss: Double?
      var bitsPerByte: Double?
    }
    var models: [Model]
  }

  private func data(_ path: String) -> Data? { FileManager.default.contents(atPath: path) }

  /// All files but those that name the time, or the folder's version.
  private func expectEqual(_ first: String, _ second: String) throws {
    #expect(try Folder.list(first) == Folder.list(second))
    for name in try Folder.list(first) where name != "manifest.json" && name != "README.md" {
      #expect(data("\(first)/\(name)") == data("\(second)/\(name)"), "\(name) differs")
    }
    var manifests = (
      try CommitManifest.read(folder: first), try CommitManifest.read(folder: second)
    )
    for path in [\CommitManifest.createdAt, \.version] {
      manifests.0[keyPath: path] = ""
      manifests.1[keyPath: path] = ""
    }
    // The card states the time.
    manifests.0.outputs.removeAll { $0.name == "README.md" }
    manifests.1.outputs.removeAll { $0.name == "README.md" }
    #expect(manifests.0 == manifests.1)
  }
}
