import ArgumentParser
import DifferenceSampling
import Engine
import LanguageModels
import TensorKit

/// What every command that scores chunks needs: the corpus, both models, the cut of the batches.
struct ScoringOptions: ParsableArguments {
  @Option(help: "Folder of the token shards.")
  var shards: String
  @Option(help: "Model folder of the teacher.")
  var teacher: String
  @Option(help: "Model folder of the reference.")
  var reference: String
  @Option(help: "The end-of-text token; by default the teacher's eos_token_id.")
  var eos: Int32?
  @Option(
    help: "Most input tokens of a batch; by default by memory, or as in scores that are there.")
  var tokensPerBatch: Int?
  @Option(help: "Most positions of a chunk that are scored.")
  var positions = 1024

  /// Settings that the options decide; the command adds its own before it plans.
  func settings() throws -> ScoringSettings {
    ScoringSettings(
      endOfText: try eos ?? Self.endOfText(of: teacher), maximumPositions: positions)
  }

  /// The memory of a job with `settings`, with the batch size of the scores in `folder` if any.
  func plan(
    _ settings: ScoringSettings, folder: String, compute: Ops
  ) throws -> ScoringMemory {
    try ScoringMemory.plan(
      teacher: ModelConfiguration(file: teacher + "/config.json"),
      reference: ModelConfiguration(file: reference + "/config.json"), settings: settings,
      tokensPerBatch: tokensPerBatch ?? ScoringJob.recordedTokensPerBatch(folder: folder),
      compute: compute)
  }

  /// The model in `folder`, to be loaded when a job with the given settings needs it.
  static func model(
    _ folder: String, compute: Ops
  ) throws -> (ScoringSettings) -> ScoringModel {
    let identity = try Identities.model(folder)
    return { settings in
      ScoringModel(identity: identity) {
        try ModelScorer(folder: folder, settings: settings, compute: compute)
      }
    }
  }

  /// The end-of-text token that a model folder names.
  static func endOfText(of folder: String) throws -> Int32 {
    let configuration = try ModelConfiguration(file: folder + "/config.json")
    guard let id = configuration.specialTokens.end.first else {
      throw ExitStatus(
        code: 2, text: "\(folder)/config.json names no eos_token_id; give --eos.")
    }
    return Int32(id)
  }
}
