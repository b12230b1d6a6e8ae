import Corpus
import DifferenceSampling
import Foundation
import LanguageModels
import Pipeline
import Store
import TensorKit
import Testing
import Tokenizers

/// One tokenizer in other files is one tokenizer, wherever tokenizers are compared.
@Suite struct TokenizerIdentityTests {
  let inputs: TextInputs
  let tokenizer: Tokenizer

  init() throws {
    inputs = try TextInputs()
    tokenizer = try inputs.tokenizer()
  }

  /// Writes the tokenizer again, with other bytes, into a folder.
  private func rewrite(
    _ name: String, from source: String = "tokenizer",
    _ change: (inout [String: Any]) throws -> Void = { _ in }
  ) throws -> Tokenizer {
    let file = URL(filePath: inputs.path(source) + "/tokenizer.json")
    var value = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    try change(&value)
    try Folder.make(inputs.path(name))
    let bytes = try JSONSerialization.data(
      withJSONObject: value, options: [.sortedKeys, .prettyPrinted])
    try AtomicFile.write(Array(bytes), to: inputs.path(name) + "/tokenizer.json")
    let written = try Tokenizer.load(from: inputs.path(name))
    #expect(written.digest != tokenizer.digest)
    return written
  }

  /// Two added tokens exchange their ids.
  private func otherTokens(_ file: inout [String: Any]) throws {
    var model = try #require(file["model"] as? [String: Any])
    var vocabulary = try #require(model["vocab"] as? [String: Int])
    (vocabulary["r"], vocabulary["s"]) = (vocabulary["s"], vocabulary["r"])
    model["vocab"] = vocabulary
    file["model"] = model
  }

  /// Takes what the records say beyond the digest, as older programs wrote them.
  private func forget(_ name: String) throws {
    let path = "\(inputs.path(name))/\(CorpusManifest.fileName)"
    var manifest = try JSONFile.read(CorpusManifest.self, from: path)
    manifest.tokenizerFingerprint = nil
    try JSONFile.write(manifest, to: path)
  }

  private func convert(from old: Tokenizer, into name: String = "converted") throws {
    _ = try Convert(
      shards: inputs.path("shards"), from: old, to: inputs.tokenizer("new", size: 290),
      into: inputs.path(name), Convert.Settings(rule: ConversionRule(), threads: 1)
    ).run(Work())
  }

  @Test func shardsKnowTheirTokenizerInOtherFiles() throws {
    try inputs.pack([inputs.documents()], tokenizer)
    let rewritten = try rewrite("rewritten")
    let manifest = try #require(try CorpusBuilder.manifest(of: inputs.path("shards")))
    #expect(manifest.tokenizerFingerprint == (try rewritten.identity().fingerprint))
    // Converted, and found converted, with either file.
    try convert(from: rewritten)
    try convert(from: tokenizer)
    // Found packed.
    let before = try inputs.files("shards")
    try inputs.pack([inputs.path("texts.jsonl")], rewritten)
    #expect(try inputs.files("shards") == before)
    _ = try ShardsTokenizer.load(
      inputs.path("rewritten"), ofShards: inputs.path("shards"), Work())
    // Another one is refused, with what is known of it.
    let other = try rewrite("other", otherTokens)
    let error = #expect(throws: PipelineError.self) { try convert(from: other, into: "refused") }
    #expect(error?.message.contains("other tokens") == true, "\(error?.message ?? "")")
  }

  @Test func equalIDsAreTakenAndSaid() throws {
    try inputs.pack([inputs.documents()], tokenizer)
    _ = try rewrite("decoding") { $0["decoder"] = ["type": "Fuse"] }
    let watcher = Watcher()
    _ = try ShardsTokenizer.load(
      inputs.path("decoding"), ofShards: inputs.path("shards"), watcher.work)
    #expect(watcher.notes.count == 1 && watcher.warnings.isEmpty)
    #expect(watcher.notes[0].text.contains("the same ids"))
  }

  @Test func olderShardsGoByTheFile() throws {
    try inputs.pack([inputs.documents()], tokenizer)
    try forget("shards")
    let rewritten = try rewrite("rewritten")
    #expect(throws: PipelineError.self) { try convert(from: rewritten) }
    try convert(from: tokenizer)
  }

  @Test func conversionsAndSplitsKeepTheFingerprint() throws {
    try inputs.pack([inputs.documents(count: 200)], tokenizer)
    try convert(from: tokenizer)
    let new = try rewrite("rewritten", from: "new")
    let made = try ShardsTokenizer(ofShards: inputs.path("converted"))
    #expect(try made.identity?.compared(with: new.identity()) == .identical)
    _ = try Split(
      shards: inputs.path("shards"), reference: inputs.path("reserve"),
      rest: inputs.path("rest"), Split.Settings(amount: .share(0.3), threads: 1)
    ).run(Work())
    let split = try ShardsTokenizer(ofShards: inputs.path("rest"))
    #expect(try split.identity == tokenizer.identity())
  }

  @Test func modelsWithTheTokenizerInOtherFilesPass() throws {
    let scored = try ScoredInputs()
    let file = scored.reference.path + "/tokenizer.json"
    let value = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: file)))
    try JSONSerialization.data(withJSONObject: value).write(to: URL(filePath: file))
    func row() throws -> CheckRow {
      let report = try ScoringChecks(
        scored.scoring, settings: ScoredInputs.scoringSettings, reserve: nil, waivers: []
      ).run(Work())
      return try #require(report.rows.first { $0.check == .tokenizer })
    }
    #expect(try row().state == .ok)
    let watcher = Watcher()
    _ = try Evaluate(
      scored.reference, on: HeldOut(shards: scored.shards), settings: .init(chunkTokens: 33),
      compute: scored.compute
    ).run(watcher.work)
    #expect(watcher.warnings == [])
    // Records of older programs tell files only: the teacher's own file is compared by content.
    let path = "\(scored.shards)/\(CorpusManifest.fileName)"
    var manifest = try JSONFile.read(CorpusManifest.self, from: path)
    manifest.tokenizerFingerprint = nil
    try JSONFile.write(manifest, to: path)
    #expect(try row().state == .ok)
    let alone = Watcher()
    _ = try Evaluate(
      scored.reference, on: HeldOut(shards: scored.shards), settings: .init(chunkTokens: 33),
      compute: scored.compute
    ).run(alone.work)
    #expect(alone.warnings.contains { $0.contains("unless both have the same ids") })
    let named = Watcher()
    _ = try Evaluate(
      scored.reference, on: HeldOut(shards: scored.shards, tokenizer: scored.tokenizer),
      settings: .init(chunkTokens: 33), compute: scored.compute
    ).run(named.work)
    #expect(named.warnings == [])
  }

  @Test func modelsInAListAreComparedByContent() throws {
    let scored = try ScoredInputs()
    let file = scored.reference.path + "/tokenizer.json"
    let value = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: file)))
    try JSONSerialization.data(withJSONObject: value).write(to: URL(filePath: file))
    let found = try FindModels(folders: [scored.root], compute: scored.compute).run(Work())
    let teacher = try #require(found.models.first { $0.path == scored.teacher.path })
    let reference = try #require(found.models.first { $0.path == scored.reference.path })
    #expect(teacher.sameTokenizerAs.contains(reference.name))
    #expect(reference.sameTokenizerAs.contains(teacher.name))
  }
}
