import ArgumentParser
import LanguageModels
import Numerics
import Pipeline
import TensorKit
import Training

/// A teacher's distributions for students to come.
struct CacheLogitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache-logits",
    abstract: "Keep some tokens of a teacher's distributions, for train --logits.",
    discussion: """
      --samples draws tokens from each distribution and keeps their counts: the gradient of the \
      divergence then has the right expectation. --top-k keeps the likeliest, which is biased. One \
      cache serves every student of the same shards. Stopped or killed, the same command goes on and \
      gives the same bytes.
      """)

  @Option(help: "Model folder or GGUF file of the teacher.", transform: modelPlace())
  var teacher: String
  @Option(help: "Folder of the token shards.")
  var shards: String
  @Option(name: [.short, .long], help: "Folder for the cache.")
  var output: String
  @Option(help: "Draws at every position. (default: 50)", transform: whole(1...65_535))
  var samples: Int?
  @Option(
    help: "Keep so many of the likeliest tokens instead (biased).", transform: whole(1...65_535))
  var topK: Int?
  @Option(help: "Seed of the draws. (default: 10)", transform: seedNumber())
  var seed: UInt64 = 10
  @Option(
    help: "T, by which the teacher's logits are divided. (default: 1)",
    transform: real(0.01...1000))
  var temperature = 1.0
  @Option(
    help: """
      Columns of the teacher's vocabulary, for students that have fewer; by default all.
      """, transform: whole(1...Most.planned))
  var vocabulary: Int?
  @Option(help: "Most tokens taken of a chunk. (default: 1025)", transform: whole(2...Most.planned))
  var chunkTokens = 1025
  @Option(help: "Precision of the teacher: f32, bf16 or int8.")
  var precision = Precision.f32
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if samples != nil, topK != nil { throw ValidationError("Give one of --samples and --top-k.") }
  }

  func run() throws {
    let kept = topK.map(KeptTokens.likeliest) ?? .draws(count: samples ?? 50, seed: seed)
    let manifest = try CommandRun("cache-logits", common).run { work in
      try CacheLogits(
        teacher: ModelFolder(teacher), shards: shards, into: output,
        CacheLogits.Settings(
          kept, temperature: temperature, vocabularySize: vocabulary, chunkTokens: chunkTokens,
          precision: precision), compute: common.compute()
      ).run(work)
    }
    if common.json { return try Output.json(manifest) }
    guard let contents = manifest.contents else { return }
    try Output.line(
      "\(kept) at \(Number.grouped(contents.positions)) positions: \(Number.bytes(contents.bytes)), "
        + "\(Number.fixed(contents.bytesPerToken, 1)) bytes a token "
        + "(\(Number.grouped(2 * manifest.vocabularySize)) for a whole distribution in 16 bits)")
  }
}
