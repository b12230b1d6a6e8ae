import ArgumentParser
import LanguageModels
import Pipeline
import TensorKit
import Training

/// The held-out loss of one model, or the accuracy of models on zero-shot tasks.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model's loss on token shards or text, or accuracy on zero-shot tasks.",
    discussion: """
      On shards every chunk is read by itself, as MiniPLM publishes it. With --window, and on text, \
      whole documents are read in overlapping windows, as perplexity is usually published: each token \
      is a target once, with at least window - stride tokens before it, and no document is joined with \
      another. Intervals are drawn over documents.

      With --task, prompts, targets and decisions are those of lm-evaluation-harness, item by item; \
      several models are held to the first, in pairs of items.
      """)

  @Option(
    help: "Model folder or GGUF file; with --task it may be given again.", transform: modelPlace())
  var model: [String]
  @OptionGroup var data: EvaluationOptions
  @OptionGroup var tasks: TaskOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard !model.isEmpty else { throw ValidationError("--model is missing.") }
    guard tasks.task.isEmpty else {
      guard data.shards == nil, data.text.isEmpty, data.window == nil else {
        throw ValidationError("--task goes without --shards, --text and --window.")
      }
      if let option = data.givenForLosses {
        throw ValidationError("\(option) is for losses, not for --task.")
      }
      return
    }
    if model.count > 1 {
      throw ValidationError("Several models go with --task; compare measures the loss of two.")
    }
  }

  func run() throws {
    let (compute, folders) = (try common.compute(), model.map { ModelFolder($0) })
    guard tasks.task.isEmpty else { return try evaluateTasks(folders, compute) }
    let folder = folders[0]
    let settings = try data.settings(for: [folder], compute)
    let result = try CommandRun("evaluate", common, whenStopped: .evaluationStopped).run { work in
      switch try data.material() {
      case .chunks(let heldOut):
        try Evaluate(folder, on: heldOut, settings: settings, compute: compute).run(work)
      case .texts(let texts, let windows):
        try EvaluateTexts(
          folder, on: texts, windows: windows, settings: settings, compute: compute
        ).run(work)
      }
    }
    let summary = try result.summary(bands: data.bootstrap)
    if common.json { return try Output.json(summary) }
    for line in LossLines.of(summary) { try Output.line(line) }
  }

  private func evaluateTasks(_ models: [ModelFolder], _ compute: Ops) throws {
    let verb = try tasks.verb(models, data: data, compute: compute)
    let result = try CommandRun(
      "evaluate", common, whenStopped: tasks.items == nil ? .evaluationStopped : .stopped
    ).run { try verb.run(items: tasks.items, $0) }
    if common.json { return try Output.json(result) }
    for line in TaskLines.of(result) { try Output.line(line) }
  }
}

/// Two models on the same chunks.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract:
      "Compare two models on the same token shards or text: paired differences by source.")

  @Argument(help: "Model folder or GGUF file of A.", transform: modelPlace())
  var a: String
  @Argument(help: "Model folder or GGUF file of B.", transform: modelPlace())
  var b: String
  @OptionGroup var data: EvaluationOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let (compute, first, second) = (try common.compute(), ModelFolder(a), ModelFolder(b))
    let verb = Compare(
      first, second, on: try data.material(),
      settings: try data.settings(for: [first, second], compute), compute: compute)
    let result = try CommandRun("compare", common, whenStopped: .evaluationStopped)
      .run { try verb.run($0) }
    if common.json { return try Output.json(result) }
    for line in LossLines.of(result.comparison) { try Output.line(line) }
  }
}

extension ExitStatus {
  /// An evaluation keeps nothing of what it has done.
  fileprivate static let evaluationStopped = stopped(
    "Stopped; the same command begins again.")
}
