import Corpus
import DifferenceSampling
import LanguageModels
import Numerics
import Store
import TensorKit
import Training

/// `README.md` of a trained model: what it is, what it was trained on and how, and what came out, in
/// the hub's form.
struct ModelCard {
  static let fileName = "README.md"

  /// Markdown with a head that the hub reads.
  let text: String

  /// - Parameters:
  ///   - announcement: of the training.
  ///   - place: where the run's log and its shards stand.
  ///   - hasTokenizer: whether one lies beside the weights.
  /// - Throws: `StoreError` for a log or a record that cannot be read.
  init(
    _ announcement: TrainingAnnouncement, at place: TrainingPlace, output: String,
    data: TrainingDataRecord?, hasTokenizer: Bool
  ) throws {
    let metrics = try Self.last(of: place.runFolder)
    let name = output.split(separator: "/").last.map(String.init) ?? "model"
    var lines = Self.head(announcement)
    lines += ["# \(name)", "", Self.summary(announcement), ""]
    lines += ["## Data", ""] + (try Self.data(place, data)).map { "- \($0)" }
    lines += ["", "## Training", ""]
    lines += (Self.training(announcement, metrics.step) + (try Self.departures(place.runFolder)))
      .map { "- \($0)" }
    lines += Self.results(metrics.step, metrics.evaluation)
    if hasTokenizer { lines += Self.use(name) }
    lines += ["", "The licence is that of the data and of the models that took part.", ""]
    text = lines.joined(separator: "\n")
  }

  func write(folder: String) throws(StoreError) {
    try AtomicFile.write(text: text, to: "\(folder)/\(Self.fileName)")
  }

  /// The newest step and evaluation of a run's log.
  private static func last(
    of runFolder: String
  ) throws -> (step: StepMetrics?, evaluation: EvaluationRecord?) {
    try MetricsLog.read(runFolder: runFolder).reduce(into: (nil, nil)) { last, record in
      switch record {
      case .step(let step): last.step = step
      case .evaluation(let evaluation): last.evaluation = evaluation
      default: break
      }
    }
  }

  private static func head(_ announcement: TrainingAnnouncement) -> [String] {
    let tags =
      ["pretraining"]
      + (announcement.training.distillation == nil ? [] : ["knowledge-distillation"])
    return ["---", "library_name: transformers", "pipeline_tag: text-generation", "tags:"]
      + tags.map { "- \($0)" } + ["---", ""]
  }

  private static func summary(_ announcement: TrainingAnnouncement) -> String {
    let model = announcement.model
    let recipe = announcement.preset.map { ", by the recipe \($0.name)" } ?? ""
    return "\(model.family.name) with \(Number.grouped(model.parameterCount)) parameters\(recipe): "
      + "\(model.layerCount) layers, hidden size \(Number.grouped(model.hiddenSize)), vocabulary "
      + "\(Number.grouped(model.vocabularySize)), "
      + (model.tiesWordEmbeddings ? "embeddings tied." : "embeddings not tied.")
  }

  /// What the shards are, as far as records beside them say it.
  private static func data(
    _ place: TrainingPlace, _ data: TrainingDataRecord?
  ) throws -> [String] {
    var facts: [String] = []
    if let data {
      facts.append("\(Number.grouped(data.chunks)) chunks, identity `\(data.identity)`")
    }
    if Folder.exists("\(place.shards)/\(CommitManifest.fileName)"),
      let manifest = try? CommitManifest.read(folder: place.shards)
    {
      facts.append(
        "\(manifest.name), version \(manifest.version): \(CommitCard.summary(manifest))")
      for (role, model) in [("teacher", manifest.teacher), ("reference", manifest.reference)] {
        if let model { facts.append("\(role) of the selection: \(words(model))") }
      }
    }
    if Folder.exists("\(place.shards)/\(ContinuationRecord.fileName)") {
      let record = try JSONFile.read(
        ContinuationRecord.self, from: "\(place.shards)/\(ContinuationRecord.fileName)")
      facts.append(
        "SeqKD: behind the first \(Number.grouped(record.settings.promptTokens)) tokens of a chunk the "
          + "text is that of \(words(record.teacher))")
    }
    return facts.isEmpty ? ["not recorded"] : facts
  }

