import Benchmarking
import LanguageModels
import TensorKit
import Testing

@Suite struct ProfileTests {
  /// Two threads, one second, one pass: 0.6 s of runs, in which products keep both threads busy for
  /// 0.8 s together and norms for 0.2 s.
  @Test func sharesAreOfAllThreadsTime() {
    let profile = TimeProfile(
      [
        "multiply": .init(runs: 4, wallSeconds: 0.45, busySeconds: 0.8),
        "rmsNorm": .init(runs: 1, wallSeconds: 0.1, busySeconds: 0.15),
        "rmsNormBackward": .init(runs: 1, wallSeconds: 0.05, busySeconds: 0.05),
      ], seconds: 1, repeats: 2, threads: 2)
    let shares = Dictionary(uniqueKeysWithValues: profile.parts.map { ($0.name, $0.share) })
    #expect(abs((shares["matrix products"] ?? 0) - 0.4) < 1e-12)
    #expect(abs((shares["norms"] ?? 0) - 0.1) < 1e-12)
    #expect(abs((shares["waiting in runs"] ?? 0) - 0.1) < 1e-12)
    #expect(abs((shares["between runs"] ?? 0) - 0.4) < 1e-12)
    #expect(abs(profile.parts.reduce(0) { $0 + $1.share } - 1) < 1e-12)
    #expect(profile.parts.first { $0.name == "matrix products" }?.calls == 2)
  }

  @Test func whatHasNoGroupKeepsItsName() {
    let profile = TimeProfile(
      ["somethingNew": .init(runs: 1, wallSeconds: 1, busySeconds: 1)], seconds: 1, repeats: 1,
      threads: 1)
    #expect(profile.parts.first?.name == "somethingNew")
  }

  @Test func aPoolNamesTheFunctionThatRuns() throws {
    let profile = PoolProfile()
    let pool = try ParallelPool(threads: 2, profile: profile)
    var sums = [Int](repeating: 0, count: 64)
    func work() {
      sums.withUnsafeMutableBufferPointer { sums in
        let start = sums.baseAddress
        pool.run(64) { index in
          // A run inside a task belongs to the task.
          pool.run(3) { inner in start?[index] += inner }
        }
      }
    }
    work()
    #expect(sums.allSatisfy { $0 == 3 })
    let entry = try #require(profile.entries["work"])
    #expect(profile.entries.count == 1)
    #expect(entry.runs == 1)
    #expect(entry.busySeconds > 0 && entry.busySeconds <= 2 * entry.wallSeconds * 1.01)
    profile.reset()
    #expect(profile.entries.isEmpty)
  }

  /// Every group name of an operation is one that models really run, or the table is out of date.
  @Test(arguments: ["qwen-small", "mamba-small"]) func modelsHaveTheExpectedParts(name: String)
    throws
  {
    let compute = try Ops(
      kernels: .best, pool: ParallelPool(threads: 2, profile: PoolProfile()))
    let work = ModelWork(chunkLength: 40, policy: RepeatPolicy(repeats: 2, seconds: 5))
    let shape = try BenchmarkShape(named: name)
    let score = try #require(ScoreBenchmark.run(shape, work: work, compute: compute).profile)
    let train = try #require(TrainBenchmark.run(shape, work: work, compute: compute).profile)
    let mixer = name == "qwen-small" ? "attention" : "scan"
    for (profile, expected) in [
      (score, ["matrix products", mixer, "norms", "head and loss", "between runs"]),
      (train, ["matrix products", mixer, mixer + " backward", "norms", "AdamW"]),
    ] {
      let names = Set(profile.parts.map(\.name))
      for part in expected { #expect(names.contains(part), "no \(part) in \(names.sorted())") }
      #expect(abs(profile.parts.reduce(0) { $0 + $1.share } - 1) < 0.02)
    }
  }
}
