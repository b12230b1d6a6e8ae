import ArgumentParser
import LanguageModels
import Numerics
import Pipeline
import TensorKit
import Training

/// What is evaluated on.
struct EvaluationOptions: ParsableArguments {
  private static let usualBatch = 8
  private static let usualReplicates = 1000
  private static let usualSeed: UInt64 = 1

  @Option(help: "Folder of the token shards.")
  var shards: String?
  @Option(
    help: ArgumentHelp(
      "Text instead of shards: JSON lines, text files, folders of them, or - for standard input. "
        + "May be given again.", valueName: "path"))
  var text: [String] = []
  @Option(
    help: """
      At most so many chunks, texts, or items of each task, from the first. (default: 100000, as in \
      the paper; all items)
      """, transform: whole(1...Most.counted))
  var limit: Int?
  @Option(help: "Most tokens taken of a chunk. (default: 1025)", transform: whole(2...1 << 20))
  var chunkTokens: Int?
  @Option(
    help: "Read whole documents in windows of so many tokens. (default for --text: 1024)",
    transform: whole(2...1 << 20))
  var window: Int?
  @Option(
    help: "Tokens from one window to the next. (default: half a window)",
    transform: whole(1...1 << 20))
  var stride: Int?
  @Option(
    help: """
      What stands before a document: what its tokenizer puts there, nothing, or at least the token that \
      ends the one before (boundary), so that the first token counts, too.
      """)
  var start = TextStart.tokenizer
  @Option(
    help: "Chunks, or full windows, of one forward pass. (default: 8)",
    transform: whole(1...1 << 20))
  var batch = Self.usualBatch
  @Option(
    help: """
      Precision: f32 (the reference), bf16, int8, or auto: f32 where it fits into the memory, else \
      the widest that does.
      """)
  var precision = PrecisionSetting.f32
  @Option(
    help:
      "The end-of-text token; by default that of the shards' manifest, or the model's eos_token_id.",
    transform: tokenID())
  var eos: Int32?
  @Option(
    help: "Draws of the bootstrap, which gives intervals over documents. (default: 1000)",
    transform: whole(1...1_000_000))
  var replicates = Self.usualReplicates
  @Option(help: "Seed of these draws. (default: 1)", transform: seedNumber())
  var seed = Self.usualSeed
  @Option(
    help: "tokenizer.json of shards, text or tasks; by default that in the model's folder.",
    transform: modelPlace())
  var tokenizer: String?
  @OptionGroup var fields: FieldOptions

  /// Whether whole documents are read.
  private var readsWholeTexts: Bool { !text.isEmpty || window != nil }
  private var windowTokens: Int { window ?? 1024 }
  /// Tokens of one sequence of a pass.
  private var passTokens: Int { readsWholeTexts ? windowTokens : chunkTokens ?? 1025 }

  func validate() throws {
    guard batch * (passTokens - 1) <= Most.planned else {
      throw ValidationError(
        "--batch times \(readsWholeTexts ? "--window" : "--chunk-tokens") is \(batch) times "
          + "\(passTokens); expected at most \(Most.planned) tokens in one pass.")
    }
    if readsWholeTexts {
      if chunkTokens != nil {
        throw ValidationError("--chunk-tokens is for chunks; whole documents take --window.")
      }
      if let stride, stride >= windowTokens {
        throw ValidationError(
          "--stride is \(stride), expected 1 to \(windowTokens - 1), below the window.")
      }
    } else if stride != nil || start != .tokenizer {
      throw ValidationError("--stride and --start belong to --window or --text.")
    }
    if text.isEmpty, fields.textField != nil || fields.sourceField != nil || fields.strict {
      throw ValidationError("--text-field, --source-field and --strict belong to --text.")
    }
  }

  /// Chunks that the published code evaluates on at most.
  private static let publishedLimit = 100_000

  /// An option that was given and means nothing for tasks.
  var givenForLosses: String? {
    [
      (chunkTokens != nil, "--chunk-tokens"), (eos != nil, "--eos"),
      (batch != Self.usualBatch, "--batch"), (seed != Self.usualSeed, "--seed"),
      (replicates != Self.usualReplicates, "--replicates"),
    ].first { $0.0 }?.1
  }

  var bootstrap: Bootstrap { Bootstrap(replicates: replicates, seed: seed) }

  /// What the options name.
  func material() throws -> HeldOutMaterial {
    guard shards == nil || text.isEmpty, let place = try place() else {
      throw ValidationError(
        shards == nil
          ? "Give --task, --shards or --text: what the model is evaluated on."
          : "Give --shards or --text, not both.")
    }
    guard readsWholeTexts else {
      return .chunks(
        HeldOut(shards: shards ?? "", limit: limit ?? Self.publishedLimit, tokenizer: tokenizer))
    }
    return .texts(
      HeldOutTexts(place, limit: limit ?? Self.publishedLimit, tokenizer: tokenizer, start: start),
      try StridedWindows(window: windowTokens, stride: stride ?? max(1, windowTokens / 2)))
  }

  private func place() throws -> HeldOutTexts.Place? {
    if let shards { return .shards(shards) }
    return text.isEmpty ? nil : .files(text, try fields.fields)
  }

  /// For models that are evaluated in one precision.
  func settings(for models: [ModelFolder], _ compute: Ops) throws -> Evaluate.Settings {
    Evaluate.Settings(
      chunkTokens: passTokens, chunksPerBatch: batch,
      precision: try ReadingPrecision.resolve(
        precision, models: models, tokens: batch * (passTokens - 1), compute: compute),
      endOfText: eos, bootstrap: bootstrap)
  }
}
