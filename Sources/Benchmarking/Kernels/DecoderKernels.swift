import LanguageModels
import TensorKit

/// Kernels of Qwen2 and Llama.
struct DecoderKernels {
  private let shape: DecoderConfiguration

  init(_ shape: DecoderConfiguration) { self.shape = shape }

  var parts: [(KernelStand) throws -> Void] { [products, attention, rotary, swiglu] }

  private var queries: Int { shape.headCount * shape.headDimension }
  private var keys: Int { shape.keyValueHeadCount * shape.headDimension }

  private func products(_ stand: KernelStand) throws {
    let (d, f) = (shape.hiddenSize, shape.intermediateSize)
    try CommonKernels.products(stand, "q, k, v", inputs: d, outputs: queries + 2 * keys)
    try CommonKernels.products(stand, "attention output", inputs: queries, outputs: d)
    try CommonKernels.products(stand, "gate and up", inputs: d, outputs: 2 * f)
    try CommonKernels.products(stand, "down", inputs: f, outputs: d)
  }

  private func attention(_ stand: KernelStand) throws {
    let tokens = stand.tokens
    let attention = AttentionShape(
      offsets: stand.offsets, heads: shape.headCount, keyValueHeads: shape.keyValueHeadCount,
      headSize: shape.headDimension)
    let q = try stand.matrix(tokens, queries)
    let k = try stand.matrix(tokens, keys)
    let v = try stand.matrix(tokens, keys)
    let output = try stand.matrix(tokens, queries)
    let logSumExp = try stand.values(shape.headCount * tokens)
    let scratch = try Arena(byteCount: stand.compute.attentionScratch(shape: attention))
    let size =
      "T \(tokens), heads \(shape.headCount)/\(shape.keyValueHeadCount) x \(shape.headDimension)"
    // A score and a weighted value for every pair of a query and a key that is not after it.
    let pairs = tokens * (tokens + 1) / 2 * shape.headCount
    let operations = 2 * 2 * pairs * shape.headDimension
    try stand.measure("attention forward", size, .operations(operations)) {
      try stand.compute.attention(
        output: output, logSumExp: logSumExp, q: q, k: k, v: v, shape: attention,
        scratch: scratch)
    }
    let outputGradient = try stand.matrix(tokens, queries)
    let qGradient = try stand.matrix(tokens, queries)
    let kGradient = try stand.matrix(tokens, keys)
    let vGradient = try stand.matrix(tokens, keys)
    // Scores once more, and four products for the gradients.
    try stand.measure("attention backward", size, .operations(operations * 5 / 2)) {
      try stand.compute.attentionBackward(
        qGradient: qGradient, kGradient: kGradient, vGradient: vGradient,
        outputGradient: outputGradient, output: output, logSumExp: logSumExp, q: q, k: k, v: v,
        shape: attention, scratch: scratch)
    }
  }

  private func rotary(_ stand: KernelStand) throws {
    let tokens = stand.tokens
    let half = shape.headDimension / 2
    let heads = shape.headCount + shape.keyValueHeadCount
    let x = try stand.matrix(tokens, heads * shape.headDimension)
    let positions = try stand.integers(tokens, below: tokens)
    let cosines = try stand.values(tokens * half)
    let sines = try stand.values(tokens * half)
    try stand.measure(
      "rotary", "T \(tokens), heads \(heads) x \(shape.headDimension)",
      .bytes(8 * tokens * heads * shape.headDimension)
    ) {
      stand.compute.rotary(
        x, positions: positions, cosines: cosines, sines: sines, heads: heads,
        headSize: shape.headDimension)
    }
  }

  private func swiglu(_ stand: KernelStand) throws {
    let (tokens, f) = (stand.tokens, shape.intermediateSize)
    let joined = try stand.matrix(tokens, 2 * f)
    let gate = joined.columns(from: 0, count: f)
    let up = joined.columns(from: f, count: f)
    let output = try stand.matrix(tokens, f)
    let size = "T \(tokens), f \(f)"
    try stand.measure("SwiGLU forward", size, .bytes(12 * tokens * f)) {
      stand.compute.swiglu(output: output, gate: gate, up: up)
    }
    let gradients = try stand.matrix(tokens, 2 * f)
    try stand.measure("SwiGLU backward", size, .bytes(20 * tokens * f)) {
      stand.compute.swigluBackward(
        gateGradient: gradients.columns(from: 0, count: f),
        upGradient: gradients.columns(from: f, count: f), outputGradient: output, gate: gate,
        up: up)
    }
  }
}
