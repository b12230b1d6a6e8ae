import ArgumentParser
import DifferenceSampling
import Engine
import LanguageModels
import Numerics
import Pipeline
import Store

/// The refined corpus.
struct CommitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "commit",
    abstract: "Write the refined corpus of a ratio as shards, with manifest and card.",
    discussion: """
      The kept chunks are written in the order of the corpus, under a new number; nothing is ever \
      overwritten, and a folder appears whole or not at all. Stopped between the refined corpus and \
      its uniform sample, the same command writes the sample that is missing.
      """)

  @Option(help: "Folder of the scored shards.")
  var shards: String
  @Option(help: "Folder that holds scores.safetensors.")
  var scores: String
  @Option(help: "Model folder or GGUF file of the teacher.", transform: modelPlace())
  var teacher: String
  @Option(help: "Model folder or GGUF file of the reference.", transform: modelPlace())
  var reference: String
  @Option(help: "Folder of the tokenizer, for the manifest.", transform: modelPlace())
  var tokenizer: String?
  @Option(name: [.short, .long], help: "Folder of all commits.")
  var output: String
  @Option(help: "Name in manifest and card.")
  var name = "corpus"
  @Flag(help: "Write a uniform sample with as many tokens, too.")
  var uniform = false
  @Option(help: "Seed of the uniform sample. (default: 10)", transform: seedNumber())
  var seed: UInt64 = 10
  @Flag(help: "Say what would be written, and write nothing.")
  var dryRun = false
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let settings = try selection.settings()
    try requireUTF8(name, option: "--name")
    try CommandRun(
      "commit", common,
      whenStopped: .stopped(
        "Stopped; nothing is half-written. The same command writes what is missing.")
    )
    .run { work in
      let inputs = try Commit.Inputs(
        Commit.Sources(
          shards: shards, scores: scores, teacher: ModelFolder(teacher),
          reference: ModelFolder(reference), tokenizer: tokenizer),
        digests: .kept(in: scores), work)
      let verb = Commit(
        inputs,
        settings: Commit.Settings(
          name: name, writesSample: uniform, sampleSeed: seed, program: Program.nameAndVersion),
        places: Commit.Places(commits: output))
      let chosen = try inputs.index().select(settings)
      if dryRun { return try report(verb.refined(chosen).plan()) }
      try report(verb.run(chosen, work))
    }
  }

  private func report(_ plan: CommitPlan) throws {
    for file in plan.files {
      try Output.line("\(file.name)  \(Number.bytes(file.bytes))  \(file.note)")
    }
    try Output.line(
      "\(Number.bytes(plan.bytes)) in \(plan.folder); \(Number.bytes(plan.freeBytes)) free")
  }

  private func report(_ written: Commit.Result) throws {
    let (refined, sample) = (written.refined, written.sample)
    if common.json {
      return try Output.json(
        Result(refined: refined.folder, uniform: sample?.folder, manifest: refined.manifest))
    }
    try Output.line(
      "\(Number.grouped(refined.manifest.all.keptChunks)) chunks, "
        + "\(Number.grouped(refined.manifest.all.keptTokens)) tokens in \(refined.folder)")
    if let sample { try Output.line("uniform sample in \(sample.folder)") }
  }

  private struct Result: Encodable {
    var refined: String
    var uniform: String?
    var manifest: CommitManifest
  }
}
