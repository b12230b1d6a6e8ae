import ArgumentParser
import Benchmarking
import Engine
import LanguageModels
import Numerics
import Store
import TensorKit

/// Speed of this machine, on random weights and real or synthetic data.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure scoring, generation, training, kernels, tokenizers and selection.",
    discussion: """
      Every measurement is one line with --json, else one row of a table. How figures are defined \
      stands in docs/BENCHMARKS.md; 'make bench-peers' compares with other programs.
      """,
    subcommands: [
      Score.self, Generate.self, Train.self, Kernels.self, Tokenizer.self, Read.self, Select.self,
      Shapes.self, Open.self, Tasks.self, Curves.self,
    ])
}

/// Which shapes, and how long each is measured.
struct BenchShapeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A shape (\(BenchmarkShape.names.joined(separator: ", "))) or all; may be repeated."))
  var shape: [String] = []
  @Option(help: "A Hugging Face config.json to measure; may be repeated.")
  var config: [String] = []
  @Option(
    help: "Take another vocabulary size than the shape's.", transform: whole(1...Most.planned))
  var vocabulary: Int?
  @Option(
    help: "Most repeats of a measurement, after one that is not measured. (default: 5)",
    transform: whole(1...1_000_000))
  var repeats = 5
  @Option(
    help: "Begin no further repeat after this many seconds. (default: 30.0)",
    transform: real(0...1e9))
  var seconds = 30.0

  func validate() throws {
    do {
      for name in shape where name != "all" { _ = try BenchmarkShape(named: name) }
    } catch let error as BenchmarkError {
      throw ValidationError(error.description)
    }
  }

  var policy: RepeatPolicy { RepeatPolicy(repeats: repeats, seconds: seconds) }

  /// The shapes in the order given; `standard` when none is named.
  func shapes(standard: [String]) throws -> [BenchmarkShape] {
    var shapes: [BenchmarkShape] = []
    for name in shape.isEmpty && config.isEmpty ? standard : shape {
      shapes += name == "all" ? try BenchmarkShape.all() : [try BenchmarkShape(named: name)]
    }
    shapes += try config.map { try BenchmarkShape(file: $0) }
    if let vocabulary {
      for index in shapes.indices { try shapes[index].setVocabulary(vocabulary) }
    }
    return shapes
  }
}

/// What the kernels and the library of products may use.
struct BenchInstructionOptions: ParsableArguments {
  @Option(
    help: """
      Measure with at most these instructions: baseline, avx2 or avx512. By default the best that the \
      processor has.
      """)
  var instructionSet: InstructionSet?

  /// Kernels and pool; with a `profile` the pool's runs are measured.
  func compute(_ common: CommonOptions, profile: PoolProfile? = nil) throws -> Ops {
    guard let instructionSet else { return try common.compute(profile: profile) }
    guard let kernels = TensorKit.Kernels(instructionSet) else {
      throw BenchmarkError.instructionSet(instructionSet, available: InstructionSet.supported)
    }
    try MatrixProduct.limit(to: instructionSet)
    return try Ops(
      kernels: kernels, pool: ParallelPool(threads: common.threadCount, profile: profile))
  }
}

/// Which precisions, and the size of a pass or step.
struct BenchModelOptions: ParsableArguments {
  @OptionGroup var shapes: BenchShapeOptions
  @Option(help: "f32, bf16 or int8 (scoring only); may be repeated.")
  var precision: [Precision] = []
  @Option(
    name: [.customLong("chunk-length"), .customLong("tokens")],
    help: "Input tokens of a chunk. (default: 1024)",
    transform: whole(1...BenchmarkError.mostSize))
  var chunkLength = 1024
  @Option(
    help: "Chunks of a pass or of an optimiser step. (default: 1)",
    transform: whole(1...BenchmarkError.mostSize))
  var batch = 1
  @Flag(help: "Show where the time goes: products, attention or scan, norms, loss, waiting.")
  var profile = false
  @OptionGroup var instructions: BenchInstructionOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard batch * chunkLength <= Most.planned else {
      throw ValidationError(
        "--batch times --chunk-length is \(batch) times \(chunkLength); expected at most "
          + "\(Most.planned) tokens in one pass.")
    }
  }

  /// Every shape in every precision, a line for each as soon as it is measured.
  func run(
    _ measure: (BenchmarkShape, ModelWork, Ops) throws -> ModelMeasurement
  ) throws {
    let compute = try instructions.compute(common, profile: profile ? PoolProfile() : nil)
    let table = BenchTable(ModelRow.columns, json: common.json)
    for shape in try shapes.shapes(standard: ["qwen-small", "mamba-small"]) {
      for precision in precision.isEmpty ? [.f32] : precision {
        let work = ModelWork(
          precision: precision, chunkLength: chunkLength, batch: batch, policy: shapes.policy)
        let result = try measure(shape, work, compute)
        try table.add(result, ModelRow.cells(result))
        if !common.json, let profile = result.profile { try ModelRow.show(profile) }
      }
    }
  }
}

extension BenchCommand {
  struct Score: ParsableCommand, LooksOnly {
    static let configuration = CommandConfiguration(
      abstract: "Log-probabilities of every token of random chunks, through the scorer of 'score'.")
    @OptionGroup var options: BenchModelOptions

    func run() throws {
      try options.run {
        try ScoreBenchmark.run($0, work: $1, compute: $2)
      }
    }
  }

  struct Train: ParsableCommand, LooksOnly {
    static let configuration = CommandConfiguration(
      abstract: "Whole optimiser steps on random chunks, through the trainer of 'train'.")
    @Flag(help: "Keep only each layer's input; backward runs layers forward again.")
    var checkpointBlocks = false
    @OptionGroup var options: BenchModelOptions

    func run() throws {
      try options.run { shape, work, compute in
        var work = work
        work.checkpointsBlocks = checkpointBlocks
        return try TrainBenchmark.run(shape, work: work, compute: compute)
      }
    }
  }
}

extension BenchCommand {
  struct Shapes: ParsableCommand, LooksOnly {
    static let configuration = CommandConfiguration(
      abstract: "List the shapes; with --json each is a line that holds its config.json.")
    @OptionGroup var shapes: BenchShapeOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
      for shape in try shapes.shapes(standard: BenchmarkShape.names) {
        if common.json {
          try Output.json(shape)
        } else {
          try Output.line(
            "\(shape.name): \(Number.grouped(shape.configuration.parameterCount)) parameters")
        }
      }
    }
  }
}
