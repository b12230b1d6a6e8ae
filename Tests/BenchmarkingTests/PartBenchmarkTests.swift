import Benchmarking
import Foundation
import LanguageModels
import Store
import TensorKit
import Testing

@Suite struct PartBenchmarkTests {
  let compute: Ops

  init() throws { compute = try Ops(kernels: .best, pool: ParallelPool(threads: 2)) }

  private func kernels(
    _ shape: BenchmarkShape, precision: Precision = .f32, only: String = ""
  ) throws -> [KernelMeasurement] {
    var results: [KernelMeasurement] = []
    try KernelBenchmark.run(
      shape, tokens: 40, precision: precision, only: only,
      policy: RepeatPolicy(repeats: 1, seconds: 1),
      compute: compute
    ) { results.append($0) }
    return results
  }

  @Test func everyKernelOfADecoderIsMeasured() throws {
    let results = try kernels(BenchmarkShape(named: "qwen-small"))
    let names = Set(results.map(\.kernel))
    for name in [
      "q, k, v product", "down weight gradient", "attention forward", "attention backward",
      "rotary", "SwiGLU forward", "SwiGLU backward", "norm forward", "norm backward",
      "head and loss forward", "head and loss, both ways", "AdamW", "gradient norm",
    ] { #expect(names.contains(name), "no \(name)") }
    for result in results {
      let rates = [result.gigaflops, result.gigabytesPerSecond, result.nanosecondsPerState]
      #expect(rates.compactMap(\.self).filter { $0 > 0 && $0.isFinite }.count == 1)
    }
  }

  /// int8 is for scoring: no gradients.
  @Test(arguments: Precision.allCases)
  func productsAreMeasuredInEveryPrecision(precision: Precision) throws {
    let shape = try BenchmarkShape(named: "qwen-small")
    let down = try kernels(shape, precision: precision, only: "down").map(\.kernel)
    let trains = ProductCapability.present.trainingPrecisions.contains(precision)
    let gradients = ["down input gradient", "down weight gradient"]
    #expect(Set(down) == Set(["down product"] + (trains ? gradients : [])))
    let head = try kernels(shape, precision: precision, only: "head and loss")
    #expect(head.count == (trains ? 2 : 1))
    #expect(head.allSatisfy { $0.precision == precision })
    let rounding = try kernels(shape, precision: precision, only: "rounding")
    #expect(
      rounding.isEmpty
        == (ProductCapability.present.inputPrecision(of: precision) == .f32))
  }

  /// The rate is the stated operations over the stated seconds: 4 products of all pairs.
  @Test func attentionCountsCausalPairs() throws {
    let result = try #require(
      try kernels(BenchmarkShape(named: "qwen-small"), only: "attention forward").first)
    let operations = Double(4 * (40 * 41 / 2) * 4 * 64)
    #expect(abs((result.gigaflops ?? 0) * result.seconds * 1e9 - operations) < 1)
  }

  @Test func everyKernelOfAMambaIsMeasured() throws {
    let results = try kernels(BenchmarkShape(named: "mamba-small"), only: "scan")
    #expect(results.map(\.kernel) == ["scan forward", "scan backward"])
    let states = Double(40 * 512 * 16)
    for result in results {
      #expect(abs((result.nanosecondsPerState ?? 0) * states * 1e-9 / result.seconds - 1) < 1e-9)
    }
    #expect(
      try kernels(BenchmarkShape(named: "mamba-small"), only: "convolution").map(\.kernel) == [
        "convolution forward", "convolution backward",
      ])
  }

  @Test func aLineOfAKernelHasItsRateOnly() throws {
    let result = try #require(
      try kernels(BenchmarkShape(named: "mamba-small"), only: "norm forward").first)
    let fields = try ModelBenchmarkTests.fields(of: JSONFile.text(of: result, pretty: false))
    #expect(fields["bench"] as? String == "kernels")
    #expect(fields["gigabytesPerSecond"] != nil && fields["gigaflops"] == nil)
    #expect(fields["threads"] as? Int == 2)
  }

  @Test func tokenizerCountsItsText() throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("bench-\(UUID().uuidString).txt").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let text = String(repeating: "The quick brown fox jumps over 13 lazy dogs.\n", count: 200)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let result = try TokenizerBenchmark(text: path).run(
      tokenizer: nil, policy: RepeatPolicy(repeats: 2, seconds: 5), compute: compute)
    #expect(result.documents == 1)
    #expect(result.bytes == text.utf8.count)
    // Text of one repeated sentence becomes few and long tokens.
    #expect(result.bytesPerToken > 3)
    #expect(abs(result.megabytesPerSecond * result.seconds * 1e6 - Double(result.bytes)) < 1)
    #expect(result.text == path)
  }

  @Test func textThatIsNotThereIsNamed() {
    #expect(throws: BenchmarkError.noText(paths: ["/nowhere/at/all"])) {
      try TokenizerBenchmark(text: "/nowhere/at/all")
    }
  }

  @Test func selectionMeasuresBuildAndMoves() throws {
    let result = try SelectionBenchmark.run(rows: 20_000, moves: 50, compute: compute)
    #expect(result.rows == 20_000 && result.moves == 50 && result.sources == 16)
    #expect(result.buildSeconds > 0 && result.listSeconds > 0)
    #expect(result.moveMicroseconds <= result.moveMicrosecondsMedian)
    #expect(result.moveMicrosecondsMedian <= result.moveMicrosecondsWorst)
    #expect(throws: BenchmarkError.size(name: "--rows", found: 0, most: 1 << 40)) {
      try SelectionBenchmark.run(rows: 0, compute: compute)
    }
    #expect(throws: BenchmarkError.self) {
      try SelectionBenchmark.run(rows: 1 << 50, compute: compute)
    }
  }
}
