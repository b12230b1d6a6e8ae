import ArgumentParser
import Corpus
import CorpusStudy
import Pipeline
import Store
import Tokenizers

/// Looking at corpora.
struct CorpusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corpus",
    abstract: "Look at a corpus: search it, study it, show its chunks and documents.",
    subcommands: [
      CorpusSearchCommand.self, CorpusStudyCommand.self, CorpusChunkCommand.self,
      CorpusDocumentCommand.self,
    ])
}

/// Text or a regular expression in every chunk.
struct CorpusSearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Find text, or a regular expression (RE2), in every chunk of token shards.",
    discussion: """
      Chunks that match are printed as they are found, in order: number, source, number of matches, \
      text around the first. A match that runs from one chunk into the next is not found.
      """)

  @Argument(help: "Folder of the token shards; FOLDER/data_0-199 for a part.")
  var shards: String
  @Argument(help: "What to look for.")
  var pattern: String
  @Option(help: "tokenizer.json of the shards, or its folder.", transform: modelPlace())
  var tokenizer: String
  @Flag(help: "The pattern is a regular expression.")
  var regex = false
  @Flag(help: "Upper and lower case differ.")
  var caseSensitive = false
  @Option(help: "Only chunks of this source.")
  var source: String?
  @Option(help: "Stop after so many chunks that match.", transform: whole(1...Most.counted))
  var limit: Int?
  @OptionGroup var common: CommonOptions

  func run() throws {
    try requireUTF8(pattern, option: "<pattern>")
    if let source { try requireUTF8(source, option: "--source") }
    let corpus = try TokenShards(folder: shards)
    let stopped = ExitStatus.stopped("Stopped; what was found so far is printed.")
    _ = try CommandRun("search", common, whenStopped: stopped).run { work in
      try Search(
        corpus, texts: TokenTexts(ShardsTokenizer.load(tokenizer, ofShards: shards, work)),
        for: SearchPattern(pattern, isRegex: regex, ignoresCase: !caseSensitive),
        Search.Settings(source: source, limit: limit, threads: common.threadCount)
      ).run(work) { hits, _ in
        for hit in hits { try print(hit, corpus) }
      }
    }
  }

  private func print(_ hit: SearchHit, _ corpus: TokenShards) throws {
    if common.json {
      return try Output.json(
        Hit(
          chunk: hit.chunk, source: corpus.sources[hit.source], matches: hit.matches,
          excerpt: hit.excerpt))
    }
    let flat = hit.excerpt.map { $0.isNewline || $0 == "\t" ? " " : $0 }
    try Output.row(["\(hit.chunk)", corpus.sources[hit.source], "\(hit.matches)", String(flat)])
  }

  private struct Hit: Encodable {
    var chunk: Int
    var source: String
    var matches: Int
    var excerpt: String
  }
}

/// Duplicates and statistics.
struct CorpusStudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "Count equal and nearly equal texts, lengths, scripts and tokens, by source.",
    discussion: """
      Inputs are documents (jsonl, zst, gz, text files, folders of them), or with --tokenizer one \
      folder of token shards, whose texts are the parts of chunks between end-of-text tokens. Nearly \
      equal: MinHash signatures over runs of five words that agree in the threshold.
      """)

  @Argument(help: "Documents, or a folder of token shards.")
  var inputs: [String]
  @Option(help: "tokenizer.json of the shards, or its folder.", transform: modelPlace())
  var tokenizer: String?
  @Flag(help: "Only equal texts: half the work, and an eighth of the scratch space.")
  var exactOnly = false
  @Option(
    help: "Least similarity of nearly equal texts. (default: 0.7)",
    transform: realAboveZero(upTo: 1))
  var threshold = 0.7
  @Option(help: "Folder for scratch files (290 bytes a text).")
  var scratch: String?
  @Option(name: [.short, .long], help: "Write the report as JSON to this file.")
  var output: String?
  @OptionGroup var fields: FieldOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if tokenizer != nil, inputs.count != 1 {
      throw ValidationError("With --tokenizer name one folder of token shards.")
    }
  }

  func run() throws {
    if let output { _ = try OutputPath(file: output) }
    let settings = Study.Settings(
      findsNearDuplicates: !exactOnly, threshold: threshold, scratch: scratch,
      threads: common.threadCount)
    let report = try CommandRun("study", common, whenStopped: .stoppedWithoutResult).run { work in
      try Study(input(work), report: output, settings).run(work)
    }
    if common.json { return try Output.json(report) }
    for line in StudyTable.lines(report) { try Output.line(line) }
  }

  private func input(_ work: Work) throws -> Study.Input {
    guard let tokenizer else {
      let inputs = try work.inputs(inputs)
      return .documents(inputs, try fields.fields.options(for: inputs, work))
    }
    return .shards(
      try TokenShards(folder: inputs[0]),
      try ShardsTokenizer.load(tokenizer, ofShards: inputs[0], work))
  }
}
