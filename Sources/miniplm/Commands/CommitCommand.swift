import ArgumentParser
import Corpus
import DifferenceSampling
import Engine
import Foundation
import LanguageModels
import Numerics
import Store

/// The refined corpus.
struct CommitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "commit",
    abstract: "Write the refined corpus of a ratio as shards, with manifest and card.",
    discussion: """
      The kept chunks are written in the order of the corpus, under a new number; nothing is ever \
      overwritten, and a folder appears whole or not at all.
      """)

  @Option(help: "Folder of the scored shards.")
  var shards: String
  @Option(help: "Folder that holds scores.safetensors.")
  var scores: String
  @Option(help: "Model folder of the teacher.")
  var teacher: String
  @Option(help: "Model folder of the reference.")
  var reference: String
  @Option(help: "Folder of the tokenizer, for the manifest.")
  var tokenizer: String?
  @Option(name: [.short, .long], help: "Folder of all commits.")
  var output: String
  @Option(help: "Name in manifest and card.")
  var name = "corpus"
  @Flag(help: "Write a uniform sample with as many tokens, too.")
  var uniform = false
  @Option(help: "Seed of the uniform sample.")
  var seed: UInt64 = 10
  @Flag(help: "Say what would be written, and write nothing.")
  var dryRun = false
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let source = try TokenShards(folder: shards)
    let scoresPath = scores + "/" + ChunkScoresFile.name
    let (table, metadata) = try ChunkScoresFile.read(scoresPath)
    let configuration = try ModelConfiguration(file: teacher + "/config.json")
    let context = CommitContext(
      projectName: name, commitsFolder: output, shards: source,
      vocabularySize: configuration.vocabularySize, corpus: try Identities.shards(shards),
      tokenizer: try tokenizer.map(Identities.tokenizer), teacher: try Identities.model(teacher),
      reference: try Identities.model(reference),
      inputs: try Identities.inputs(
        shards: shards, teacher: teacher, reference: reference, tokenizer: tokenizer),
      scoresPath: scoresPath, scoringPrecision: ChunkScoresFile.precision(of: metadata),
      scoringSeed: seed,
      program: Program.nameAndVersion, createdAt: ISO8601DateFormatter().string(from: Date()))
    let index = SelectionIndex(
      scores: table, sourceNames: source.sources, chunkCount: source.count)
    let commit = try CorpusCommit(
      context: context, content: .refined(index.select(selection.settings())))
    let plan = try commit.plan()
    if dryRun {
      for file in plan.files {
        Output.line("\(file.name)  \(Number.bytes(file.bytes))  \(file.note)")
      }
      Output.line(
        "\(Number.bytes(plan.bytes)) in \(plan.folder); \(Number.bytes(plan.freeBytes)) free")
      return
    }
    let written = try write(commit)
    var sample: String?
    if uniform {
      let content = UniformSample(
        source: source, tokenBudget: written.manifest.all.keptTokens, seed: seed)
      sample = try write(
        CorpusCommit(context: context, content: .uniform(content, scores: table))
      ).folder
    }
    if common.json {
      return try Output.json(
        Result(refined: written.folder, uniform: sample, manifest: written.manifest))
    }
    Output.line(
      "\(Number.grouped(written.manifest.all.keptChunks)) chunks, "
        + "\(Number.grouped(written.manifest.all.keptTokens)) tokens in \(written.folder)")
    if let sample { Output.line("uniform sample in \(sample)") }
  }

  private struct Result: Encodable {
    var refined: String
    var uniform: String?
    var manifest: CommitManifest
  }

  private func write(_ commit: CorpusCommit) throws -> (folder: String, manifest: CommitManifest) {
    var progress = ProgressLines("commit", isQuiet: common.quiet)
    let count = max(1, commit.chunks.count)
    return try commit.write { written in
      progress.report(Double(written) / Double(count), "\(Number.grouped(written)) chunks")
      return true
    }
  }
}
