import ArgumentParser
import Corpus
import Numerics
import Pipeline

/// Shards into a part for the reference model and the rest.
struct SplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Set chunks aside for the reference model: two disjoint folders of shards.",
    discussion: """
      --tail takes the last chunks, as the published split does (whole shards are linked, not \
      copied). --random draws runs of documents by --seed: no document is on both sides, and the \
      few chunks that hold documents of both stand in neither folder. reserve.json in both folders \
      says what was done; scoring knows reserved chunks by their fingerprints.
      """)

  @Argument(help: "Folder of the token shards; FOLDER/data_0-199 for a part.")
  var shards: String
  @Option(help: "Share of the tokens to set aside, above 0 and below 1.", transform: properShare())
  var ratio: Double?
  @Option(help: "Tokens to set aside.", transform: whole(1...Most.counted))
  var tokens: Int?
  @Flag(help: "Take the last chunks (the default).")
  var tail = false
  @Flag(help: "Draw by the seed.")
  var random = false
  @Option(help: "Seed of --random. (default: 10)", transform: seedNumber())
  var seed: UInt64 = 10
  @Option(
    name: [.customShort("o"), .customLong("output")], help: "Folder for the reference model's part."
  )
  var reference: String
  @Option(help: "Folder for the rest.")
  var rest: String
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (ratio == nil) != (tokens == nil) else {
      throw ValidationError("Give one of --ratio and --tokens.")
    }
    if tail, random { throw ValidationError("Give one of --tail and --random.") }
  }

  func run() throws {
    let settings = Split.Settings(
      amount: tokens.map(Split.Amount.tokens) ?? .share(ratio ?? 0),
      rule: random ? .random(seed: seed) : .tail, threads: common.threadCount)
    let record = try CommandRun("split", common, whenStopped: .stoppedWithoutResult).run {
      try Split(shards: shards, reference: reference, rest: rest, settings).run($0)
    }
    if common.json { return try Output.json(record) }
    try Output.line(
      "\(Number.grouped(record.reservedChunks)) chunks, \(Number.grouped(record.reservedTokens)) tokens in "
        + reference)
    try Output.line(
      "\(Number.grouped(record.restChunks)) chunks, \(Number.grouped(record.restTokens)) tokens in \(rest)"
    )
    if record.leftOutChunks > 0 {
      try Output.line(
        "\(Number.grouped(record.leftOutChunks)) chunks with documents of both sides in neither")
    }
    if !record.separatesDocuments {
      try Output.line("A document that runs over several chunks may lie on both sides.")
    }
  }
}
