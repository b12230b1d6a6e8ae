import ArgumentParser
import Evaluation
import LanguageModels
import Pipeline
import Store
import TensorKit

/// Which zero-shot tasks a model is evaluated on, and how.
struct TaskOptions: ParsableArguments {
  @Option(
    help: """
      A zero-shot task and its file, NAME=FILE; once for each: hellaswag, lambada_openai, winogrande, \
      openbookqa, arc_easy, arc_challenge, piqa, social_iqa, storycloze_2018. Files are JSON lines \
      (plain, .gz, .zst) with the field names of the hub's data sets; StoryCloze also the official \
      table.
      """, transform: TaskOptions.file)
  var task: [TaskFile] = []
  @Option(
    name: .customLong("items"),
    help: "File of JSON lines for every item: scores and decisions; a stopped run goes on in it.")
  var items: String?
  @Option(help: "Release of lm-evaluation-harness that is reproduced. (default: 0.4.13)")
  var compat = HarnessVersion.newest
  @Option(
    help: """
      Tokens of a text at most, the last ones; by default what the model or its tokenizer was made \
      for, else 2048.
      """, transform: whole(2...1 << 24))
  var maxLength: Int?
  @Flag(
    inversion: .prefixedNo,
    help: "Begin texts with the beginning-of-text token, or never; by default as the release does.")
  var addBosToken: Bool?
  @Option(
    help: "Positions of a forward pass. (default: 4096)", transform: whole(1...1 << 20))
  var passTokens: Int?

  func validate() throws {
    guard task.isEmpty else { return }
    for (isGiven, option) in [
      (items != nil, "--items"), (maxLength != nil, "--max-length"),
      (addBosToken != nil, "--add-bos-token"), (passTokens != nil, "--pass-tokens"),
    ] where isGiven {
      throw ValidationError("\(option) goes with --task NAME=FILE, which is missing.")
    }
  }

  /// The verb for these options.
  func verb(
    _ models: [ModelFolder], data: EvaluationOptions, compute: Ops
  ) throws -> EvaluateTasks {
    var settings = EvaluateTasks.Settings(
      version: compat, limit: data.limit, addsBeginning: addBosToken, longest: maxLength)
    if let passTokens { settings.passTokens = passTokens }
    settings.precision = try ReadingPrecision.resolve(
      data.precision, models: models, tokens: settings.passTokens, compute: compute)
    return EvaluateTasks(
      models, on: task, tokenizer: data.tokenizer, settings: settings, digests: FileDigests(),
      compute: compute)
  }

  /// NAME=FILE.
  static func file(_ text: String) throws -> TaskFile {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let names = ZeroShotTask.allCases.map(\.rawValue).joined(separator: ", ")
    guard parts.count == 2, !parts[1].isEmpty else {
      throw ValidationError("'\(text)' is no NAME=FILE; names are \(names).")
    }
    guard let task = ZeroShotTask(name: String(parts[0])) else {
      throw ValidationError("'\(parts[0])' is no task that is known here: \(names).")
    }
    return TaskFile(task, path: String(parts[1]))
  }
}
