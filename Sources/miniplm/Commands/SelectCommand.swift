import ArgumentParser
import DifferenceSampling
import Numerics
import Pipeline

/// What a ratio keeps, before anything is written.
struct SelectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "select",
    abstract: "Show what a ratio would keep of scored chunks; writes nothing.")

  @Option(help: "scores.safetensors, or the folder that holds it.")
  var scores: String
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
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
