import ArgumentParser
import Corpus
import CorpusStudy
import Engine
import Numerics
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
  @Option(help: "tokenizer.json of the shards, or its folder.")
  var tokenizer: String
  @Flag(help: "The pattern is a regular expression.")
  var regex = false
  @Flag(help: "Upper and lower case differ.")
  var caseSensitive = false
  @Option(help: "Only chunks of this source.")
  var source: String?
  @Option(help: "Stop after so many chunks that match.")
  var limit: Int?
  @OptionGroup var common: CommonOptions

  func run() throws {
    let corpus = try TokenShards(folder: shards)
    let search = try CorpusSearch(
      corpus, texts: TokenTexts(Tokenizer.load(from: tokenizer)),
      pattern: SearchPattern(pattern, isRegex: regex, ignoresCase: !caseSensitive), source: source)
    let interruption = Interruption {}
    var lines = ProgressLines("search", isQuiet: common.quiet)
    var shown = 0
    let progress = try search.run(threads: common.threadCount) { progress, hits in
      for hit in hits.prefix((limit ?? .max) - shown) {
        try print(hit, corpus)
        shown += 1
      }
      lines.report(
        Double(progress.searched) / Double(max(1, progress.total)),
        "\(Number.grouped(progress.searched)) of \(Number.grouped(progress.total)) searched, "
          + "\(Number.grouped(progress.hits)) match")
      return shown < limit ?? .max && !interruption.isRequested
    }
    if !common.quiet {
      Output.error(
        "search: \(Number.grouped(progress.hits)) chunks match of "
          + "\(Number.grouped(progress.searched)) searched, \(Number.grouped(progress.total)) in all, "
          + "\(Number.fixed(lines.elapsed, 2)) s")
    }
    if interruption.isRequested { throw ExitStatus.stopped }
  }

  private func print(_ hit: SearchHit, _ corpus: TokenShards) throws {
    if common.json {
      return try Output.json(
        Hit(
          chunk: hit.chunk, source: corpus.sources[hit.source], matches: hit.matches,
          excerpt: hit.excerpt))
    }
    let flat = hit.excerpt.map { $0.isNewline || $0 == "\t" ? " " : $0 }
    Output.line("\(hit.chunk)\t\(corpus.sources[hit.source])\t\(hit.matches)\t\(String(flat))")
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
  @Option(help: "tokenizer.json of the shards, or its folder.")
  var tokenizer: String?
  @Flag(help: "Only equal texts: half the work, and an eighth of the scratch space.")
  var exactOnly = false
  @Option(help: "Least similarity of nearly equal texts.")
  var threshold = 0.7
  @Option(help: "Folder for scratch files (290 bytes a text).")
  var scratch: String?
  @Option(name: [.short, .long], help: "Write the report as JSON to this file.")
  var output: String?
  @OptionGroup var fields: FieldOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if !(threshold > 0 && threshold <= 1) {
      throw ValidationError("--threshold is \(threshold); expected a number above 0, up to 1.")
    }
    if tokenizer != nil, inputs.count != 1 {
      throw ValidationError("With --tokenizer name one folder of token shards.")
    }
  }

  func run() throws {
    var options = CorpusStudy.Options()
    options.findsNearDuplicates = !exactOnly
    options.threshold = threshold
    if let scratch { options.scratch = scratch }
    let study: CorpusStudy
    if let tokenizer {
      study = try CorpusStudy(
        shards: TokenShards(folder: inputs[0]), tokenizer: Tokenizer.load(from: tokenizer),
        options: options)
    } else {
      let reader = try fields.readerOptions(for: inputs, isQuiet: common.quiet)
      study = try CorpusStudy(inputs: inputs, reader: reader, options: options)
    }
    let interruption = Interruption {}
    var progress = ProgressLines("study", isQuiet: common.quiet)
    let report: StudyReport
    do {
      report = try study.run(threads: common.threadCount) { phase, fraction in
        // Comparing is the smaller part.
        let done = exactOnly ? fraction : phase == .reading ? 0.7 * fraction : 0.7 + 0.3 * fraction
        progress.report(done, phase.rawValue)
        return !interruption.isRequested
      }
    } catch CorpusStudyError.cancelled {
      throw ExitStatus.stopped
    }
    if let output { try JSONFile.write(report, to: output) }
    if common.json { return try Output.json(report) }
    for line in StudyTable.lines(report) { Output.line(line) }
  }
}
