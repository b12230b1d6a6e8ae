import LanguageModels
public import TensorKit

/// Every kernel of a shape, each called alone on fresh buffers.
public enum KernelBenchmark {
  /// Measures the kernels that a model of `shape` calls, its products in `precision`, for one sequence of `tokens`, and whose
  /// name contains `only`; `report` is called after each.
  public static func run(
    _ shape: BenchmarkShape, tokens: Int, precision: Precision = .f32, only: String = "",
    policy: RepeatPolicy, compute: Ops,
    report: @escaping (KernelMeasurement) throws -> Void
  ) throws {
    guard tokens >= 1 else { throw BenchmarkError.size(name: "--chunk-length", found: tokens) }
    guard precision.isSupported else {
      throw ModelError.precision(
        found: "\(precision.rawValue) on this processor", expected: "one that it has products for")
    }
    let stand = KernelStand(
      compute: compute, shape: shape, tokens: tokens, precision: precision, only: only,
      policy: policy, report: report)
    var parts: [(KernelStand) throws -> Void]
    switch shape.configuration {
    case .decoder(let decoder): parts = DecoderKernels(decoder).parts
    case .mamba(let mamba): parts = MambaKernels(mamba).parts
    }
    parts += CommonKernels(shape.configuration).parts
    for part in parts {
      try part(stand)
      stand.clear()
    }
  }
}
