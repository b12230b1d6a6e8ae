import TensorKit
import Testing

@Suite struct ElementwiseTests {
  private let memory = TestMemory()

  static let sizes = [1, 3, 4, 7, 16, 24, 33, 80, 129]

  @Test(arguments: sizes) func rmsNorm(size: Int) throws {
    let rows = 37
    let x = randomFloats(rows * size, seed: 1, scale: 2)
    let w = randomFloats(size, seed: 2)
    let dy = randomFloats(rows * size, seed: 3)
    let expected = Reference.rmsNorm(doubles(x), doubles(w), epsilon: 1e-5)
    let gradients = Reference.rmsNormBackward(doubles(dy), doubles(x), doubles(w), epsilon: 1e-5)
    for ops in try everyOps() {
      let name = "rmsNorm \(ops.kernels.name)"
      var output = [Float](repeating: 0, count: rows * size)
      var rstd = [Float](repeating: 0, count: rows)
      ops.rmsNorm(
        output: &output, rstd: &rstd, input: x, weight: w, rows: rows, size: size, epsilon: 1e-5)
      expectClose(output, expected, tolerance: 1e-6, name)
      expectClose(
        rstd, Reference.rstd(doubles(x), size: size, epsilon: 1e-5), tolerance: 1e-6, name)

      // Gradients are added to what is there.
      var dx = [Float](repeating: 1, count: rows * size)
      var dw = [Float](repeating: 2, count: size)
      let scratch = try Arena(byteCount: Ops.rmsNormBackwardScratch(rows: rows, size: size))
      try ops.rmsNormBackward(
        inputGradient: &dx, weightGradient: &dw, outputGradient: dy, input: x, weight: w,
        rstd: rstd, rows: rows, size: size, scratch: scratch)
      expectClose(dx, gradients.dx.map { $0 + 1 }, tolerance: 2e-6, name + " dx")
      expectClose(dw, gradients.dw.map { $0 + 2 }, tolerance: 2e-5, name + " dw")
    }
  }

  /// Heads side by side in a wider row, normalised in place and brought back.
  @Test(arguments: [(1, 4), (3, 7), (5, 24), (2, 128)])
  func headNorm(heads: Int, size: Int) throws {
    let rows = 700
    let (columns, stride) = (heads * size, heads * size + 5)
    let shape = HeadShape(heads: heads, headSize: size)
    let x = randomFloats(rows * columns, seed: 21, scale: 2)
    let w = randomFloats(size, seed: 22)
    let dy = randomFloats(rows * columns, seed: 23)
    let expected = Reference.rmsNorm(doubles(x), doubles(w), epsilon: 1e-5)
    let gradients = Reference.rmsNormBackward(doubles(dy), doubles(x), doubles(w), epsilon: 1e-5)
    func wide(_ values: [Float]) -> Matrix {
      memory.matrix(values, columns: columns, stride: stride)
    }
    func margin(_ matrix: Matrix) -> Bool {
      (0..<rows).allSatisfy { row in (columns..<stride).allSatisfy { matrix.row(row)[$0] == 0 } }
    }
    for ops in try everyOps() {
      let name = "headNorm \(ops.kernels.name)"
      let values = wide(x)
      let input = wide(dy)
      let rstd = memory.vector([Float](repeating: 0, count: rows * heads))
      ops.headNorm(values, weight: w, shape: shape, epsilon: 1e-5, kept: (input, rstd))
      expectClose(values.values, expected, tolerance: 1e-6, name)
      #expect(input.values == x)
      let scored = wide(x)
      ops.headNorm(scored, weight: w, shape: shape, epsilon: 1e-5)
      #expect(scored.values == values.values)

      // The weight's gradient is added to what is there; that of the values is replaced.
      let gradient = wide(dy)
      var dw = [Float](repeating: 2, count: size)
      let scratch = try Arena(byteCount: ops.headNormScratch(rows: rows, shape: shape))
      try ops.headNormBackward(
        gradient, weightGradient: &dw, weight: w, kept: (input, UnsafePointer(rstd)),
        shape: shape, scratch: scratch)
      expectClose(gradient.values, gradients.dx, tolerance: 2e-6, name + " dx")
      expectClose(dw, gradients.dw.map { $0 + 2 }, tolerance: 2e-4, name + " dw")
      #expect(margin(values) && margin(input) && margin(gradient))
    }
  }

  @Test func rmsNormReferenceAgreesWithFiniteDifferences() {
    let x = doubles(randomFloats(3 * 5, seed: 4))
    let w = doubles(randomFloats(5, seed: 5))
    let dy = doubles(randomFloats(3 * 5, seed: 6))
    let gradients = Reference.rmsNormBackward(dy, x, w, epsilon: 1e-3)
    let dx = finiteDifferences(x) { dot(dy, Reference.rmsNorm($0, w, epsilon: 1e-3)) }
    let dw = finiteDifferences(w) { dot(dy, Reference.rmsNorm(x, $0, epsilon: 1e-3)) }
    expectClose(gradients.dx, dx, tolerance: 1e-8, "dx")
    expectClose(gradients.dw, dw, tolerance: 1e-8, "dw")
  }

