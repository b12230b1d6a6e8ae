import Foundation
import Numerics
import TensorKit

/// Where kernels are measured: buffers of random numbers, and the clock.
final class KernelStand {
  /// What a kernel's rate is counted in.
  enum Work {
    case operations(Int)
    case bytes(Int)
    case states(Int)
  }

  let compute: Ops
  let shape: BenchmarkShape
  let tokens: Int
  let precision: Precision
  private let only: String
  private let policy: RepeatPolicy
  private let report: (KernelMeasurement) throws -> Void
  private var buffers: [Buffer] = []
  private var random = RandomSource(seed: 3)

  init(
    compute: Ops, shape: BenchmarkShape, tokens: Int, precision: Precision, only: String,
    policy: RepeatPolicy, report: @escaping (KernelMeasurement) throws -> Void
  ) {
    self.compute = compute
    self.shape = shape
    self.tokens = tokens
    self.precision = precision
    self.only = only
    self.policy = policy
    self.report = report
  }

  /// One sequence of all tokens.
  var offsets: SequenceOffsets { SequenceOffsets(tokens: tokens) }

  /// `count` numbers around `centre`, within `width`; valid until `clear()`.
  func values(
    _ count: Int, around centre: Float = 0, width: Float = 1
  ) throws -> UnsafeMutablePointer<Float> {
    let buffer = try Buffer(floats: max(1, count))
    buffers.append(buffer)
    let start = buffer.start.bindMemory(to: Float.self, capacity: count)
    for index in 0..<count {
      start[index] = centre + (Float(random.next() >> 40) * 0x1p-24 - 0.5) * width
    }
    return start
  }

  /// A dense matrix of numbers in -0.5 ..< 0.5.
  func matrix(_ rows: Int, _ columns: Int) throws -> Matrix {
    Matrix(try values(rows * columns), rows: rows, columns: columns)
  }

  /// Whether the stand's precision has gradients here.
  var trains: Bool { compute.capability.trainingPrecisions.contains(precision) }

  /// Numbers as a product in the stand's precision reads its input, rounded from `values`.
  func operand(_ values: Matrix) throws -> Operand {
    let (result, memory) = try compute.operand(values, precision: precision)
    buffers += memory
    return result
  }

  /// The same for weights.
  func weight(_ values: Matrix) throws -> Operand {
    let (result, memory) = try compute.weight(values, precision: precision)
    buffers += memory
    return result
  }

  /// `count` integers below `bound`; valid until `clear()`.
  func integers(_ count: Int, below bound: Int) throws -> UnsafeMutablePointer<Int32> {
    let buffer = try Buffer(floats: max(1, count))
    buffers.append(buffer)
    let start = buffer.start.bindMemory(to: Int32.self, capacity: count)
    for index in 0..<count { start[index] = Int32(random.index(below: bound)) }
    return start
  }

  /// Gives the memory of all values back.
  func clear() { buffers = [] }

  /// Measures `body`, which is one call of the kernel, in f32 unless it says otherwise.
  func measure(
    _ kernel: String, _ size: String, _ work: Work, precision: Precision = .f32,
    _ body: () throws -> Void
  ) throws {
    guard only.isEmpty || kernel.localizedCaseInsensitiveContains(only) else { return }
    let timing = try Timing.measure(policy, body)
    var result = KernelMeasurement(
      kernel: kernel, shape: shape.name, size: size, precision: precision,
      threads: compute.pool.threads, repeats: timing.repeats, seconds: timing.best,
      secondsMedian: timing.median, machine: MachineDescription(compute: compute))
    switch work {
    case .operations(let count): result.gigaflops = Double(count) / timing.best * 1e-9
    case .bytes(let count): result.gigabytesPerSecond = Double(count) / timing.best * 1e-9
    case .states(let count): result.nanosecondsPerState = timing.best * 1e9 / Double(count)
    }
    try report(result)
  }
}
