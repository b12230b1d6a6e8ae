import ArgumentParser
import Corpus
import LanguageModels
import Numerics
import Pipeline
import Tokenizers

/// Shards of one tokenizer to shards of another.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert token shards to another tokenizer, chunk by chunk, with their labels.",
    discussion: """
      Parts between end-of-text tokens are decoded, encoded again and joined by the new token; \
      chunks are cut at the length, never packed again, so scores of the old chunks hold for the \
      new ones. The rule is that of the published MiniPLM script. Stopped or killed, the same \
      command goes on from its last state, at most some seconds back, and gives the same bytes.
      """)

  @Argument(help: "Folder of the token shards; FOLDER/data_0-199 for a part.")
  var shards: String
  @Option(help: "tokenizer.json of the shards, or its folder.", transform: modelPlace())
  var from: String
  @Option(help: "tokenizer.json to convert to, or its folder.", transform: modelPlace())
  var to: String
  @Option(name: [.short, .long], help: "Folder to write to.")
  var output: String
  @OptionGroup var rule: ConversionRuleOptions
  @Option(help: "Chunks of one shard. (default: 1000000)", transform: whole(1...Most.counted))
  var shardSize = 1_000_000
  @Option(
    help: ArgumentHelp(
      "Document entries of the indices: published, or megatron, which Megatron-LM's own reader "
        + "needs (every chunk a document).", valueName: "form"))
  var documentIndex: DocumentIndex?
  @Option(help: .hidden, transform: real(0...1e9))
  var stateSeconds: Double?
  @OptionGroup var common: CommonOptions

  func run() throws {
    let run = CommandRun("convert", common)
    let done = try run.run { work in
      try Convert(
        shards: shards, from: Tokenizer.load(from: from), to: Tokenizer.load(from: to),
        into: output,
        Convert.Settings(
          rule: rule.rule, chunksPerShard: shardSize, threads: common.threadCount,
          stateSeconds: stateSeconds, documentIndex: documentIndex),
        places: (from, to)
      ).run(work)
    }
    let result = Result(
      chunks: done.chunks, restored: done.restored, oldTokens: done.oldTokens,
      newTokens: done.newTokens, seconds: run.elapsed, output: output)
    if common.json { return try Output.json(result) }
    let restored = result.restored > 0 ? ", \(Number.grouped(result.restored)) from before" : ""
    try Output.line(
      "\(Number.grouped(result.chunks)) chunks\(restored), \(Number.grouped(result.oldTokens)) tokens "
        + "to \(Number.grouped(result.newTokens)), in \(output)")
  }

  private struct Result: Encodable {
    var chunks: Int
    var restored: Int
    var oldTokens: Int
    var newTokens: Int
    var seconds: Double
    var output: String
  }
}

/// How chunks are converted.
struct ConversionRuleOptions: ParsableArguments {
  @Option(
    name: .customLong("as"),
    help: "Family of the new tokenizer: qwen, falcon or llama3.1; by default by its tokens.")
  var family: ModelFamily?
  @Option(help: "End-of-text token of the shards, a string or an id; by default the tokenizer's.")
  var fromEos: String?
  @Option(help: "New end-of-text token, a string or an id; by default the tokenizer's.")
  var toEos: String?
  @Option(
    help: "Token that every new chunk begins with, a string or an id; by default the family's.")
  var convertBos: String?
  @Option(help: "Most tokens of a new chunk. (default: 1025)", transform: whole(2...Most.planned))
  var maxLength = 1025

  /// What the options name.
  var rule: ConversionRule {
    get throws(ExitStatus) {
      for (text, option) in [
        (fromEos, "--from-eos"), (toEos, "--to-eos"), (convertBos, "--convert-bos"),
      ] {
        if let text { try requireUTF8(text, option: option) }
      }
      return ConversionRule(
        family: family, oldEndOfText: fromEos, newEndOfText: toEos,
        beginningOfSequence: convertBos, maximumLength: maxLength)
    }
  }
}

/// Training on shards of another tokenizer.
struct TrainConversionOptions: ParsableArguments {
  @Option(
    help:
      "tokenizer.json of the shards, where it is not the model's: chunks are converted as read.",
    transform: modelPlace())
  var convertFrom: String?
  @Option(
    help: "tokenizer.json to convert to; by default the one in the model's folder.",
    transform: modelPlace())
  var convertTo: String?
  @Option(
    help: "Family of the model's tokenizer: qwen, falcon or llama3.1; by default by its tokens.")
  var convertAs: ModelFamily?

  /// The chunks of a folder, converted if that was asked for.
  func chunks(_ folder: String, model: String, _ work: Work) throws -> any ChunkSource {
    guard let convertFrom else { return try TokenShards(folder: folder) }
    return try ReadConversion(from: convertFrom, to: convertTo, family: convertAs)
      .chunks(of: folder, for: ModelFolder(model), work)
  }
}
