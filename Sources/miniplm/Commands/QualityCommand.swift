import ArgumentParser
import CorpusQuality
import LanguageModels
import Pipeline
import TensorKit

/// What a selection does to a corpus.
struct QualityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quality",
    abstract: "Measure what a selection does to a corpus: diversity, mixture, duplicates, damage.",
    discussion: """
      All chunks, those that are kept and those that are dropped are measured on equally large \
      samples, drawn by the seed: distinct n-grams of token ids, the ratio by which zstd compresses \
      the text, and with --reference the Vendi score of its pooled hidden states. Keep rates and \
      agreement are of all scores, duplicates of all chunks.
      """)

  @Option(help: "Folder of the token shards that were scored.")
  var shards: String
  @Option(help: "scores.safetensors, or the folder that holds it.")
  var scores: String
  @OptionGroup var selection: SelectionOptions
  @Option(
    help: "Model folder or GGUF file whose hidden states give the Vendi score.",
    transform: modelPlace())
  var reference: String?
  @Option(
    help: "tokenizer.json of the shards, or its folder; by default that in the reference's folder.",
    transform: modelPlace())
  var tokenizer: String?
  @Option(
    help: ArgumentHelp(
      "Other scores of the same chunks, by another reference or a student: how far they would keep the "
        + "same. May be given again.", valueName: "scores"))
  var other: [String] = []
  @Option(
    help: ArgumentHelp(
      "The text that was packed, where damage was planted into it: what of each kind is dropped. May be "
        + "given again.", valueName: "path"))
  var planted: [String] = []
  @Option(help: "Field of the text that names what was done to a document.")
  var plantedField = "meta.planted"
  @Option(
    help: "Chunks of each group that n-grams and compression are measured on.",
    transform: whole(1...1 << 20))
  var sample = 2000
  @Option(
    help: "Chunks of each group that hidden states are computed of.", transform: whole(2...1 << 20))
  var states = 256
  @Option(help: "Level of zstd.", transform: whole(1...19))
  var level = 9
  @Option(help: "Seed of the samples.", transform: seedNumber())
  var seed: UInt64 = 1
  @Option(help: "Most tokens that the reference reads of a chunk.", transform: whole(1...1 << 20))
  var chunkTokens = 1024
  @Option(help: "Chunks of one forward pass.", transform: whole(1...1 << 20))
  var batch = 8
  @Option(help: "Precision of the reference: f32, bf16, int8, or auto.")
  var precision = PrecisionSetting.f32
  @Flag(help: "No duplicates, which need a pass over all chunks.")
  var noDuplicates = false
  @Flag(help: "Only equal texts, not those that nearly are.")
  var exactOnly = false
  @Option(help: "Folder for scratch files of duplicates (290 bytes a text).")
  var scratch: String?
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard batch * chunkTokens <= Most.planned else {
      throw ValidationError(
        "--batch times --chunk-tokens is \(batch) times \(chunkTokens); expected at most "
          + "\(Most.planned) tokens in one pass.")
    }
  }

  func run() throws {
    let compute = try common.compute()
    let model = reference.map { ModelFolder($0) }
    let verb = Quality(
      QualityInputs(
        shards: shards, scores: scores, reference: model, tokenizer: tokenizer, others: other,
        planted: planted, plantedField: plantedField),
      settings: Quality.Settings(
        selection: try selection.settings(), sample: sample, states: states,
        compressionLevel: level, seed: seed, chunkTokens: chunkTokens, chunksPerBatch: batch,
        precision: try ReadingPrecision.resolve(
          precision, models: model.map { [$0] } ?? [], tokens: batch * chunkTokens,
          compute: compute),
        duplicates: noDuplicates
          ? nil
          : Study.Settings(
            findsNearDuplicates: !exactOnly, scratch: scratch, threads: common.threadCount)),
      compute: compute)
    let report = try CommandRun("quality", common, whenStopped: .stoppedWithoutResult)
      .run { try verb.run($0) }
    if common.json { return try Output.json(report) }
    for line in QualityLines.of(report) { try Output.line(line) }
  }
}
