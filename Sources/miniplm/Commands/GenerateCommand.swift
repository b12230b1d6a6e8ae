import ArgumentParser
import Foundation
import LanguageModels
import Numerics
import Pipeline
import Store
import TensorKit

/// Text of a model: one continuation on the terminal, or a file of many.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Continue prompts: samples to read, or a teacher's text to train on (SeqKD).",
    discussion: """
      Filters apply in the order temperature, top-k, top-p. Every sequence draws from a stream of its \
      own, made of the seed and the numbers of prompt and sample. With --output the lines {prompt, \
      sample, text, tokens, log_probability, stop} are safe on disk batch by batch: stopped or killed, \
      the same command goes on and gives the same bytes.

      With --shards the rest of every chunk is written anew, into shards to train on.
      """)

  @Option(help: "Model folder or GGUF file.", transform: modelPlace())
  var model: String
  @Option(help: "Folder with the tokenizer; by default the model's.", transform: modelPlace())
  var tokenizer: String?
  @Option(help: "Text to continue; without it and --prompts, standard input.")
  var prompt: String?
  @Option(help: "JSON lines (plain, .gz or .zst) with a prompt each.")
  var prompts: String?
  @Option(help: "Field of the JSON lines that holds the prompt.")
  var promptField = "prompt"
  @Option(help: "Token shards whose chunks are the prompts; --output is a folder of shards then.")
  var shards: String?
  @Option(
    help: """
      Take only the first so many tokens of each prompt. (default: all; with --shards 768, as in the \
      paper's SeqKD)
      """, transform: whole(1...Most.planned))
  var promptTokens: Int?
  @Option(
    help: "With --shards: tokens of a new chunk at most, prompt included. (default: 1025)",
    transform: whole(2...Most.planned))
  var maxLength: Int?
  @Option(
    help: "New tokens of a sequence at most. (default: 128)", transform: whole(1...Most.planned))
  var maxNewTokens: Int?
  @Option(
    help: "What logits are divided by; 0 takes the likeliest token. (default: 1.0)",
    transform: real(0...1e6))
  var temperature = 1.0
  @Option(
    help: "Draw from the so many likeliest tokens only.", transform: whole(1...Int(Int32.max)))
  var topK: Int?
  @Option(
    help: "Draw from the likeliest tokens that reach this probability together. (default: 1.0)",
    transform: realAboveZero(upTo: 1))
  var topP = 1.0
  @Option(help: "Seed. (default: 10)", transform: seedNumber())
  var seed: UInt64 = 10
  @Option(
    help: "Sequences that are decoded together. (default: 16)", transform: whole(1...Most.planned))
  var batch = 16
  @Option(
    help: """
      Number format of the products: f32, bf16, int8, or auto: f32 where it fits into the memory, else \
      the widest that does.
      """)
  var precision = PrecisionSetting.f32
  @Option(help: "Continuations of each prompt. (default: 1)", transform: whole(1...Most.planned))
  var samples: Int?
  @Option(name: [.short, .long], help: "File for the lines; by default standard output.")
  var output: String?
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if prompt != nil, prompts != nil {
      throw ValidationError("Give --prompt or --prompts, not both.")
    }
    guard shards != nil else {
      if maxLength != nil { throw ValidationError("--max-length is for chunks: give --shards.") }
      return
    }
    if output == nil {
      throw ValidationError("--shards needs --output, a folder for the new shards.")
    }
    for (isGiven, name) in [
      (prompt != nil, "--prompt"), (prompts != nil, "--prompts"), (tokenizer != nil, "--tokenizer"),
      (samples != nil, "--samples"), (maxNewTokens != nil, "--max-new-tokens"),
    ] where isGiven {
      throw ValidationError("\(name) is for text; chunks of --shards are tokens already.")
    }
  }

  func run() throws {
    let compute = try common.compute()
    if let shards, let output { return try continueChunks(of: shards, into: output, compute) }
    let settings = try settings(compute)
    let source = try source()
    let stopped = output == nil ? ExitStatus.stopped("Stopped.") : .stopped
    let result = try CommandRun("generate", common, whenStopped: stopped).run { work in
      try Generate(
        model: ModelFolder(model), tokenizer: tokenizer, settings, digests: FileDigests(),
        compute: compute
      ).run(source, to: destination(of: source), work)
    }
    guard let output else { return }
    if common.json {
      try Output.json(
        Result(sequences: result.sequences, newTokens: result.newTokens, path: output))
    } else {
      try Output.line("\(Number.grouped(result.sequences)) sequences in \(output)")
    }
  }

  private func continueChunks(
    of shards: String, into output: String, _ compute: Ops
  ) throws {
    let settings = try ContinuationSettings(
      sampling: sampling(), promptTokens: promptTokens ?? 768, maximumLength: maxLength ?? 1025,
      batch: batch,
      precision: ReadingPrecision.resolve(
        precision, model: ModelFolder(model), newTokens: batch + (maxLength ?? 1025),
        output: nil, compute: compute))
    let result = try CommandRun("generate", common, whenStopped: .stopped).run { work in
      try ContinueChunks(
        shards, by: ModelFolder(model), into: output, settings, digests: FileDigests(),
        compute: compute
      ).run(work)
    }
    if common.json {
      try Output.json(
        Result(sequences: result.chunks, newTokens: result.newTokens, path: output))
    } else {
      try Output.line("\(Number.grouped(result.chunks)) chunks in \(output)")
    }
  }

  private func sampling() throws -> SamplingSettings {
    do {
      return try SamplingSettings(
        temperature: temperature, topK: topK, topP: topP, seed: seed)
    } catch {
      throw ExitStatus(code: 2, text: "miniplm: \(error)")
    }
  }

  private func destination(of source: Prompts) -> Generate.Destination {
    if let output { return .file(output) }
    if case .texts(let texts) = source, texts.count == 1, samples ?? 1 == 1, !common.json {
      return .text { try Output.text($0) }
    }
    return .lines { lines in
      for line in lines { try Output.json(line) }
    }
  }

  private func settings(_ compute: Ops) throws -> GenerationSettings {
    let newTokens = maxNewTokens ?? 128
    return try GenerationSettings(
      sampling: sampling(), maximumNewTokens: newTokens, promptTokens: promptTokens,
      samples: samples ?? 1, batch: batch,
      precision: ReadingPrecision.resolve(
        precision, model: ModelFolder(model), newTokens: batch + newTokens, output: output,
        compute: compute))
  }

  private func source() throws -> Prompts {
    if let prompts { return .file(path: prompts, field: promptField) }
    if let prompt {
      try requireUTF8(prompt, option: "--prompt")
      return .texts([prompt])
    }
    let text = try Input.text()
    // The newline that ends a typed or echoed line is no part of the prompt.
    return .texts([text.hasSuffix("\n") ? String(text.dropLast()) : text])
  }

  private struct Result: Encodable {
    var sequences: Int
    var newTokens: Int
    var path: String
  }
}
