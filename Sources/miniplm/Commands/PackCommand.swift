import ArgumentParser
import Corpus
import Engine
import Foundation
import Numerics
import Pipeline
import Store
import Tokenizers

/// Text to token shards.
struct PackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract: "Tokenize documents and pack them into chunks: .bin/.idx shards with labels.",
    discussion: """
      Chunks end at the last sentence end, one buffer a source, as the published MiniPLM script \
      makes them; --as sets everything as it does, so that the same files give the same bytes. \
      Killed at any time, the same command goes on and gives the same bytes, which do not depend on \
      the number of threads either. A signal stops it with a state to go on from; what came \
      through standard input must then come again from its start.
      """)

  @Argument(
    help: """
      jsonl, jsonl.zst, jsonl.gz or text files, pipes, patterns, folders (source = sub-folder), or - \
      for JSON lines from standard input; or shards of Megatron-LM, whose documents are cut into \
      chunks.
      """)
  var inputs: [String]
  @Option(help: "tokenizer.json, its folder, or a GGUF file.", transform: modelPlace())
  var tokenizer: String
  @Option(name: [.short, .long], help: "Folder to write to.")
  var output: String
  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "Pack as the published script does for these models "
        + "(\(PackingPreset.allCases.map(\.rawValue).joined(separator: ", "))): sets everything "
        + "below that is not named, and --shuffle numpy:233.", valueName: "preset"))
  var preset: PackingPreset?
  @Option(help: "Most tokens of a chunk (1025).", transform: whole(2...Most.planned))
  var maxLength: Int?
  @Option(help: "Chunks of one shard (1,000,000).", transform: whole(1...Most.counted))
  var shardSize: Int?
  @Option(
    help: ArgumentHelp(
      "Order of the chunks inside every shard: none, seeded:N, or numpy:N as the published script.",
      valueName: "order"))
  var shuffle: ShardShuffle?
  @Option(
    help: ArgumentHelp(
      "Document entries of the indices: published, or megatron, which Megatron-LM's own reader "
        + "needs (every chunk a document).", valueName: "form"))
  var documentIndex: DocumentIndex?
  @Option(help: "Start every chunk with this token id.", transform: tokenID())
  var bos: Int32?
  @Option(help: "End every document with this token id.", transform: tokenID())
  var eos: Int32?
  @Flag(
    help: "Write what is left in the buffers as short chunks, too (the published script drops it).")
  var flush = false
  @Flag(help: "No limit of 2,000 chunks a document (the published script has it).")
  var wholeDocuments = false
  @Flag(help: "An empty text is an end-of-text token, as in the published script; else a reject.")
  var keepEmpty = false
  @Option(
    help: ArgumentHelp(
      "A JSON array with the names of the files of the one input folder, in order "
        + "(files_names.json of the published script).", valueName: "file"))
  var fileList: String?
  @Option(
    help: ArgumentHelp(
      "How far zstd files may look back, as in zstd --long; 31 takes 2 GB of memory "
        + "(\(DecompressionLimit.windowLog)).", valueName: "log2"), transform: whole(10...31))
  var maxWindow: Int?
  @Option(help: .hidden, transform: real(0...1e9))
  var stateSeconds: Double?
  @Flag(help: "Replace a corpus of other inputs or settings.")
  var replace = false
  @OptionGroup var fields: FieldOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if fileList != nil, inputs.count != 1 {
      throw ValidationError("--file-list names files of one folder; found \(inputs.count) inputs.")
    }
  }

  func run() throws {
    let files = try files()
    // Shards are cut anew; nothing else of that kind is text.
    let documents = files.count == 1 && ShardLocation(files[0]).holdsShards ? files[0] : nil
    let manifest = try CommandRun("pack", common).run { work in
      let tokenizer = try Tokenizer.load(from: self.tokenizer)
      for (name, id) in [("eos", eos), ("bos", bos)] {
        if let id, id >= tokenizer.vocabularySize {
          throw PipelineError.setting(
            name: name, found: "\(id)",
            expected: "an id of the tokenizer, 0 to \(tokenizer.vocabularySize - 1)")
        }
      }
      let pipeline = pipelineOptions
      let input: Pack.Input
      var reader = ReaderOptions()
      if let documents {
        input = .documents(documents)
      } else {
        let inputs = try work.inputs(files, windowLog: pipeline.windowLog)
        reader = try fields.fields.options(for: inputs, work)
        input = .inputs(inputs)
      }
      let corpus = try choices.settings(
        reader: reader, tokenizer: tokenizer, path: self.tokenizer)
      return try Pack(
        input,
        tokenizer: Pack.encoding(tokenizer, at: self.tokenizer, endOfText: eos, work),
        into: output,
        Pack.Settings(corpus: corpus, pipeline: pipeline, replacesOthers: replace)
      ).run(work)
    }
    if common.json { return try Output.json(manifest) }
    for source in manifest.sources {
      try Output.line(
        "\(source.name): \(Number.grouped(source.documents)) documents, "
          + "\(Number.grouped(source.chunks)) chunks, \(Number.grouped(source.tokens)) tokens")
    }
    try Output.line(
      "\(Number.grouped(manifest.chunks)) chunks, \(Number.grouped(manifest.tokens)) tokens in \(output)"
    )
  }

  private var pipelineOptions: PipelineOptions {
    var options = PipelineOptions(threads: common.threadCount)
    options.windowLog = maxWindow ?? options.windowLog
    options.checkpointSeconds = stateSeconds ?? options.checkpointSeconds
    return options
  }

  private var choices: PackingChoices {
    var choices = PackingChoices()
    choices.preset = preset
    choices.maximumLength = maxLength
    choices.chunksPerShard = shardSize
    choices.shuffle = shuffle
    choices.documentIndex = documentIndex
    choices.beginningOfSequence = bos
    choices.emitsRemainders = flush
    choices.keepsWholeDocuments = wholeDocuments
    choices.keepsEmptyTexts = keepEmpty
    return choices
  }

  /// The inputs, or the files of the list inside the one input folder.
  private func files() throws -> [String] {
    guard let fileList else { return inputs }
    let names = try JSONFile.read([String].self, from: fileList, mayBeStream: true)
    return inputs.flatMap { folder in names.map { "\(folder)/\($0)" } }
  }
}
