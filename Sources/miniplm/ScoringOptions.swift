import ArgumentParser
import LanguageModels
import Pipeline
import Store

/// What every command that scores chunks needs: the corpus, both models, the cut of the batches.
struct ScoringOptions: ParsableArguments {
  @Option(help: "Folder of the token shards.")
  var shards: String
  @Option(help: "Model folder or GGUF file of the teacher.", transform: modelPlace())
  var teacher: String
  @Option(help: "Model folder or GGUF file of the reference.", transform: modelPlace())
  var reference: String
  @Option(
    help:
      "The end-of-text token; by default that of the shards' manifest, or the teacher's eos_token_id.",
    transform: tokenID())
  var eos: Int32?
  @Option(
    help: "Most input tokens of a batch; by default by memory, or as in scores that are there.",
    transform: whole(1...Most.planned))
  var tokensPerBatch: Int?
  @Option(
    help: "Most positions of a chunk that are scored. (default: 1024)",
    transform: whole(1...Most.planned))
  var positions = 1024

  /// As a verb takes them; digests that were made stay in the folder of the scores, if there is one.
  func inputs(_ common: CommonOptions, digests folder: String?) throws -> ScoringInputs {
    ScoringInputs(
      shards: shards, teacher: ModelFolder(teacher), reference: ModelFolder(reference),
      endOfText: eos, digests: folder.map { .kept(in: $0) } ?? FileDigests(),
      compute: try common.compute())
  }
}

extension FileDigests {
  /// Digests that stay in a folder, so that a command that goes on does not make them again.
  static func kept(in folder: String) -> FileDigests {
    FileDigests(file: "\(folder)/digests.json")
  }
}
