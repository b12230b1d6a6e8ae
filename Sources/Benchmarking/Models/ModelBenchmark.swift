import LanguageModels
import Numerics
import TensorKit

/// What the benchmarks of scoring and training have in common: the peak around the measurement,
/// memory, and the line that comes out.
struct ModelBenchmark {
  let name: String
  let shape: BenchmarkShape
  let work: ModelWork
  let compute: Ops

  /// `batch` chunks of uniformly random tokens.
  func chunks() -> [[Int32]] {
    var random = RandomSource(seed: 7)
    let vocabulary = shape.configuration.vocabularySize
    return (0..<work.batch).map { _ in
      (0...work.chunkLength).map { _ in Int32(random.index(below: vocabulary)) }
    }
  }

  /// Starts the profile again, if the pool has one.
  func resetProfile() { compute.pool.profile?.reset() }

  /// Refuses what does not fit, before anything is allocated.
  func requireRoom(_ bytes: Int) throws(BenchmarkError) {
    let available = SystemMemory.available()
    if bytes > available {
      throw .memory(shape: shape.name, needed: bytes, available: available)
    }
  }

  /// Measures `body`, which prepares a model and returns times and a loss, between two measurements
  /// of the peak.
  func measure(
    plannedBytes: Int, flopsPerToken: Int, _ body: () throws -> (Timing, loss: Double)
  ) throws -> ModelMeasurement {
    let before = try ProductPeak.gigaflops(precision: work.precision, compute: compute)
    ProcessMemory.resetPeak()
    let (timing, loss) = try body()
    let peakBytes = ProcessMemory.peakBytes()
    let profile = compute.pool.profile.map {
      TimeProfile(
        $0.entries, seconds: timing.seconds.reduce(0, +), repeats: timing.repeats,
        threads: compute.pool.threads)
    }
    // A slow moment must not raise the share: the better of two measurements counts.
    let peak = max(before, try ProductPeak.gigaflops(precision: work.precision, compute: compute))
    let tokens = Double(work.batch * work.chunkLength)
    let rate = Double(flopsPerToken) * tokens / timing.best * 1e-9
    return ModelMeasurement(
      bench: name, shape: shape.name, parameters: shape.configuration.parameterCount,
      precision: work.precision, threads: compute.pool.threads, chunkLength: work.chunkLength,
      batch: work.batch, checkpointsBlocks: work.checkpointsBlocks, repeats: timing.repeats,
      seconds: timing.best,
      secondsMedian: timing.median, tokensPerSecond: tokens / timing.best,
      tokensPerSecondMedian: tokens / timing.median, productFlopsPerToken: flopsPerToken,
      productGigaflops: rate, peakGigaflops: peak, peakShare: rate / peak,
      registerPeakGigaflops: RegisterPeak.gigaflops(work.precision, compute: compute),
      plannedBytes: plannedBytes, peakResidentBytes: peakBytes, loss: loss, profile: profile,
      machine: MachineDescription(compute: compute))
  }
}
