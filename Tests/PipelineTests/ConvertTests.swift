import Corpus
import LanguageModels
import Pipeline
import Store
import Testing
import Tokenizers

@Suite struct ConvertTests {
  private let inputs: TextInputs
  private let old: Tokenizer
  private let new: Tokenizer
  private let shards: TokenShards

  init() throws {
    inputs = try TextInputs()
    old = try inputs.tokenizer("old", size: 257)
    new = try inputs.tokenizer("new", size: 290)
    // More chunks than conversion takes at a time, so that it can be stopped in its middle.
    shards = try inputs.pack([inputs.documents(count: 300)], old)
  }

  private func convert(
    into name: String, _ rule: ConversionRule = ConversionRule(), _ watcher: Watcher = Watcher()
  ) throws -> Convert.Result {
    try Convert(
      shards: inputs.path("shards"), from: old, to: new, into: inputs.path(name),
      Convert.Settings(rule: rule, chunksPerShard: 500, threads: 2)
    ).run(watcher.work)
  }

  @Test func everyChunkIsConverted() throws {
    let watcher = Watcher()
    let result = try convert(into: "converted", ConversionRule(), watcher)
    let converted = try TokenShards(folder: inputs.path("converted"))
    #expect(result.chunks == shards.count && converted.count == shards.count)
    #expect(result.oldTokens == shards.tokenCount && result.newTokens == converted.tokenCount)
    #expect(result.newTokens < result.oldTokens && result.restored == 0)
    #expect(watcher.notes.map(\.text) == ["end of text 0 becomes 0"])
    // There already.
    #expect(try convert(into: "converted").restored == shards.count)
  }

  @Test func aStoppedConversionGoesOnWithTheSameBytes() throws {
    _ = try convert(into: "whole")
    #expect(throws: WorkStopped()) {
      try convert(into: "cut", ConversionRule(), Watcher { _ in true })
    }
    #expect(!Folder.exists(inputs.path("cut")))
    let result = try convert(into: "cut")
    #expect(result.restored > 0 && result.restored < result.chunks)
    #expect(try inputs.files("cut") == inputs.files("whole"))
  }

  @Test func chunksConvertedAsTheyAreReadAreThoseOfAConversion() throws {
    _ = try convert(into: "converted")
    let written = try TokenShards(folder: inputs.path("converted"))
    let conversion = ReadConversion(from: inputs.path("old"))
    let model = ModelFolder(inputs.path("new"))
    let watcher = Watcher()
    let read = try conversion.chunks(of: inputs.path("shards"), for: model, watcher.work)
    #expect(watcher.notes.isEmpty)
    #expect(read.count == written.count && read.sources == written.sources)
    for chunk in stride(from: 0, to: written.count, by: 7) {
      #expect(try read.tokens(of: chunk) == written.tokens(of: chunk))
    }
    // Shards that do not say by which tokenizer they were made get a note.
    try Folder.remove(inputs.path("shards/\(CorpusManifest.fileName)"))
    _ = try conversion.chunks(of: inputs.path("shards"), for: model, watcher.work)
    #expect(watcher.notes.count == 1 && watcher.notes[0].text.contains("does not say"))
  }

  @Test func tokensAreNamedByStringOrId() throws {
    let byName = ConversionRule(
      oldEndOfText: "<|endoftext|>", newEndOfText: "265", beginningOfSequence: "r",
      maximumLength: 20)
    let settings = try byName.settings(from: old, to: new)
    #expect(settings.oldEndOfText == 0 && settings.newEndOfText == 265)
    #expect(settings.beginningOfSequence == new.id(of: "r") && settings.maximumLength == 20)
    #expect(settings.beginningOfSequence != nil)
  }

  @Test(arguments: [
    ("from-eos", ConversionRule(oldEndOfText: "<none>")),
    ("to-eos", ConversionRule(newEndOfText: "290")),
    ("convert-bos", ConversionRule(beginningOfSequence: "-1")),
  ]) func tokensThatAreNotThereAreRefused(name: String, rule: ConversionRule) throws {
    let error = #expect(throws: PipelineError.self) { try rule.settings(from: old, to: new) }
    #expect(error?.message.contains(name) == true)
  }
}
