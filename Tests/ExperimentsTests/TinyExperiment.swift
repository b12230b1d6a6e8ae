import Experiments
import Foundation
import Pipeline
import Store
import TensorKit
import TinyCorpus

/// An experiment that is done in seconds: a few kilobytes of made-up text, models of a few thousand
/// parameters.
struct TinyExperiment {
  let root: String
  let recipe: String
  var folder: ExperimentFolder { ExperimentFolder(root + "/out") }

  init(_ changes: [(String, String)] = []) throws {
    root = NSTemporaryDirectory() + "miniplm-experiment-\(UUID().uuidString)"
    try Folder.make(root)
    for (part, count, start) in [("r", 60, 0), ("s", 80, 1000), ("h", 24, 2000)] {
      try AtomicFile.write(
        text: TinyDocuments.lines(count, from: start), to: "\(root)/\(part).jsonl")
    }
    recipe = root + "/tiny.json"
    let places = ["r", "s", "h"].map { ("\"\($0).jsonl\"", "\"\(root)/\($0).jsonl\"") }
    try AtomicFile.write(text: RecipeTests.text(places + changes), to: recipe)
  }

  func experiment(
    timeLimit: Double? = nil, threads: Int = 2, seeds: [UInt64]? = nil, only: [String] = []
  ) throws -> Experiment {
    // Models this small may fail the check that the teacher is better by more than chance.
    try Experiment(
      recipe: recipe, in: folder, seeds: seeds,
      Experiment.Settings(
        program: "test", waivers: [CheckWaiver(.teacher)], timeLimit: timeLimit, measuring: 0.01,
        only: only),
      compute: Ops(kernels: .best, pool: ParallelPool(threads: threads)))
  }

  /// Every file of the experiment that has to be equal however it was run: manifests and cards name
  /// their time, digests the place, and logs how long a step took.
  func results() throws -> [String: Data] {
    var files: [String: Data] = [:]
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    for name in names ?? [] where !Folder.isFolder("\(folder.path)/\(name)") {
      let isPlain =
        ["results/", "report/", "evaluations/", "scores/scores.s", "tokenizer/"]
        .contains { name.hasPrefix($0) }
        || [".bin", ".idx", "model.safetensors", "selection.json"].contains { name.hasSuffix($0) }
      if isPlain { files[name] = FileManager.default.contents(atPath: "\(folder.path)/\(name)") }
    }
    return files
  }
}