  @Test(arguments: [2, 6, 24, 64, 80]) func rotary(headSize: Int) throws {
    let heads = 3
    let half = headSize / 2
    let positions: [Int32] = [0, 1, 5, 2, 9]
    let rows = positions.count
    let angles = randomFloats(10 * half, seed: 7, scale: 3)
    let cosines = angles.map { Float(cosine(Double($0))) }
    let sines = angles.map { Float(sine(Double($0))) }
    let stride = heads * headSize + 5
    let x = randomFloats(rows * stride, seed: 8)
    for ops in try everyOps() {
      let rotated = memory.vector(x)
      var expected = doubles(x)
      for row in 0..<rows {
        for head in 0..<heads {
          for i in 0..<half {
            let first = row * stride + head * headSize + i
            let angle = Int(positions[row]) * half + i
            let (a, b) = (Double(x[first]), Double(x[first + half]))
            let (c, s) = (Double(cosines[angle]), Double(sines[angle]))
            expected[first] = a * c - b * s
            expected[first + half] = b * c + a * s
          }
        }
      }
      let matrix = Matrix(
        rotated, rows: rows, columns: heads * headSize, stride: stride)
      ops.rotary(
        matrix, positions: positions, cosines: cosines, sines: sines, heads: heads,
        headSize: headSize)
      expectClose(
        rotated.values(x.count), expected, tolerance: 1e-6, "rotary \(ops.kernels.name)")
      ops.rotary(
        matrix, positions: positions, cosines: cosines, sines: sines, heads: heads,
        headSize: headSize, backward: true)
      expectClose(
        rotated.values(x.count), doubles(x), tolerance: 1e-6, "rotary and back \(ops.kernels.name)")
    }
  }

  @Test(arguments: sizes) func swiglu(size: Int) throws {
    let rows = 5
    let gate = randomFloats(rows * size, seed: 9, scale: 30)
    let up = randomFloats(rows * size, seed: 10)
    let dout = randomFloats(rows * size, seed: 11)
    let places = gate.indices
    for ops in try everyOps() {
      let name = "swiglu \(ops.kernels.name)"
      let output = memory.zeros(rows: rows, columns: size)
      let (g, u) = (memory.matrix(gate, columns: size), memory.matrix(up, columns: size))
      ops.swiglu(output: output, gate: g, up: u)
      let expected = places.map { Reference.silu(Double(gate[$0])) * Double(up[$0]) }
      expectClose(output.values, expected, tolerance: 1e-6, name)

      // In place: the gradients take the inputs' memory.
      let again = memory.zeros(rows: rows, columns: size)
      ops.swigluBackward(
        gateGradient: g, upGradient: u, output: again,
        outputGradient: memory.matrix(dout, columns: size), gate: g, up: u)
      #expect(again.values == output.values)
      expectClose(
        g.values,
        places.map { Double(dout[$0]) * Double(up[$0]) * Reference.siluSlope(Double(gate[$0])) },
        tolerance: 1e-6, name + " gate")
      expectClose(
        u.values, places.map { Double(dout[$0]) * Reference.silu(Double(gate[$0])) },
        tolerance: 1e-6, name + " up")
    }
  }

  @Test func swigluSlopesAgreeWithFiniteDifferences() {
    let gate = doubles(randomFloats(7, seed: 12, scale: 4))
    let up = doubles(randomFloats(7, seed: 13))
    let dout = doubles(randomFloats(7, seed: 14))
    let slopes = gate.indices.map { dout[$0] * up[$0] * Reference.siluSlope(gate[$0]) }
    let numeric = finiteDifferences(gate) { moved in
      dot(dout, moved.indices.map { Reference.silu(moved[$0]) * up[$0] })
    }
    expectClose(slopes, numeric, tolerance: 1e-8, "gate")
  }

  @Test func siluIsAccurateFarOut() throws {
    let x = [-200, -100, -88, -60, -20, -1e-3, 0, 1e-6, 20, 88, 200, 3e4].map(Float.init)
    for ops in try everyOps() {
      let output = memory.zeros(rows: 1, columns: x.count)
      let ones = memory.matrix([Float](repeating: 1, count: x.count), columns: x.count)
      ops.swiglu(output: output, gate: memory.matrix(x, columns: x.count), up: ones)
      for (value, input) in zip(output.values, x) {
        let expected = Reference.silu(Double(input))
        #expect(abs(Double(value) - expected) <= 1e-30 + 5e-7 * abs(expected))
      }
    }
  }
}
