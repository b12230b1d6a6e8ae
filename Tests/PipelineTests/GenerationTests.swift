import Corpus
import DifferenceSampling
import Foundation
import LanguageModels
import Numerics
import Pipeline
import Store
import TensorKit
import Testing
import Tokenizers

/// Runs over prompts, and the file that survives being cut anywhere.
@Suite struct GenerationTests {
  private let folder = NSTemporaryDirectory() + "miniplm-generation-" + UUID().uuidString

  /// A tokenizer of bytes, and a model of its vocabulary.
  private struct Parts {
    let tokenizer: Tokenizer
    let model: any CausalLanguageModel

    init(folder: String, beginning: Int? = nil) throws {
      try Folder.make(folder)
      let words = WordCounter(preTokenization: .gpt2)
      try BytePairTrainer(.init(vocabularySize: 257)).train(on: words) { _ in true }
        .write(toFolder: folder)
      tokenizer = try Tokenizer.load(from: folder)
      let shape = try ModelConfiguration(
        .qwen2,
        ModelSizes(
          vocabularySize: 257, hiddenSize: 24, intermediateSize: 40, layerCount: 2, headCount: 2,
          specialTokens: SpecialTokenIDs(beginning: beginning, end: [0])))
      model = try LanguageModel.make(
        shape, initialization: .seeded(RandomSource(seed: 1)),
        compute: Ops(kernels: .best, pool: ParallelPool(threads: 2)))
    }

    func run(_ settings: GenerationSettings) -> GenerationRun {
      GenerationRun(model: model, tokenizer: tokenizer, endOfText: [0], settings: settings)
    }
  }

  private func settings(
    samples: Int = 1, batch: Int = 3, promptTokens: Int? = nil
  ) throws -> GenerationSettings {
    try GenerationSettings(
      sampling: SamplingSettings(seed: 3), maximumNewTokens: 6, promptTokens: promptTokens,
      samples: samples, batch: batch)
  }

  private func prompts(_ count: Int) throws -> Prompts {
    let path = folder + "/prompts.jsonl"
    let lines = (0..<count).map { "{\"prompt\": \"number \($0) of \(count * $0)\"}\n" }
    try AtomicFile.write(text: lines.joined(), to: path)
    return .file(path: path, field: "prompt")
  }

  private func identity(_ settings: GenerationSettings) -> GenerationFile.Identity {
    GenerationFile.Identity(
      model: ArtifactIdentity(name: "m", digest: "1"),
      tokenizer: ArtifactIdentity(name: "t", digest: "2"), prompts: "3", settings: settings)
  }

  /// Runs to the end, or until `stopAfter` tokens.
  private func write(
    _ parts: Parts, _ settings: GenerationSettings, _ prompts: Prompts, to path: String,
    stopAfter: Int = .max
  ) throws -> Bool {
    let file = try GenerationFile(path, identity: identity(settings))
    var tokens = 0
    let finished = try parts.run(settings).run(
      prompts, from: file.restored,
      onToken: { _, _ in
        tokens += 1
        return tokens < stopAfter
      }, onBatch: { try file.append($0) })
    if finished { try file.finish() }
    return finished
  }

  @Test func linesHoldWhatWasGenerated() throws {
    let parts = try Parts(folder: folder)
    defer { try? Folder.remove(folder) }
    var lines: [GeneratedLine] = []
    var batches: [Int] = []
    let finished = try parts.run(settings(samples: 2)).run(prompts(4)) {
      lines += $0
      batches.append($0.count)
    }
    #expect(finished)
    #expect(batches == [3, 3, 2])
    #expect(lines.map(\.sample) == [0, 1, 0, 1, 0, 1, 0, 1])
    #expect(lines[4].prompt == "number 2 of 8" && lines[5].prompt == "number 2 of 8")
    #expect(lines[4].tokens != lines[5].tokens)
    for line in lines {
      #expect(line.tokens.count == 6 || line.stop == .endOfText)
      #expect(line.text == parts.tokenizer.decode(line.tokens, skipSpecialTokens: true))
      #expect(line.logProbability < 0 && line.logProbability > -100)
    }
    // Other batches, the same tokens.
    var others: [GeneratedLine] = []
    _ = try parts.run(settings(samples: 2, batch: 16)).run(prompts(4)) { others += $0 }
    #expect(others.map(\.tokens) == lines.map(\.tokens))
  }

