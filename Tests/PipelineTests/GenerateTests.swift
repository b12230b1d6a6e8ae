import Foundation
import LanguageModels
import Pipeline
import Store
import TensorKit
import Testing

/// The verb around generation runs: from a model's folder to a file, lines or text.
@Suite struct GenerateTests {
  private let inputs: TextInputs
  private let compute: Ops
  private let prompts = Prompts.texts(["river ", "stone ", "let ", "boats "])

  init() throws {
    inputs = try TextInputs()
    compute = try Ops(kernels: .best, pool: ParallelPool(threads: 2))
    _ = try inputs.tokenizer()
    _ = try NewModel(
      .file(inputs.configuration()), tokenizerFolder: inputs.path("tokenizer"),
      into: inputs.path("model"), .init(seed: 1), compute: compute
    ).run(Work())
  }

  private func generate(
    _ prompts: Prompts, to destination: Generate.Destination, _ watcher: Watcher = Watcher()
  ) throws -> Generate.Result {
    let settings = try GenerationSettings(
      sampling: SamplingSettings(seed: 3), maximumNewTokens: 8, batch: 2)
    return try Generate(
      model: ModelFolder(inputs.path("model")), settings, digests: FileDigests(),
      compute: compute
    ).run(prompts, to: destination, watcher.work)
  }

  @Test func linesAndFilesHoldTheSame() throws {
    var lines: [GeneratedLine] = []
    let result = try generate(prompts, to: .lines { lines += $0 })
    #expect(lines.map(\.prompt) == ["river ", "stone ", "let ", "boats "])
    #expect(result.sequences == 4)
    #expect(result.newTokens == lines.reduce(0) { $0 + $1.tokens.count })
    let path = inputs.path("out.jsonl")
    let watcher = Watcher()
    #expect(try generate(prompts, to: .file(path), watcher) == result)
    let written = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let decoder = JSONDecoder()
    #expect(
      try written.map { try decoder.decode(GeneratedLine.self, from: Data($0.utf8)) } == lines)
    #expect(watcher.progress.last?.fraction == 1)
    // A name that is taken is refused, with its file as it was.
    #expect(throws: StoreError.self) { try generate(prompts, to: .file(path)) }
  }

  @Test func aStoppedFileGoesOnWithTheSameBytes() throws {
    let (whole, cut) = (inputs.path("whole.jsonl"), inputs.path("cut.jsonl"))
    _ = try generate(prompts, to: .file(whole))
    #expect(throws: WorkStopped()) {
      try generate(prompts, to: .file(cut), Watcher { $0.detail.hasPrefix("2 of 4") })
    }
    #expect(!Folder.exists(cut))
    let watcher = Watcher()
    _ = try generate(prompts, to: .file(cut), watcher)
    #expect(watcher.notes.map(\.text) == ["2 sequences are there already"])
    let bytes = try [whole, cut].map { try Data(contentsOf: URL(filePath: $0)) }
    #expect(bytes[0] == bytes[1] && !bytes[0].isEmpty)
    // Another model is another run.
    #expect(throws: WorkStopped()) {
      try generate(
        prompts, to: .file(inputs.path("b.jsonl")), Watcher { $0.detail.hasPrefix("2 of 4") })
    }
    try AtomicFile.write(
      text: String(contentsOfFile: inputs.path("model/config.json"), encoding: .utf8) + "\n",
      to: inputs.path("model/config.json"))
    #expect(throws: PipelineError.self) {
      try generate(prompts, to: .file(inputs.path("b.jsonl")))
    }
  }

  @Test func textComesAsItGrows() throws {
    var lines: [GeneratedLine] = []
    _ = try generate(.texts(["river "]), to: .lines { lines += $0 })
    var pieces: [String] = []
    let watcher = Watcher()
    let result = try generate(.texts(["river "]), to: .text { pieces.append($0) }, watcher)
    #expect(pieces.joined() == lines[0].text + "\n")
    #expect(result.newTokens == lines[0].tokens.count && pieces.count == result.newTokens + 1)
    #expect(watcher.notes.first?.text.contains("tokens/s") == true)
    // Stopped, the line still ends.
    watcher.control.stop()
    pieces = []
    #expect(throws: WorkStopped()) {
      try generate(.texts(["river "]), to: .text { pieces.append($0) }, watcher)
    }
    #expect(pieces.last?.hasSuffix("\n") == true)
  }
}
