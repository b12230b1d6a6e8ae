import TensorKit
import Testing

/// Operations that have no suite of their own for it: the same bits on 1, 2, 3 and 8 threads.
@Suite struct ThreadCountTests {
  private let memory = TestMemory()
  // Odd sizes, and more rows and columns than one task takes.
  private let rows = 301
  private let size = 517

  private func expectSameBits(_ threads: Int, _ run: (Ops) throws -> [[Float]]) throws {
    for (one, many) in zip(try everyOps(threads: 1), try everyOps(threads: threads)) {
      #expect(try run(one) == run(many), "\(one.kernels.name)")
    }
  }

  @Test(arguments: [2, 3, 8]) func normalisation(threads: Int) throws {
    let count = rows * size
    let x = randomFloats(count, seed: 160)
    let w = randomFloats(size, seed: 161)
    let dy = randomFloats(count, seed: 162)
    let scratch = try Arena(byteCount: Ops.rmsNormBackwardScratch(rows: rows, size: size))
    try expectSameBits(threads) { ops in
      var output = [Float](repeating: 0, count: count)
      var rstd = [Float](repeating: 0, count: rows)
      ops.rmsNorm(
        output: &output, rstd: &rstd, input: x, weight: w, rows: rows, size: size, epsilon: 1e-5)
      var dx = [Float](repeating: 0, count: count)
      var dw = [Float](repeating: 0, count: size)
      try ops.rmsNormBackward(
        inputGradient: &dx, weightGradient: &dw, outputGradient: dy, input: x, weight: w,
        rstd: rstd, rows: rows, size: size, scratch: scratch)
      return [output, rstd, dx, dw]
    }
  }

  @Test(arguments: [2, 3, 8]) func normalisationOfHeads(threads: Int) throws {
    let shape = HeadShape(heads: 6, headSize: 20)
    let columns = shape.heads * shape.headSize
    let x = randomFloats(rows * columns, seed: 171)
    let w = randomFloats(shape.headSize, seed: 172)
    let dy = randomFloats(rows * columns, seed: 173)
    try expectSameBits(threads) { ops in
      let values = memory.matrix(x, columns: columns)
      let input = memory.matrix(dy, columns: columns)
      let gradient = memory.matrix(dy, columns: columns)
      let rstd = memory.vector([Float](repeating: 0, count: rows * shape.heads))
      ops.headNorm(values, weight: w, shape: shape, epsilon: 1e-5, kept: (input, rstd))
      var dw = [Float](repeating: 0, count: shape.headSize)
      let scratch = try Arena(byteCount: ops.headNormScratch(rows: rows, shape: shape))
      try ops.headNormBackward(
        gradient, weightGradient: &dw, weight: w, kept: (input, UnsafePointer(rstd)),
        shape: shape, scratch: scratch)
      return [values.values, gradient.values, dw]
    }
  }

  @Test(arguments: [2, 3, 8]) func feedForwardAndRotary(threads: Int) throws {
    let (heads, headSize) = (11, 46)
    let x = randomFloats(rows * heads * headSize, seed: 163)
    let up = randomFloats(x.count, seed: 164)
    let dout = randomFloats(x.count, seed: 165)
    let columns = heads * headSize
    let positions = (0..<rows).map { Int32($0 % 97) }
    let angles = randomFloats(97 * headSize / 2, seed: 166)
    try expectSameBits(threads) { ops in
      let gate = memory.matrix(x, columns: columns)
      let ups = memory.matrix(up, columns: columns)
      let output = memory.zeros(rows: rows, columns: columns)
      ops.swiglu(output: output, gate: gate, up: ups)
      let first = output.values
      ops.swigluBackward(
        gateGradient: gate, upGradient: ups, output: output,
        outputGradient: memory.matrix(dout, columns: columns), gate: gate, up: ups)
      ops.rotary(
        output, positions: positions, cosines: angles, sines: angles, heads: heads,
        headSize: headSize)
      return [first, gate.values, ups.values, output.values]
    }
  }

  @Test(arguments: [2, 3, 8]) func rowsAndColumns(threads: Int) throws {
    let x = randomFloats(rows * size, seed: 167)
    let bias = randomFloats(size, seed: 168)
    let ids = (0..<rows).map { Int32($0 * $0 % 41) }
    try expectSameBits(threads) { ops in
      let matrix = memory.matrix(x, columns: size)
      ops.addBias(matrix, bias)
      var sums = [Float](repeating: 0, count: size)
      ops.columnSum(&sums, adding: matrix)
      var table = [Float](repeating: 0, count: 41 * size)
      ops.scatterAddRows(
        tableGradient: &table, outputGradient: x, ids: ids, rows: rows, size: size)
      var gathered = [Float](repeating: 0, count: x.count)
      ops.gatherRows(output: &gathered, from: table, ids: ids, rows: rows, size: size)
      ops.add(&gathered, x, factor: 0.3, count: x.count)
      ops.scale(&gathered, by: 1.7, count: x.count)
      return [matrix.values, sums, table, gathered]
    }
  }

  @Test(arguments: [2, 3, 8]) func convolution(threads: Int) throws {
    let offsets = SequenceOffsets(lengths: [130, 1, 170])
    let x = randomFloats(rows * size, seed: 169)
    let dy = randomFloats(rows * size, seed: 170)
    let w = randomFloats(3 * size, seed: 171)
    let bias = randomFloats(size, seed: 172)
    try expectSameBits(threads) { ops in
      let input = memory.matrix(x, columns: size)
      let output = memory.zeros(rows: rows, columns: size)
      ops.convSiLU(
        output: output, input: input, weight: w, bias: bias, taps: 3, offsets: offsets)
      let dx = memory.zeros(rows: rows, columns: size)
      var dw = [Float](repeating: 0, count: 3 * size)
      var dbias = [Float](repeating: 0, count: size)
      ops.convSiLUBackward(
        inputGradient: dx, weightGradient: &dw, biasGradient: &dbias,
        outputGradient: memory.matrix(dy, columns: size), input: input, weight: w, bias: bias,
        taps: 3, offsets: offsets)
      return [output.values, dx.values, dw, dbias]
    }
  }

  @Test(arguments: [2, 3, 8]) func optimiser(threads: Int) throws {
    let count = 200_003
    let g = randomFloats(count, seed: 173)
    try expectSameBits(threads) { ops in
      var w = randomFloats(count, seed: 174)
      var m = [Float](repeating: 0, count: count)
      var v = [Float](repeating: 0, count: count)
      let step = AdamWStep(
        learningRate: 1e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, step: 3)
      ops.adamW(
        weights: &w, gradients: g, firstMoment: &m, secondMoment: &v, count: count, step: step)
      return [w, m, v]
    }
  }
}
