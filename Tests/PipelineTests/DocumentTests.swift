import Corpus
import Foundation
import LanguageModels
import Pipeline
import Store
import TensorKit
import Testing

/// Documents of a packed corpus, and models with fresh weights.
@Suite struct DocumentTests {
  private let inputs: TextInputs

  init() throws { inputs = try TextInputs() }

  @Test func aTextComesFromItsFileOrFromItsTokens() throws {
    let file = try inputs.documents()
    try inputs.pack([file], inputs.tokenizer())
    func find(_ settings: FindDocument.Settings, _ watcher: Watcher = Watcher()) throws
      -> FindDocument.Result
    {
      try FindDocument(in: inputs.path("shards"), settings).run(7, watcher.work)
    }
    let fromFile = try find(.init())
    #expect(fromFile.record.id == 7 && fromFile.record.file == file)
    #expect(fromFile.text?.hasPrefix("7 ") == true && fromFile.textFrom == "the file")
    #expect(!fromFile.places.isEmpty)
    // The file is another one now.
    _ = try inputs.documents(start: 500)
    #expect(throws: CorpusError.self) { try find(.init()) }
    let watcher = Watcher()
    let fromTokens = try find(.init(tokenizer: inputs.path("tokenizer")), watcher)
    #expect(watcher.warnings.count == 1)
    #expect(fromTokens.textFrom?.contains("tokens of its chunks") == true)
    #expect(fromTokens.text.map { fromFile.text?.hasPrefix($0.prefix(40)) == true } == true)
  }

  @Test func shardsWithoutATableAreNamed() throws {
    try inputs.pack([inputs.documents()], inputs.tokenizer())
    for name in try Folder.list(inputs.path("shards")) where name.hasPrefix("documents") {
      try Folder.remove(inputs.path("shards/\(name)"))
    }
    #expect(throws: PipelineError.noDocuments(folder: inputs.path("shards"))) {
      try FindDocument(in: inputs.path("shards"), .init()).run(0, Work())
    }
  }

  @Test func aNewModelIsAsItsConfigurationAndItsSeed() throws {
    let configuration = try inputs.configuration()
    _ = try inputs.tokenizer()
    let compute = try Ops(kernels: .best, pool: ParallelPool(threads: 2))
    func make(_ name: String, _ seed: UInt64, _ work: Work = Work()) throws -> ModelConfiguration {
      try NewModel(
        .file(configuration), tokenizerFolder: inputs.path("tokenizer"),
        into: inputs.path(name), .init(seed: seed), compute: compute
      ).run(work)
    }
    let made = try make("a", 1)
    let expected = try ModelConfiguration(file: configuration)
    #expect(made.parameterCount == expected.parameterCount)
    #expect(ModelFolder(inputs.path("a")).missing().isEmpty)
    _ = try make("b", 1)
    _ = try make("c", 2)
    let weights = try ["a", "b", "c"].map { try inputs.files($0)["model.safetensors"] }
    #expect(weights[0] != nil && weights[0] == weights[1] && weights[0] != weights[2])
    #expect(throws: StoreError.self) { try make("a", 1) }
    let watcher = Watcher()
    watcher.control.stop()
    #expect(throws: WorkStopped()) { try make("d", 1, watcher.work) }
    #expect(!Folder.exists(inputs.path("d")))
  }
}
