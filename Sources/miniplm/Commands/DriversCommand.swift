import ArgumentParser
import CorpusQuality
import DifferenceSampling
import LanguageModels
import Pipeline
import TensorKit

/// What drives that chunks are kept.
struct DriversCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drivers",
    abstract: "Find which tokens and n-grams drive that chunks are kept, by source.",
    discussion: """
      N-grams of token ids that tell kept chunks from dropped ones, on a sample drawn by the seed: log \
      odds ratios with a Dirichlet prior and their z-scores (Monroe, Colaresi and Quinn 2008), each \
      n-gram counted once in a chunk. With --token-scores also which tokens add most to the \
      differences, and which take away most: chunks are scored token by token with --teacher and \
      --reference, and what was scored once is read from that file.
      """)

  @Option(help: "Folder of the token shards that were scored.")
  var shards: String
  @Option(help: "scores.safetensors, or the folder that holds it.")
  var scores: String
  @OptionGroup var selection: SelectionOptions
  @Option(
    help: "tokenizer.json of the shards, or its folder; by default that in the reference's folder.",
    transform: modelPlace())
  var tokenizer: String?
  @Option(help: "Chunks that are read.", transform: whole(2...1 << 20))
  var sample = 4000
  @Option(help: "Tokens of the longest n-gram.", transform: whole(1...8))
  var longest = 3
  @Option(help: "Rows of each side.", transform: whole(1...1000))
  var top = 25
  @Option(help: "Seed of the samples.", transform: seedNumber())
  var seed: UInt64 = 1
  @Option(help: "File of token scores: read, and added to with both models.")
  var tokenScores: String?
  @Option(help: "The model folder of the teacher.", transform: modelPlace())
  var teacher: String?
  @Option(help: "The model folder of the reference.", transform: modelPlace())
  var reference: String?
  @Option(help: "Chunks to score token by token.", transform: whole(1...1 << 20))
  var chunks = 96
  @Option(help: "Most tokens of a chunk that the models read.", transform: whole(1...1 << 20))
  var chunkTokens = 1024
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard teacher == nil || (reference != nil && tokenScores != nil) else {
      throw ValidationError("--teacher needs --reference and --token-scores.")
    }
  }

  func run() throws {
    let compute = try common.compute()
    let inputs = QualityInputs(
      shards: shards, scores: scores, reference: reference.map { ModelFolder($0) },
      tokenizer: tokenizer)
    let chosen = try selection.settings()
    let report = try CommandRun("drivers", common, whenStopped: .stoppedWithoutResult).run { work in
      let drivers = try Drivers(
        inputs, selection: chosen,
        Drivers.Settings(sample: sample, longest: longest, top: top, seed: seed), work)
      guard let tokenScores else { return try drivers.run(work) }
      let scoring = drivers.scoring(cache: tokenScores, maximumPositions: chunkTokens)
      guard let teacher, let reference else {
        return try drivers.run(work, scored: try scoring.known())
      }
      let scored = try scoring.run(drivers.chunksToScore(chunks), work.part(0...0.8)) {
        let settings = ScoringSettings(endOfText: 0, maximumPositions: chunkTokens)
        return (
          try ModelScorer(folder: teacher, settings: settings, compute: compute),
          try ModelScorer(folder: reference, settings: settings, compute: compute)
        )
      }
      return try drivers.run(work.part(0.8...1), scored: scored)
    }
    if common.json { return try Output.json(report) }
    for line in DriversLines.of(report) { try Output.line(line) }
  }
}
