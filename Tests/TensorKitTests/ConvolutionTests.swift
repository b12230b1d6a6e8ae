import TensorKit
import Testing

@Suite struct ConvolutionTests {
  private let memory = TestMemory()

  struct Shape: CustomTestStringConvertible {
    var lengths: [Int]
    var channels: Int
    var taps: Int
    var testDescription: String { "\(lengths) tokens, \(channels) channels, \(taps) taps" }
  }

  static let shapes = [
    Shape(lengths: [1], channels: 1, taps: 1), Shape(lengths: [7], channels: 5, taps: 4),
    Shape(lengths: [3, 20], channels: 33, taps: 4),
    Shape(lengths: [2, 1, 9], channels: 48, taps: 3),
    Shape(lengths: [40], channels: 130, taps: 16),
    Shape(lengths: [5, 0, 6], channels: 64, taps: 2),
  ]

  @Test(arguments: shapes) func matchesTheReference(shape: Shape) throws {
    let channels = shape.channels
    let offsets = SequenceOffsets(lengths: shape.lengths)
    let count = offsets.tokens * channels
    let x = randomFloats(count, seed: 20)
    let w = randomFloats(shape.taps * channels, seed: 21)
    let bias = randomFloats(channels, seed: 22)
    let dy = randomFloats(count, seed: 23)
    var expected: [Double] = []
    var dx: [Double] = []
    var dw = [Double](repeating: 1, count: w.count)
    var dbias = [Double](repeating: 2, count: channels)
    for sequence in 0..<offsets.count {
      let range = offsets.range(sequence)
      let part = range.lowerBound * channels..<range.upperBound * channels
      let (xs, dys) = (doubles(Array(x[part])), doubles(Array(dy[part])))
      expected += Reference.convSiLU(
        xs, doubles(w), doubles(bias), channels: channels, taps: shape.taps)
      let gradients = Reference.convSiLUBackward(
        dys, xs, doubles(w), doubles(bias), channels: channels, taps: shape.taps)
      dx += gradients.dx
      for index in dw.indices { dw[index] += gradients.dw[index] }
      for index in dbias.indices { dbias[index] += gradients.dbias[index] }
    }
    for ops in try everyOps() {
      let name = "conv \(ops.kernels.name)"
      let input = memory.matrix(x, columns: channels, stride: channels * 2 + 3)
      let output = memory.zeros(rows: offsets.tokens, columns: channels)
      ops.convSiLU(
        output: output, input: input, weight: w, bias: bias, taps: shape.taps,
        offsets: offsets)
      expectClose(output.values, expected, tolerance: 1e-6, name)

      let inputGradient = memory.zeros(
        rows: offsets.tokens, columns: channels, stride: channels + 1)
      var weightGradient = [Float](repeating: 1, count: w.count)
      var biasGradient = [Float](repeating: 2, count: channels)
      ops.convSiLUBackward(
        inputGradient: inputGradient, weightGradient: &weightGradient,
        biasGradient: &biasGradient, outputGradient: memory.matrix(dy, columns: channels),
        input: input, weight: w, bias: bias, taps: shape.taps, offsets: offsets)
      expectClose(inputGradient.values, dx, tolerance: 2e-6, name + " dx")
      expectClose(weightGradient, dw, tolerance: 1e-5, name + " dw")
      expectClose(biasGradient, dbias, tolerance: 1e-5, name + " dbias")
    }
  }

  @Test func biasMayBeMissing() throws {
    let (channels, taps, tokens) = (20, 4, 6)
    let x = randomFloats(tokens * channels, seed: 24)
    let w = randomFloats(taps * channels, seed: 25)
    let zeros = [Double](repeating: 0, count: channels)
    let expected = Reference.convSiLU(
      doubles(x), doubles(w), zeros, channels: channels, taps: taps)
    for ops in try everyOps() {
      let output = memory.zeros(rows: tokens, columns: channels)
      ops.convSiLU(
        output: output, input: memory.matrix(x, columns: channels), weight: w, bias: nil,
        taps: taps, offsets: SequenceOffsets(tokens: tokens))
      expectClose(output.values, expected, tolerance: 1e-6, ops.kernels.name)
    }
  }

  @Test func referenceAgreesWithFiniteDifferences() {
    let (channels, taps, tokens) = (2, 3, 5)
    let x = doubles(randomFloats(tokens * channels, seed: 26))
    let w = doubles(randomFloats(taps * channels, seed: 27))
    let bias = doubles(randomFloats(channels, seed: 28))
    let dy = doubles(randomFloats(tokens * channels, seed: 29))
    func loss(_ x: [Double], _ w: [Double], _ bias: [Double]) -> Double {
      dot(dy, Reference.convSiLU(x, w, bias, channels: channels, taps: taps))
    }
    let gradients = Reference.convSiLUBackward(dy, x, w, bias, channels: channels, taps: taps)
    expectClose(gradients.dx, finiteDifferences(x) { loss($0, w, bias) }, tolerance: 1e-8, "dx")
    expectClose(gradients.dw, finiteDifferences(w) { loss(x, $0, bias) }, tolerance: 1e-8, "dw")
    expectClose(
      gradients.dbias, finiteDifferences(bias) { loss(x, w, $0) }, tolerance: 1e-8, "dbias")
  }
}
