import ArgumentParser
import DifferenceSampling
import Engine
import Foundation
import LanguageModels
import Numerics
import Pipeline
import Store
import TensorKit
import Tokenizers

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
      """)

  @Option(help: "Model folder.")
  var model: String
  @Option(help: "Folder with the tokenizer; by default the model's.")
  var tokenizer: String?
  @Option(help: "Text to continue; without it and --prompts, standard input.")
  var prompt: String?
  @Option(help: "JSON lines (plain, .gz or .zst) with a prompt each.")
  var prompts: String?
  @Option(help: "Field of the JSON lines that holds the prompt.")
  var promptField = "prompt"
  @Option(help: "Take only the first so many tokens of each prompt (768 in the paper's SeqKD).")
  var promptTokens: Int?
  @Option(help: "New tokens of a sequence at most.")
  var maxNewTokens = 128
  @Option(help: "What logits are divided by; 0 takes the likeliest token.")
  var temperature = 1.0
  @Option(help: "Draw from the so many likeliest tokens only.")
  var topK: Int?
  @Option(help: "Draw from the likeliest tokens that reach this probability together.")
  var topP = 1.0
  @Option var seed: UInt64 = 10
  @Option(help: "Sequences that are decoded together.")
  var batch = 16
  @Option(help: "Number format of the products: f32, bf16 or int8.")
  var precision = Precision.f32
  @Option(help: "Continuations of each prompt.")
  var samples = 1
  @Option(name: [.short, .long], help: "File for the lines; by default standard output.")
  var output: String?
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if prompt != nil, prompts != nil {
      throw ValidationError("Give --prompt or --prompts, not both.")
    }
  }

  func run() throws {
    let settings = try settings()
    let compute = try common.compute()
    // What cannot work is refused before gigabytes are read.
    let configuration = try ModelConfiguration(file: model + "/config.json")
    _ = try DecodingPlan.check(
      configuration: configuration, sequences: 1, capacity: 1 + maxNewTokens, precision: precision,
      compute: compute, limitBytes: SystemMemory.available())
    let tokenizerFolder = tokenizer ?? model
    let tokenizer = try Tokenizer.load(from: tokenizerFolder)
    let source = try source()
    let identities = Identities(FileDigests())
    let file = try output.map { path in
      try GenerationFile(
        path,
        identity: GenerationFile.Identity(
          model: identities.model(ModelFolder(model)),
          tokenizer: identities.tokenizer(tokenizerFolder),
          prompts: Self.digest(source), settings: settings))
    }
    let loaded = try LanguageModel.load(
      folder: model, precision: precision, purpose: .scoring, compute: compute)
    let run = GenerationRun(
      model: loaded, tokenizer: tokenizer,
      endOfText: try ModelFolder(model).endsOfText(), settings: settings)
    let interruption = Interruption {}
    let finished =
      if let file {
        try write(run, source, file, interruption)
      } else if case .texts(let texts) = source, texts.count == 1, samples == 1, !common.json {
        try stream(run, source, tokenizer, interruption)
      } else {
        try run.run(source, onToken: { _, _ in !interruption.isRequested }) { lines in
          for line in lines { try Output.json(line) }
        }
      }
    guard finished else {
      throw file == nil ? ExitStatus(code: 4, text: "Stopped.") : ExitStatus.stopped
    }
  }

  private func settings() throws -> GenerationSettings {
    do {
      return try GenerationSettings(
        sampling: SamplingSettings(temperature: temperature, topK: topK, topP: topP, seed: seed),
        maximumNewTokens: maxNewTokens, promptTokens: promptTokens, samples: samples, batch: batch,
        precision: precision)
    } catch let error as ModelError {
      throw ExitStatus(code: 2, text: "miniplm: \(error)")
    }
  }

  private func source() throws -> Prompts {
    if let prompts { return .file(path: prompts, field: promptField) }
    if let prompt { return .texts([prompt]) }
    let text = String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
    // The newline that ends a typed or echoed line is no part of the prompt.
    return .texts([text.hasSuffix("\n") ? String(text.dropLast()) : text])
  }

  private static func digest(_ prompts: Prompts) throws -> String {
    switch prompts {
    case .file(let path, let field):
      try Digest.sha256(Array((try Digest.sha256(file: path) + field).utf8))
    case .texts(let texts): try Digest.sha256(Array(texts.joined(separator: "\0").utf8))
    }
  }

  /// Prints text as it comes.
  private func stream(
    _ run: GenerationRun, _ source: Prompts, _ tokenizer: Tokenizer, _ interruption: Interruption
  ) throws -> Bool {
    var text = GrowingText(tokenizer)
    let start = ContinuousClock.now
    var tokens = 0
    let finished = try run.run(
      source,
      onToken: { _, token in
        tokens += 1
        Output.text(text.append(token))
        return !interruption.isRequested
      }, onBatch: { _ in })
    Output.line(text.finish())
    if !common.quiet {
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      Output.error(
        "\(tokens) tokens in \(Number.fixed(seconds, 1)) s, prompt included: "
          + "\(Number.fixed(Double(tokens) / seconds, 1)) tokens/s")
    }
    return finished
  }

  /// Writes lines batch by batch, with progress.
  private func write(
    _ run: GenerationRun, _ source: Prompts, _ file: GenerationFile, _ interruption: Interruption
  ) throws -> Bool {
    if file.restored > 0, !common.quiet {
      Output.error("generate: \(Number.grouped(file.restored)) sequences are there already")
    }
    let start = ContinuousClock.now
    var lines = ProgressLines("generate", isQuiet: common.quiet)
    var last: GenerationRun.Progress?
    let finished = try run.run(
      source, from: file.restored, onToken: { _, _ in !interruption.isRequested },
      onProgress: { progress in
        last = progress
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let done = Double(progress.sequencesDone) + progress.underWay
        let count = Double(max(1, progress.sequenceCount))
        let here = done - Double(file.restored)
        lines.report(
          done / count, eta: here > 0 ? seconds / here * (count - done) : nil,
          "\(Number.grouped(progress.sequencesDone)) of \(Number.grouped(progress.sequenceCount)) "
            + "sequences, \(Number.grouped(Int(Double(progress.newTokens) / seconds))) tokens/s")
      }, onBatch: { try file.append($0) })
    guard finished else { return false }
    try file.finish()
    let result = Result(
      sequences: last?.sequenceCount ?? 0, newTokens: last?.newTokens ?? 0, path: file.path)
    if common.json {
      try Output.json(result)
    } else {
      Output.line("\(Number.grouped(result.sequences)) sequences in \(result.path)")
    }
    return true
  }

  private struct Result: Encodable {
    var sequences: Int
    var newTokens: Int
    var path: String
  }
}
