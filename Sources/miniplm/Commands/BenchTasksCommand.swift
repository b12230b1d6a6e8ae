import ArgumentParser
import Benchmarking
import Evaluation
import LanguageModels
import Numerics
import Pipeline
import Store
import TensorKit

extension BenchCommand {
  /// Items of a zero-shot task in a second.
  struct Tasks: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Speed of zero-shot evaluation: a real model on the first items of HellaSwag.",
      discussion: """
        What is timed is all that 'evaluate --task' does, the loading of the model included. \
        Benchmarks/tasks/run.py compares with lm-evaluation-harness.
        """)

    @Argument(help: "Model folder or GGUF file, with its tokenizer.", transform: modelPlace())
    var model: String
    @Argument(help: "HellaSwag's items.")
    var file: String
    @Option(help: "Items. (default: 100)", transform: whole(1...Most.counted))
    var limit = 100
    @Option(help: "Precision: f32, bf16 or int8. (default: f32)")
    var precision = Precision.f32
    @Option(help: "Positions of a forward pass. (default: 4096)", transform: whole(1...1 << 20))
    var passTokens = 4096
    @OptionGroup var common: CommonOptions

    /// One measurement.
    struct Measurement: Encodable {
      var items: Int
      var seconds: Double
      var itemsPerSecond: Double
      var accNorm: Double?
      var peakResidentBytes: Int

      enum CodingKeys: String, CodingKey {
        case items, seconds, itemsPerSecond, peakResidentBytes
        case accNorm = "acc_norm"
      }
    }

    func run() throws {
      let compute = try common.compute()
      let verb = EvaluateTasks(
        [ModelFolder(model)], on: [TaskFile(.hellaswag, path: file)],
        settings: EvaluateTasks.Settings(
          precision: precision, limit: limit, passTokens: passTokens),
        digests: FileDigests(), compute: compute)
      let start = ContinuousClock.now
      let result = try CommandRun("bench tasks", common).run { try verb.run($0) }
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      guard let row = result.tasks.first?.value else { return }
      let found = Measurement(
        items: row.items, seconds: seconds, itemsPerSecond: Double(row.items) / seconds,
        accNorm: row.accNorm, peakResidentBytes: ProcessMemory.peakBytes())
      if common.json { return try Output.json(found) }
      try Output.line(
        "\(Number.fixed(found.itemsPerSecond, 2)) items/s (\(row.items) in "
          + "\(Number.fixed(seconds, 1)) s), \(Number.bytes(found.peakResidentBytes))")
    }
  }
}
