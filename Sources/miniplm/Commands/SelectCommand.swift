import ArgumentParser
import DifferenceSampling
import Engine
import EngineInterface
import Numerics
import Pipeline

/// What a ratio keeps, before anything is written.
struct SelectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "select",
    abstract: "Show what a ratio would keep of scored chunks; writes nothing.",
    discussion: """
      With --list the chunks that a filter shows are printed as they are found, in the order of the \
      corpus: number, source, tokens, difference, what is done with it and why, and with --tokenizer \
      how its text begins. Terms of a filter stand side by side, with or between them, not or a minus \
      before them, and in parentheses: 'source:law dropped d<-0.1 tokens>500 "word"'. Its fields: \
      \(FilteredChunks.fields.map(\.name).joined(separator: ", ")), "text" and /regular expression/.
      """)

  @Option(help: "scores.safetensors, or the folder that holds it.")
  var scores: String
  @OptionGroup var selection: SelectionOptions
  @Option(help: "List the chunks that this filter shows; '' for all.")
  var list: String?
  @Option(help: "Folder of the token shards that were scored, for --list.")
  var shards: String?
  @Option(
    help: "tokenizer.json of the shards, or its folder, for text in --list.",
    transform: modelPlace())
  var tokenizer: String?
  @Option(help: "List so many chunks at most.", transform: whole(1...Most.counted))
  var limit: Int?
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if list == nil, shards != nil || tokenizer != nil || limit != nil {
      throw ValidationError("--shards, --tokenizer and --limit go with --list.")
    }
    if list != nil, shards == nil {
      throw ValidationError("--list wants the shards that were scored: add --shards.")
    }
    if tokenizer == nil, try filter()?.readsText == true {
      throw ValidationError("--list looks for text: add --tokenizer.")
    }
  }

  /// What is listed; nil: nothing is.
  private func filter() throws -> Filter? {
    guard let list else { return nil }
    try requireUTF8(list, option: "--list")
    do {
      return try Filter(list, fields: FilteredChunks.fields)
    } catch {
      let mark = String(repeating: " ", count: error.column) + "^"
      throw ValidationError(
        "--list, column \(error.column + 1): \(error.reason).\n  \(list)\n  \(mark)")
    }
  }

  func run() throws {
    if let filter = try filter(), let shards { return try print(filter, of: shards) }
    let verb = Select(scores: scores, settings: try selection.settings())
    let chosen = try CommandRun("select", common).run { try verb.run($0) }.selection
    let summary = chosen.summary
    if common.json {
      return try Output.json(
        Result(
          threshold: summary.threshold, all: summary.all, sources: summary.sources,
          entropyOfAll: summary.entropyOfAll, entropyOfKept: summary.entropyOfKept,
          meanDifference: summary.meanDifference, nonFinite: summary.nonFinite))
    }
    for share in summary.sources + [summary.all] where share.totalChunks > 0 {
      try Output.line(
        "\(share.source): kept \(Number.grouped(share.keptChunks)) of "
          + "\(Number.grouped(share.totalChunks)) chunks (\(Number.percent(share.keepRate))), "
          + "\(Number.grouped(share.keptTokens)) of \(Number.grouped(share.totalTokens)) tokens")
    }
    try Output.line(
      "\(Self.border(chosen.settings.ranking, summary.threshold)), mean of kept "
        + "\(Number.fixed(summary.meanDifference, 4)), entropy of the mix "
        + "\(Number.fixed(summary.entropyOfAll, 2)) -> \(Number.fixed(summary.entropyOfKept, 2)) bits"
    )
  }

  private func print(_ filter: Filter, of shards: String) throws {
    let stopped = ExitStatus.stopped("Stopped; what was found so far is printed.")
    let settings = try selection.settings()
    try CommandRun("select", common, whenStopped: stopped).run { work in
      let scored = try ScoredShards(shards, scores: scores, settings, work)
      let known = try tokenizer.map { try ShardsTokenizer.load($0, ofShards: shards, work) }
      try FilteredChunks(filter, of: scored, tokenizer: known)
        .run(limit: limit, threads: common.threadCount, work) { rows in
          for row in rows { try print(row) }
        }
    }
  }

  private func print(_ row: FilteredChunks.Row) throws {
    if common.json { return try Output.json(row) }
    let text = row.text.map { String($0.map { $0.isNewline || $0 == "\t" ? " " : $0 }) }
    try Output.row(
      [
        "\(row.chunk)", row.source, "\(row.tokens)", Number.fixed(row.difference, 4),
        row.state.rawValue,
      ] + (text.map { [$0] } ?? []))
  }

  /// "difference >= 0.6120": what the last chunk that is kept was ranked by.
  private static func border(_ ranking: SelectionRanking, _ value: Float?) -> String {
    let number = Number.fixed(value.map(Double.init), 4)
    return switch ranking {
    case .difference: "difference >= \(number)"
    case .lowestDifference: "difference <= \(number) (a control)"
    case .highestReferenceLoss: "reference NLL >= \(number) (a control), difference"
    case .lowestReferenceLoss: "reference NLL <= \(number) (a control), difference"
    }
  }

  private struct Result: Encodable {
    var threshold: Float?
    var all: SourceShare
    var sources: [SourceShare]
    var entropyOfAll: Double
    var entropyOfKept: Double
    var meanDifference: Double?
    var nonFinite: Int
  }
}

