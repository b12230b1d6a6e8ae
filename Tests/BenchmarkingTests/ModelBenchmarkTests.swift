import Benchmarking
import Foundation
import LanguageModels
import Store
import TensorKit
import Testing

@Suite struct ModelBenchmarkTests {
  let compute: Ops

  init() throws { compute = try Ops(kernels: .best, pool: ParallelPool(threads: 2)) }

  /// The fields that every line of a model has.
  static let fields: Set<String> = [
    "batch", "bench", "checkpointsBlocks", "chunkLength", "loss", "machine", "parameters",
    "peakGigaflops",
    "peakResidentBytes", "peakShare", "plannedBytes", "precision", "productFlopsPerToken",
    "productGigaflops", "repeats", "seconds", "secondsMedian", "shape", "threads",
    "tokensPerSecond", "tokensPerSecondMedian",
  ]

  static func fields(of line: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }

  @Test(arguments: ["qwen-small", "mamba-small"]) func scoreMeasuresPasses(name: String) throws {
    let work = ModelWork(
      chunkLength: 48, batch: 2, policy: RepeatPolicy(repeats: 3, seconds: 5))
    let result = try ScoreBenchmark.run(BenchmarkShape(named: name), work: work, compute: compute)
    let line = try JSONFile.text(of: result, pretty: false)
    #expect(!line.contains("\n"))
    let fields = try Self.fields(of: line)
    #expect(Self.fields.isSubset(of: Set(fields.keys)))
    #expect(fields["bench"] as? String == "score")
    #expect(result.repeats == 3)
    #expect(result.seconds > 0 && result.seconds <= result.secondsMedian)
    #expect(abs(result.tokensPerSecond * result.seconds - 96) < 1e-6)
    let gigaflops = Double(result.productFlopsPerToken) * result.tokensPerSecond * 1e-9
    #expect(abs(result.productGigaflops / gigaflops - 1) < 1e-9)
    #expect(abs(result.peakShare - result.productGigaflops / result.peakGigaflops) < 1e-12)
    // Other tests work at the same time, so the share itself says nothing here.
    #expect(result.peakShare > 0)
    #expect((result.registerPeakGigaflops ?? 1) > 0)
    // Random weights know nothing: about log 8192.
    #expect(abs(result.loss - log(8192)) < 0.3)
    #expect(result.plannedBytes > result.parameters * 4)
    #expect(result.peakResidentBytes > result.parameters * 4)
    #expect(!result.machine.processor.isEmpty && !result.machine.libraries.isEmpty)
  }

  @Test(arguments: Precision.allCases)
  func reducedPrecisionsAreMeasured(precision: Precision) throws {
    let work = ModelWork(
      precision: precision, chunkLength: 32, policy: RepeatPolicy(repeats: 1, seconds: 5))
    let shape = try BenchmarkShape(named: "qwen-small")
    let score = try ScoreBenchmark.run(shape, work: work, compute: compute)
    #expect(score.precision == precision)
    #expect(abs(score.loss - log(8192)) < 0.3)
    if ProductCapability.present.trainingPrecisions.contains(precision) {
      let train = try TrainBenchmark.run(shape, work: work, compute: compute)
      #expect(train.precision == precision && train.loss.isFinite)
      var frugal = work
      frugal.checkpointsBlocks = true
      let checkpointed = try TrainBenchmark.run(shape, work: frugal, compute: compute)
      #expect(checkpointed.plannedBytes < train.plannedBytes)
      #expect(abs(checkpointed.loss - train.loss) < 1e-5)
    }
  }

  @Test(arguments: ["qwen-small", "mamba-small"]) func trainMeasuresSteps(name: String) throws {
    let work = ModelWork(
      chunkLength: 32, batch: 2, policy: RepeatPolicy(repeats: 2, seconds: 5))
    let result = try TrainBenchmark.run(BenchmarkShape(named: name), work: work, compute: compute)
    let fields = try Self.fields(of: JSONFile.text(of: result, pretty: false))
    #expect(Self.fields.isSubset(of: Set(fields.keys)))
    #expect(fields["bench"] as? String == "train")
    #expect(result.repeats == 2)
    let forward = ProductCount.forwardPerToken(try BenchmarkShape(named: name).configuration)
    #expect(result.productFlopsPerToken == 3 * forward)
    #expect(result.loss > 7 && result.loss < 10)
    // Weights, gradients, both moments.
    #expect(result.plannedBytes > result.parameters * 16)
  }

  @Test func worksWithoutMeaningAreRefused() throws {
    let shape = try BenchmarkShape(named: "qwen-small")
    #expect(throws: BenchmarkError.size(name: "--batch", found: 0)) {
      try ScoreBenchmark.run(shape, work: ModelWork(batch: 0), compute: compute)
    }
    #expect(throws: BenchmarkError.size(name: "--chunk-length", found: -4)) {
      try TrainBenchmark.run(shape, work: ModelWork(chunkLength: -4), compute: compute)
    }
    let tooFew = BenchmarkError.size(name: "--new-tokens", found: 1, least: 2)
    #expect(tooFew.message.contains("expected 2 to"))
    #expect(throws: tooFew) {
      try GenerateBenchmark.run(shape, work: GenerateWork(newTokens: 1), compute: compute)
    }
    #expect(
      throws: BenchmarkError.precision(
        .int8, benchmark: "train", available: TrainBenchmark.precisions)
    ) {
      try TrainBenchmark.run(shape, work: ModelWork(precision: .int8), compute: compute)
    }
  }

  @Test func whatDoesNotFitIsRefusedBeforeItIsAllocated() throws {
    let shape = try BenchmarkShape(named: "qwen1.5-1.8b")
    let error = #expect(throws: BenchmarkError.self) {
      try ScoreBenchmark.run(
        shape, work: ModelWork(chunkLength: 1 << 20, batch: 64), compute: compute)
    }
    guard case .memory("qwen1.5-1.8b", let needed, let available) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(needed > available)
  }
}

@Suite struct TimingTests {
  @Test func bestAndMedian() {
    #expect(Timing(seconds: [3, 1, 2]).best == 1)
    #expect(Timing(seconds: [3, 1, 2]).median == 2)
    #expect(Timing(seconds: [4, 1, 2, 3]).median == 2.5)
  }

  @Test func warmsUpAndStopsAtTheNumberOfRepeats() {
    var calls = 0
    let timing = Timing.measure(RepeatPolicy(repeats: 4, seconds: 100)) { calls += 1 }
    #expect(timing.repeats == 4)
    #expect(calls == 5)
  }

  @Test func measuresAtLeastOnceWhateverTheLimit() {
    #expect(Timing.measure(RepeatPolicy(repeats: 9, seconds: 0)) {}.repeats == 1)
  }

  /// Other suites run in the same process and start the peak again, so only what is held for certain is claimed.
  @Test func heldMemoryIsInThePeak() throws {
    let big = try Buffer(byteCount: 64 << 20)
    memset(big.start, 1, big.byteCount)
    ProcessMemory.resetPeak()
    #expect(ProcessMemory.peakBytes() >= 64 << 20)
    #expect(ProcessMemory.residentBytes() >= 64 << 20)
    withExtendedLifetime(big) {}
  }
}
