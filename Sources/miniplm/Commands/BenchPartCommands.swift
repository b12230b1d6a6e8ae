import ArgumentParser
import Benchmarking
import Engine
import Numerics
import TensorKit

extension BenchCommand {
  struct Kernels: ParsableCommand, LooksOnly {
    static let configuration = CommandConfiguration(
      abstract: "Every kernel of a shape alone: products, attention, scan, head and loss, the rest."
    )
    @OptionGroup var shapes: BenchShapeOptions
    @Option(
      name: [.customLong("chunk-length"), .customLong("tokens")],
      help: "Tokens of the one sequence that kernels work on. (default: 1024)",
      transform: whole(1...BenchmarkError.mostSize))
    var chunkLength = 1024
    @Option(help: "f32, bf16 or int8 products and head.")
    var precision = Precision.f32
    @Option(help: "Only kernels whose name contains this.")
    var only = ""
    @OptionGroup var instructions: BenchInstructionOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
      let compute = try instructions.compute(common)
      let table = BenchTable(
        [
          .init(title: "shape", width: 14, isText: true),
          .init(title: "kernel", width: 32, isText: true),
          .init(title: "size", width: 28, isText: true), .init(title: "ms", width: 9),
          .init(title: "median", width: 9), .init(title: "rate", width: 20),
        ], json: common.json)
      for shape in try shapes.shapes(standard: ["qwen-104m", "mamba-130m"]) {
        try KernelBenchmark.run(
          shape, tokens: chunkLength, precision: precision, only: only, policy: shapes.policy,
          compute: compute
        ) { result in
          try table.add(
            result,
            [
              result.shape, result.kernel, result.size, Number.fixed(result.seconds * 1e3, 3),
              Number.fixed(result.secondsMedian * 1e3, 3), Self.rate(result),
            ])
        }
      }
    }

    private static func rate(_ result: KernelMeasurement) -> String {
      if let value = result.gigaflops { return Number.fixed(value, 1) + " GFLOP/s" }
      if let value = result.gigabytesPerSecond { return Number.fixed(value, 1) + " GB/s" }
      if let value = result.nanosecondsPerState { return Number.fixed(value, 3) + " ns a state" }
      return ""
    }
  }

  struct Tokenizer: ParsableCommand, LooksOnly {
    static let configuration = CommandConfiguration(
      abstract: "Encode real text, document by document.")
    @Option(help: "A text file or a folder, also compressed; by default text of this machine.")
    var text: String?
    @Option(
      help: "tokenizer.json or its folder; by default a small one is trained on the text.",
      transform: modelPlace())
    var tokenizer: String?
    @Option(help: "Bytes of text at most. (default: 20000000)", transform: whole(1...Most.counted))
    var bytes = 20_000_000
    @Option(
      help: "Most repeats, after one that is not measured. (default: 5)",
      transform: whole(1...1_000_000))
    var repeats = 5
    @Option(
      help: "Begin no further repeat after this many seconds. (default: 30.0)",
      transform: real(0...1e9))
    var seconds = 30.0
    @Flag(help: "Instead of real text: long runs and words, and whether their cost is linear.")
    var adversarial = false
    @OptionGroup var common: CommonOptions

    func run() throws {
      if adversarial { return try runAdversarial() }
      let benchmark = try TokenizerBenchmark(text: text, limit: bytes)
      let result = try benchmark.run(
        tokenizer: tokenizer, policy: RepeatPolicy(repeats: repeats, seconds: seconds),
        compute: common.compute())
      if common.json { return try Output.json(result) }
      try Output.line(
        "\(Number.fixed(result.megabytesPerSecond, 1)) MB/s (median "
          + "\(Number.fixed(result.megabytesPerSecondMedian, 1))) on \(result.threads) threads: "
          + "\(Number.bytes(result.bytes)) in \(Number.grouped(result.documents)) documents of "
          + "\(result.text), \(Number.grouped(result.tokens)) tokens "
          + "(\(Number.fixed(result.bytesPerToken, 2)) bytes each), vocabulary "
          + "\(Number.grouped(result.vocabulary)) (\(result.tokenizer))")
    }

    private func runAdversarial() throws {
      guard let tokenizer else { throw ValidationError("--adversarial needs --tokenizer") }
      let table = BenchTable(
        [
          .init(title: "text", width: 32, isText: true), .init(title: "bytes", width: 11),
          .init(title: "tokens", width: 11), .init(title: "MB/s", width: 8),
          .init(title: "twice by once", width: 14),
        ], json: common.json)
      try AdversarialTexts.run(
        tokenizer: tokenizer, bytes: bytes,
        policy: RepeatPolicy(repeats: repeats, seconds: min(seconds, 2))
      ) { result in
        try table.add(
          result,
          [
            result.text, Number.grouped(result.bytes), Number.grouped(result.tokens),
            Number.fixed(result.megabytesPerSecond, 1), Number.fixed(result.ratio, 2),
          ])
      }
    }
  }

  struct Select: ParsableCommand, LooksOnly {
    static let configuration = CommandConfiguration(
      abstract: "Sort synthetic scores once, then move the ratio.")
    @Option(
      help: "Scored chunks; may be repeated (10^8 take about 5 GB).",
      transform: whole(1...1_000_000_000))
    var rows: [Int] = []
    @Option(help: "Random ratios. (default: 1000)", transform: whole(1...BenchmarkError.mostSize))
    var moves = 1000
    @OptionGroup var common: CommonOptions

    func run() throws {
      let compute = try common.compute()
      let table = BenchTable(
        [
          .init(title: "rows", width: 13), .init(title: "build s", width: 8),
          .init(title: "move us", width: 8), .init(title: "median", width: 8),
          .init(title: "slowest", width: 8), .init(title: "list s", width: 8),
          .init(title: "grow s", width: 8), .init(title: "slowest", width: 8),
          .init(title: "peak", width: 9), .init(title: "bytes a row", width: 11),
        ], json: common.json)
      for count in rows.isEmpty ? [1_000_000, 10_000_000] : rows {
        let result = try SelectionBenchmark.run(rows: count, moves: moves, compute: compute)
        try table.add(
          result,
          [
            Number.grouped(result.rows), Number.fixed(result.buildSeconds, 2),
            Number.fixed(result.moveMicroseconds, 1),
            Number.fixed(result.moveMicrosecondsMedian, 1),
            Number.fixed(result.moveMicrosecondsWorst, 1), Number.fixed(result.listSeconds, 3),
            Number.fixed(result.growSeconds, 2),
            Number.fixed(result.growingMoveMicrosecondsWorst, 1),
            Number.bytes(result.peakBytes), Number.fixed(result.bytesPerRow, 1),
          ])
      }
    }
  }
}
