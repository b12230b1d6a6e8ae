import ArgumentParser
import Benchmarking
import Engine
import Numerics
import TensorKit

extension BenchCommand {
  struct Generate: ParsableCommand, LooksOnly {
    static let configuration = CommandConfiguration(
      abstract: "New tokens of a batch of random prompts, through the generator of 'generate'.")
    @OptionGroup var shapes: BenchShapeOptions
    @Option(help: "Number format of the products; may be repeated.")
    var precision: [Precision] = []
    @Option(
      help: "Sequences that are decoded together; may be repeated.",
      transform: whole(1...BenchmarkError.mostSize))
    var batch: [Int] = []
    @Option(
      help: "Tokens of each prompt. (default: 128)",
      transform: whole(1...BenchmarkError.mostSize))
    var promptTokens = 128
    @Option(
      help: "New tokens of each sequence. (default: 64)",
      transform: whole(GenerateWork.leastNewTokens...BenchmarkError.mostSize))
    var newTokens = 64
    @OptionGroup var instructions: BenchInstructionOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
      for batch in batch where batch * (promptTokens + newTokens) > Most.planned {
        throw ValidationError(
          "--batch times --prompt-tokens and --new-tokens is \(batch) times "
            + "\(promptTokens + newTokens); expected at most \(Most.planned) tokens.")
      }
    }

    func run() throws {
      let compute = try instructions.compute(common)
      let table = BenchTable(GenerateRow.columns, json: common.json)
      for shape in try shapes.shapes(standard: ["qwen-small", "mamba-small"]) {
        for precision in precision.isEmpty ? [.f32] : precision {
          for batch in batch.isEmpty ? [1, 8, 32] : batch {
            let result = try GenerateBenchmark.run(
              shape,
              work: GenerateWork(
                precision: precision, batch: batch, promptTokens: promptTokens,
                newTokens: newTokens),
              compute: compute)
            try table.add(result, GenerateRow.cells(result))
          }
        }
      }
    }
  }
}

/// A measured generation as a row.
enum GenerateRow {
  static let columns: [BenchTable.Column] = [
    .init(title: "shape", width: 14, isText: true),
    .init(title: "precision", width: 9, isText: true),
    .init(title: "threads", width: 7), .init(title: "batch", width: 5),
    .init(title: "prefill", width: 9), .init(title: "tokens/s", width: 9),
    .init(title: "median", width: 9),
    .init(title: "ms a step", width: 9), .init(title: "GB/s", width: 6),
    .init(title: "planned", width: 9),
  ]

  static func cells(_ result: GenerateMeasurement) -> [String] {
    [
      result.shape, result.precision.rawValue, "\(result.threads)", "\(result.batch)",
      Number.fixed(result.prefillTokensPerSecond, 1), Number.fixed(result.tokensPerSecond, 1),
      Number.fixed(result.tokensPerSecondMedian, 1), Number.fixed(result.stepSeconds * 1000, 2),
      Number.fixed(result.weightGigabytesPerSecond, 1),
      Number.bytes(result.plannedBytes),
    ]
  }
}
