import TensorKit

/// What transformers do beside products of matrices.
enum TransformerKernels {
  static func attention(
    _ stand: KernelStand, heads: Int, keyValueHeads: Int, headSize: Int
  ) throws {
    let tokens = stand.tokens
    let (queries, keys) = (heads * headSize, keyValueHeads * headSize)
    let attention = AttentionShape(
      offsets: stand.offsets, heads: heads, keyValueHeads: keyValueHeads, headSize: headSize)
    let q = try stand.matrix(tokens, queries)
    let k = try stand.matrix(tokens, keys)
    let v = try stand.matrix(tokens, keys)
    let output = try stand.matrix(tokens, queries)
    let logSumExp = try stand.values(heads * tokens)
    let scratch = try Arena(byteCount: stand.compute.attentionScratch(shape: attention))
    let size =
      "T \(tokens), heads \(heads)/\(keyValueHeads) x \(headSize)"
    // A score and a weighted value for every pair of a query and a key that is not after it.
    let pairs = tokens * (tokens + 1) / 2 * heads
    let operations = 2 * 2 * pairs * headSize
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

  static func headNorm(_ stand: KernelStand, _ shape: HeadShape) throws {
    let (tokens, columns) = (stand.tokens, shape.heads * shape.headSize)
    let x = try stand.matrix(tokens, columns)
    let input = try stand.matrix(tokens, columns)
    let weight = try stand.values(shape.headSize, around: 1, width: 0)
    let rstd = try stand.values(tokens * shape.heads, around: 1, width: 0)
    let size = "T \(tokens), heads \(shape.heads) x \(shape.headSize)"
    // Reads once, writes the copy and the result.
    try stand.measure("head norm forward", size, .bytes(12 * tokens * columns)) {
      stand.compute.headNorm(
        x, weight: weight, shape: shape, epsilon: 1e-6, kept: (input, rstd))
    }
    let gradient = try stand.matrix(tokens, columns)
    let weightGradient = try stand.values(shape.headSize)
    let scratch = try Arena(
      byteCount: stand.compute.headNormScratch(rows: tokens, shape: shape))
    try stand.measure("head norm backward", size, .bytes(12 * tokens * columns)) {
      try stand.compute.headNormBackward(
        gradient, weightGradient: weightGradient, weight: weight,
        kept: (input, UnsafePointer(rstd)), shape: shape, scratch: scratch)
    }
  }

  static func rotary(_ stand: KernelStand, heads: Int, headSize: Int) throws {
    let (tokens, half) = (stand.tokens, headSize / 2)
    let x = try stand.matrix(tokens, heads * headSize)
    let positions = try stand.integers(tokens, below: tokens)
    let cosines = try stand.values(tokens * half)
    let sines = try stand.values(tokens * half)
    try stand.measure(
      "rotary", "T \(tokens), heads \(heads) x \(headSize)",
      .bytes(8 * tokens * heads * headSize)
    ) {
      stand.compute.rotary(
        x, positions: positions, cosines: cosines, sines: sines, heads: heads,
        headSize: headSize)
    }
  }

  static func swiglu(_ stand: KernelStand, width f: Int) throws {
    let tokens = stand.tokens
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
