import Corpus
import Foundation
import Pipeline
import Store
import Testing
import Tokenizers

@Suite struct PackTests {
  private let inputs: TextInputs
  private let tokenizer: Tokenizer

  init() throws {
    inputs = try TextInputs()
    tokenizer = try inputs.tokenizer()
  }

  private func pack(
    _ input: Pack.Input, into name: String, replacing: Bool = false, _ watcher: Watcher = Watcher()
  ) throws -> CorpusManifest {
    try Pack(
      input, tokenizer: TokenizerEncoding(tokenizer), into: inputs.path(name),
      Pack.Settings(
        corpus: TextInputs.settings, pipeline: PipelineOptions(threads: 2),
        replacesOthers: replacing)
    ).run(watcher.work)
  }

  @Test func textBecomesShardsAndRejectsAreNoted() throws {
    let file = try inputs.documents()
    try inputs.spoil(file)
    let watcher = Watcher()
    let manifest = try pack(.text([file]), into: "deep/below/shards", watcher)
    #expect(manifest.documents == 60)
    #expect(manifest.sources.map(\.name) == ["prose", "code"])
    let shards = try TokenShards(folder: inputs.path("deep/below/shards"))
    #expect(shards.count == manifest.chunks && shards.tokenCount == manifest.tokens)
    #expect(
      watcher.warnings == [
        "1 document could not be used (1: the JSON is broken, first in line 61 of \(file): "
          + "{\"text\": ); see \(inputs.path("deep/below/shards"))/rejects.jsonl"
      ])
    #expect(watcher.progress.last?.fraction == 1)
  }

  @Test func aStoppedPackGoesOnWithTheSameBytes() throws {
    let file = try inputs.documents()
    _ = try pack(.text([file]), into: "whole")
    #expect(throws: WorkStopped()) {
      try pack(.text([file]), into: "cut", Watcher { _ in true })
    }
    #expect(!Folder.exists(inputs.path("cut")))
    _ = try pack(.text([file]), into: "cut")
    #expect(try inputs.files("cut") == inputs.files("whole"))
    #expect(!Folder.exists(inputs.path("cut.building")))
  }

  @Test func aPauseHoldsEveryThreadAndChangesNoByte() throws {
    let file = try inputs.documents(count: 400)
    _ = try pack(.text([file]), into: "whole")
    let watcher = Watcher()
    watcher.control.pause()
    let control = watcher.control
    let before = ContinuousClock.now
    let thread = Thread {
      usleep(200_000)
      control.resume()
    }
    thread.start()
    _ = try pack(.text([file]), into: "paused", watcher)
    #expect(before.duration(to: .now) >= .milliseconds(200))
    #expect(try inputs.files("paused") == inputs.files("whole"))
  }

  @Test func theVerbAddsNothingToTheBuilder() throws {
    let file = try inputs.documents()
    _ = try pack(.text([file]), into: "verb")
    try inputs.pack([file], tokenizer, into: "builder")
    #expect(try inputs.files("verb") == inputs.files("builder"))
  }

  @Test func anotherCorpusMakesRoomOnlyWhenTold() throws {
    let (first, second) = (try inputs.documents(), try inputs.documents("b.jsonl", start: 100))
    _ = try pack(.text([first]), into: "shards")
    let error = #expect(throws: CorpusError.self) { try pack(.text([second]), into: "shards") }
    #expect(error?.message.contains("exists already") == true)
    let manifest = try pack(.text([second]), into: "shards", replacing: true)
    #expect(manifest.inputs.map(\.path) == [second])
  }

  @Test func givenShardsAreLinkedNotPacked() throws {
    let shards = try inputs.pack([inputs.documents()], tokenizer)
    #expect(shards.shardPaths.count > 1)
    let input = Pack.Input([inputs.path("shards")])
    let manifest = try pack(input, into: "linked")
    #expect(manifest.chunks == shards.count && manifest.documents == 60)
    #expect(manifest.inputs.map(\.path) == shards.shardPaths.map { $0 + ".bin" })
    let (given, linked) = (try inputs.files("shards"), try inputs.files("linked"))
    for (name, bytes) in given where name.hasPrefix("data_") || name.hasPrefix("documents") {
      #expect(linked[name] == bytes, "\(name)")
    }
    // There already; other shards need a word.
    #expect(try pack(input, into: "linked") == manifest)
    try inputs.pack([inputs.documents("b.jsonl", start: 100)], tokenizer, into: "others")
    let others = Pack.Input([inputs.path("others")])
    #expect(throws: CorpusError.self) { try pack(others, into: "linked") }
    #expect(try pack(others, into: "linked", replacing: true).inputs != manifest.inputs)
  }

  @Test func shardsOfAnotherTokenizerAreRefused() throws {
    let other = try inputs.tokenizer("other", size: 290)
    try inputs.pack([inputs.documents()], other)
    let input = Pack.Input([inputs.path("shards")])
    let error = #expect(throws: PipelineError.self) { try pack(input, into: "linked") }
    #expect(error?.message.contains(other.digest.prefix(12)) == true)
    // Without a record the ids tell.
    try Folder.remove(inputs.path("shards/\(CorpusManifest.fileName)"))
    let small = try inputs.tokenizer("small", size: 257)
    #expect(throws: CorpusError.self) {
      try Pack(
        input, tokenizer: TokenizerEncoding(small), into: inputs.path("linked"),
        Pack.Settings(corpus: TextInputs.settings, pipeline: PipelineOptions())
      ).run(Work())
    }
    #expect(!Folder.exists(inputs.path("linked")))
  }

  @Test func aStopWhileLinkingLeavesNothing() throws {
    try inputs.pack([inputs.documents()], tokenizer)
    #expect(throws: WorkStopped()) {
      try pack(Pack.Input([inputs.path("shards")]), into: "linked", Watcher { _ in true })
    }
    #expect(try Folder.list(inputs.root).filter { $0.hasPrefix("linked") } == [])
  }

  @Test func choicesComeBeforeThePresetAndThePresetBeforeTheRest() throws {
    var choices = PackingChoices()
    var reader = ReaderOptions()
    reader.textField = "body"
    func settings() throws -> CorpusSettings {
      try choices.settings(reader: reader, tokenizer: tokenizer, path: inputs.path("tokenizer"))
    }
    #expect(try settings().reader.textField == "body")
    #expect(try settings().shards.shuffle == ShardOptions().shuffle)
    choices.preset = .qwen
    #expect(try settings().shards.shuffle == .numpy(233))
    choices.shuffle = .seeded(4)
    choices.maximumLength = 65
    choices.keepsWholeDocuments = true
    choices.keepsEmptyTexts = true
    let found = try settings()
    #expect(found.shards.shuffle == .seeded(4) && found.packing.maximumLength == 65)
    #expect(found.packing.chunksPerDocument == nil && found.reader.keepsEmptyTexts)
    // The preset needs a token that this tokenizer lacks.
    choices.preset = .llama31
    #expect(throws: CorpusError.self) { try settings() }
  }
}