  @Test(arguments: [1, 2]) func cutAndTornFilesGoOnWithTheSameBytes(samples: Int) throws {
    let parts = try Parts(folder: folder)
    defer { try? Folder.remove(folder) }
    let settings = try settings(samples: samples)
    let prompts = try prompts(7)
    let whole = folder + "/whole.jsonl"
    #expect(try write(parts, settings, prompts, to: whole))
    let expected = try #require(FileManager.default.contents(atPath: whole))
    #expect(expected.split(separator: UInt8(ascii: "\n")).count == 7 * samples)
    #expect(!Folder.exists(whole + ".partial") && !Folder.exists(whole + ".partial.json"))

    let path = folder + "/cut.jsonl"
    #expect(try !write(parts, settings, prompts, to: path, stopAfter: 30))
    #expect(!Folder.exists(path))
    let partial = try #require(FileManager.default.contents(atPath: path + ".partial"))
    #expect(!partial.isEmpty && expected.starts(with: partial))
    // A crash may have left any part of the next batch.
    for extra in [1, 60, 400] {
      let end = min(expected.count, partial.count + extra)
      try expected[..<end].write(to: URL(fileURLWithPath: path + ".partial"))
      #expect(try !write(parts, settings, prompts, to: path, stopAfter: 1))
    }
    #expect(try write(parts, settings, prompts, to: path))
    #expect(FileManager.default.contents(atPath: path) == expected)
  }

  @Test func otherRunsAreRefused() throws {
    let parts = try Parts(folder: folder)
    defer { try? Folder.remove(folder) }
    let prompts = try prompts(7)
    let path = folder + "/out.jsonl"
    #expect(try !write(parts, settings(), prompts, to: path, stopAfter: 30))
    #expect(throws: PipelineError.self) {
      try write(parts, settings(batch: 2), prompts, to: path)
    }
    #expect(try write(parts, settings(), prompts, to: path))
    #expect(throws: StoreError.self) { try write(parts, settings(), prompts, to: path) }
  }

  @Test func promptsThatCannotBeUsedAreRefused() throws {
    let parts = try Parts(folder: folder)
    defer { try? Folder.remove(folder) }
    let run = try parts.run(settings())
    func refused(_ prompts: Prompts) {
      let error = #expect(throws: (any Error).self) { try run.run(prompts) { _ in } }
      #expect(error is any ActionableError)
    }
    refused(.texts([""]))
    refused(.file(path: folder + "/missing.jsonl", field: "prompt"))
    try AtomicFile.write(
      text: "{\"prompt\": \"a\"}\n{\"text\": \"b\"}\n", to: folder + "/bad.jsonl")
    refused(.file(path: folder + "/bad.jsonl", field: "prompt"))
    let lacking = #expect(throws: PromptsError.self) {
      try run.run(.file(path: folder + "/bad.jsonl", field: "prompt")) { _ in }
    }
    #expect(
      lacking?.hint.contains("--prompt-field") == true
        && lacking?.hint.contains("--text-field") == false)
    // Refused before anybody waits for its bytes.
    mkfifo(folder + "/pipe", 0o600)
    for path in ["-", folder + "/pipe"] {
      let error = #expect(throws: CorpusError.self) {
        try run.run(.file(path: path, field: "prompt")) { _ in }
      }
      #expect(error?.message.contains("stream") == true, "\(path)")
    }
    // With a beginning-of-text token an empty prompt is one.
    let other = try Parts(folder: folder, beginning: 0)
    var lines: [GeneratedLine] = []
    #expect(try other.run(settings()).run(.texts([""])) { lines += $0 })
    #expect(lines.count == 1)
    for (name, body) in [
      ("samples", { try settings(samples: 0) }), ("batch", { try settings(batch: 0) }),
      ("prompt-tokens", { try settings(promptTokens: 0) }),
    ] as [(String, () throws -> GenerationSettings)] {
      let error = #expect(throws: PipelineError.self) { try body() }
      #expect(error?.message.contains(name) == true)
    }
  }

  @Test func promptsAreCutWhenAsked() throws {
    let parts = try Parts(folder: folder)
    defer { try? Folder.remove(folder) }
    var long: [GeneratedLine] = []
    var short: [GeneratedLine] = []
    _ = try parts.run(settings(promptTokens: 4)).run(.texts(["abcdefgh"])) { long += $0 }
    _ = try parts.run(settings()).run(.texts(["abcd"])) { short += $0 }
    #expect(long[0].tokens == short[0].tokens)
    #expect(long[0].prompt == "abcdefgh")
  }

  @Test func growingTextEndsAtWholeCharacters() throws {
    let parts = try Parts(folder: folder)
    defer { try? Folder.remove(folder) }
    let text = "a\u{E9}\u{20AC}\u{1F600}b"
    var growing = GrowingText(parts.tokenizer)
    var pieces = parts.tokenizer.encode(text).map { growing.append($0) }
    #expect(pieces.filter { !$0.isEmpty } == ["a", "\u{E9}", "\u{20AC}", "\u{1F600}", "b"])
    // An end inside a character is shown as U+FFFD, a special token not at all.
    pieces = parts.tokenizer.encode("\u{20AC}").prefix(2).map { growing.append($0) }
    #expect(pieces == ["", ""])
    #expect(growing.append(0).isEmpty)
    #expect(growing.finish() == "\u{FFFD}")
  }
}