/// The rule, and what may be added to it.
struct SelectionOptions: ParsableArguments {
  @Option(help: "Share of the chunks that is kept, best first.", transform: real(0...1))
  var ratio: Double?
  @Option(
    help: "Keep every chunk with at least this difference, nats per token.",
    transform: single(real(-1e30...1e30)))
  var threshold: Float?
  @Option(
    help: """
      By what chunks are ranked: \(SelectionRanking.allCases.map(\.rawValue)
        .joined(separator: ", ")). All but the difference are controls, not part of the method.
      """)
  var by: SelectionRanking = .difference
  @Option(help: "SOURCE=SHARE: keep at least this share of a source. Not part of the method.")
  var floor: [String] = []
  @Option(
    help: "Drop chunks with a higher teacher NLL. Not part of the method.",
    transform: single(real(0...1e30)))
  var teacherNLLCap: Float?
  @Option(
    name: .customLong("selection"),
    help: """
      What was chosen on the screen, choices by hand included, instead of the options above: a \
      commit's selection.json, or a project's recipe.jsonl.
      """)
  var file: String?

  func validate() throws {
    guard ratio == nil || threshold == nil else {
      throw ValidationError("Give --ratio or --threshold, not both.")
    }
    let isGiven =
      ratio != nil || threshold != nil || !floor.isEmpty || teacherNLLCap != nil
      || by != .difference
    guard by.isMethod || threshold == nil else {
      throw ValidationError("--threshold is of differences: give --ratio with --by \(by.rawValue).")
    }
    guard file == nil || !isGiven else {
      throw ValidationError(
        "--selection holds the whole selection: leave out --ratio, --threshold, --by, --floor "
          + "and --teacher-nll-cap.")
    }
  }

  /// The source, which may hold "=", and the share behind the last one.
  private static func parts(_ text: String) -> [Substring] {
    guard let sign = text.lastIndex(of: "=") else { return [] }
    return [text[..<sign], text[text.index(after: sign)...]]
  }

  /// As settings; the ratio is 0.5 unless something is given.
  func settings() throws -> SelectionSettings {
    if let file { return try SelectionFile.read(file, mayBeStream: true) }
    var settings = SelectionSettings(
      rule: threshold.map { .threshold($0) } ?? .ratio(ratio ?? 0.5), ranking: by,
      teacherNLLCap: teacherNLLCap)
    for text in floor {
      try requireUTF8(text, option: "--floor")
      let parts = Self.parts(text)
      guard parts.count == 2, let share = Double(parts[1]), (0...1).contains(share) else {
        throw ValidationError(
          "--floor is \(text); expected SOURCE=SHARE with a share of 0 to 1.")
      }
      guard settings.floors.updateValue(share, forKey: String(parts[0])) == nil else {
        throw ValidationError("--floor names \(parts[0]) twice; expected one share for a source.")
      }
    }
    return settings
  }
}
