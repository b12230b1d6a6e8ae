import LanguageModels
public import TensorKit

/// Every kernel of a shape, each called alone on fresh buffers.
public enum KernelBenchmark {
  /// Measures the kernels that a model of `shape` calls, its products in `precision`, for one
  /// sequence of `tokens`, and whose name contains `only`; `report` is called after each.
  public static func run(
    _ shape: BenchmarkShape, tokens: Int, precision: Precision = .f32, only: String = "",
    policy: RepeatPolicy, compute: Ops,
    report: @escaping (KernelMeasurement) throws -> Void
  ) throws {
    try BenchmarkError.check([("--chunk-length", tokens)])
    try compute.require(precision, for: .scoring)
    let stand = KernelStand(
      compute: compute, shape: shape, tokens: tokens, precision: precision, only: only,
      policy: policy, report: report)
    for operation in shape.configuration.operations {
      try measure(operation, stand)
      stand.clear()
    }
    for part in CommonKernels(shape.configuration).parts {
      try part(stand)
      stand.clear()
    }
  }

  private static func measure(_ operation: LayerOperation, _ stand: KernelStand) throws {
    switch operation {
    case .linear(let name, let inputs, let outputs):
      try CommonKernels.products(stand, name, inputs: inputs, outputs: outputs)
    case .attention(let heads, let keyValueHeads, let headSize):
      try TransformerKernels.attention(
        stand, heads: heads, keyValueHeads: keyValueHeads, headSize: headSize)
    case .headNorm(let heads, let headSize):
      try TransformerKernels.headNorm(stand, HeadShape(heads: heads, headSize: headSize))
    case .rotary(let heads, let headSize):
      try TransformerKernels.rotary(stand, heads: heads, headSize: headSize)
    case .swiglu(let width):
      try TransformerKernels.swiglu(stand, width: width)
    case .convolution(let channels, let taps):
      try StateSpaceKernels.convolution(stand, channels: channels, taps: taps)
    case .scan(let channels, let states):
      try StateSpaceKernels.scan(stand, channels: channels, states: states)
    }
  }
}
