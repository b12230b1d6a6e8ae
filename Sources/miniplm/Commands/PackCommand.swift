import ArgumentParser
import Corpus
import Engine
import Store
import Tokenizers

/// Text to token shards.
struct PackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract: "Tokenize documents and pack them into chunks: .bin/.idx shards with labels.",
    discussion: """
      Chunks end at the last sentence end, one buffer a source, as the published MiniPLM script \
      makes them. Killed at any time, the same command starts again and gives the same bytes.
      """)

  @Argument(help: "jsonl, jsonl.zst, jsonl.gz or text files, or folders (source = sub-folder).")
  var inputs: [String]
  @Option(help: "tokenizer.json or its folder.")
  var tokenizer: String
  @Option(name: [.short, .long], help: "Folder to write to.")
  var output: String
  @Option(help: "Most tokens of a chunk.")
  var maxLength = 1025
  @Option(help: "Chunks of one shard.")
  var shardSize = 1_000_000
  @Option(help: "Shuffle the chunks inside every shard by this seed.")
  var shuffleSeed: UInt64?
  @Option(help: "Start every chunk with this token id.")
  var bos: Int32?
  @Flag(
    help: "Write what is left in the buffers as short chunks, too (the published script drops it).")
  var flush = false
  @Flag(help: "No limit of 2,000 chunks a document (the published script has it).")
  var wholeDocuments = false
  @Flag(help: "Replace a corpus of other inputs or settings.")
  var replace = false
  @OptionGroup var fields: FieldOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    var settings = CorpusSettings()
    settings.reader.textField = fields.textField
    settings.reader.sourceField = fields.sourceField
    settings.reader.strict = fields.strict
    settings.packing.maximumLength = maxLength
    settings.packing.beginningOfSequence = bos
    settings.packing.emitsRemainders = flush
    if wholeDocuments { settings.packing.chunksPerDocument = nil }
    settings.shards.chunksPerShard = shardSize
    settings.shards.shuffleSeed = shuffleSeed
    let encoding = try TokenizerEncoding(Tokenizer.load(from: tokenizer))
    var progress = ProgressLines("pack", isQuiet: common.quiet)
    let manifest = try CorpusBuilder(
      inputs: inputs, settings: settings, tokenizer: encoding
    ).build(into: output, replacing: replace) { state in
      progress.report(
        Double(state.bytesRead) / Double(max(1, state.totalBytes)),
        "\(Text.grouped(state.documents)) documents, \(Text.grouped(state.chunks)) chunks")
      return true
    }
    if common.json { return try Output.json(manifest) }
    for source in manifest.sources {
      Output.line(
        "\(source.name): \(Text.grouped(source.documents)) documents, "
          + "\(Text.grouped(source.chunks)) chunks, \(Text.grouped(source.tokens)) tokens")
    }
    let rejected = manifest.rejected.values.reduce(0, +)
    if rejected > 0 {
      Output.line("\(rejected) documents could not be used; see \(output)/rejects.jsonl")
    }
    Output.line(
      "\(Text.grouped(manifest.chunks)) chunks, \(Text.grouped(manifest.tokens)) tokens in \(output)"
    )
  }
}