  private static func words(_ model: ArtifactIdentity) -> String {
    "\(model.name) (sha256 `\(model.digest)`)"
  }

  private static func training(
    _ announcement: TrainingAnnouncement, _ last: StepMetrics?
  ) -> [String] {
    let training = announcement.training
    var facts = [
      announcement.recipeLine, announcement.epochLine,
      "\(training.precision == .bf16 ? "bf16-mixed" : training.precision.rawValue), seed "
        + "\(training.seed)",
    ]
    if let preset = announcement.preset {
      let changes = training.changes(from: preset.training).map(\.words)
      facts.append(
        "recipe \(preset.name) (\(preset.summary)), "
          + (changes.isEmpty ? "unchanged" : "but \(changes.joined(separator: ", "))"))
    }
    if let distillation = training.distillation {
      let isSampling = training.minillm != nil
      facts.append("\(isSampling ? "MiniLLM, loss on text" : "Vanilla KD"): \(distillation)")
    }
    if let samples = training.minillm {
      facts.append("MiniLLM, loss on samples: \(samples)")
    }
    if let last {
      facts.append(
        "\(Number.grouped(last.step)) steps, \(Number.grouped(last.tokensSeen)) tokens, "
          + "\(Number.significant(announcement.account.total, 4)) FLOPs")
    }
    return facts
  }

  private static let mostDecisions = 20

  /// What leaves the plan of batches: forks, and what was decided about faulty steps.
  private static func departures(_ runFolder: String) throws(StoreError) -> [String] {
    var facts: [String] = []
    if let fork = try RunFork.read(runFolder: runFolder) {
      facts.append(
        "a fork of the run \(fork.parent.split(separator: "/").last ?? "") behind its step "
          + "\(Number.grouped(fork.checkpointStep)), without "
          + RunFork.words(chunks: fork.droppedChunks.count))
    }
    let decisions = try Decisions.read(runFolder: runFolder).leftOut
    facts += decisions.prefix(mostDecisions).map {
      "step \(Number.grouped($0.fault.step)): \($0.fault.text); "
        + ($0.action == .back ? "its batch was passed over" : "its update was left out")
    }
    if decisions.count > mostDecisions {
      facts.append("\(Number.grouped(decisions.count - mostDecisions)) steps more like these")
    }
    return facts
  }

  private static func results(_ step: StepMetrics?, _ evaluation: EvaluationRecord?) -> [String] {
    var lines = ["", "## Results", ""]
    if let loss = step?.smoothedLoss {
      lines.append("Training loss at the end (moving mean): \(Number.fixed(loss, 4)) nats a token.")
    }
    guard let losses = evaluation?.losses else { return lines }
    lines += [
      "", "Held-out loss, nats a token:", "",
      "| source | chunks | tokens | mean over chunks | mean over tokens | bits a byte |",
      "|---|---|---|---|---|---|",
    ]
    for source in losses.sources + [losses.all] {
      lines.append(
        "| \(source.name) | \(Number.grouped(source.chunks)) | \(Number.grouped(source.tokens)) | "
          + "\(Number.fixed(source.chunkMean, 4)) | \(Number.fixed(source.tokenMean, 4)) | "
          + "\(Number.fixed(source.bitsPerByte, 4)) |")
    }
    return lines
  }

  private static func use(_ name: String) -> [String] {
    [
      "", "## Use", "", "```python",
      "from transformers import AutoModelForCausalLM, AutoTokenizer", "",
      "tokenizer = AutoTokenizer.from_pretrained(\"\(name)\")",
      "model = AutoModelForCausalLM.from_pretrained(\"\(name)\")",
      "inputs = tokenizer(\"Once upon a time\", return_tensors=\"pt\")",
      "print(tokenizer.decode(model.generate(**inputs, max_new_tokens=40)[0]))", "```",
    ]
  }
}
