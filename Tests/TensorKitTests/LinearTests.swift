import TensorKit
import Testing

/// Linear maps in every precision against double precision over the same rounded factors, so that
/// only the sums differ.
@Suite struct LinearTests {
  private let memory = TestMemory()

  /// Rows (few and many), outputs and inputs; odd ones, and more than a tile of int8 sums.
  static let shapes = [
    [1, 1, 1], [5, 7, 3], [48, 33, 65], [49, 300, 131], [259, 517, 64], [3, 16, 128],
    [9, 31, 257], [8, 97, 515],
  ]

  /// Precisions of weights, and how they lie.
  struct Kind: CustomTestStringConvertible {
    let precision: Precision
    let layout: Operand.Layout
    var testDescription: String { "\(precision) in \(layout)" }
  }

  static let kinds =
    [Kind(precision: .f32, layout: .rows)]
    + (ProductCapability.present.multipliesBF16 ? [Kind(precision: .bf16, layout: .rows)] : [])
    + [Kind(precision: .bf16, layout: .panels), Kind(precision: .int8, layout: .panels)]

  private func weight(
    _ values: [Float], columns: Int, _ kind: Kind, _ ops: Ops
  ) -> (operand: Operand, values: [Double]) {
    kind.layout == .panels
      ? memory.panels(values, columns: columns, kind.precision, ops, piece: 37)
      : memory.rows(values, columns: columns, kind.precision, ops)
  }

  @Test(arguments: shapes, kinds)
  func everyPrecisionMatchesTheDefinition(shape: [Int], kind: Kind) throws {
    let (rows, outputs, inputs) = (shape[0], shape[1], shape[2])
    let x = randomFloats(rows * inputs, seed: 1)
    let w = randomFloats(outputs * inputs, seed: 2)
    let bias = randomFloats(outputs, seed: 3)
    let before = randomFloats(rows * outputs, seed: 4)
    for ops in try everyOps() {
      let (weight, weightValues) = weight(w, columns: inputs, kind, ops)
      let (input, inputValues) = memory.rows(x, columns: inputs, weight.inputPrecision, ops)
      for (withBias, accumulate) in [(false, false), (true, false), (false, true), (true, true)] {
        let expected = before.indices.map { place in
          let (row, output) = (place / outputs, place % outputs)
          var sum = withBias ? Double(bias[output]) : 0
          if accumulate { sum += Double(before[place]) }
          for index in 0..<inputs {
            sum += inputValues[row * inputs + index] * weightValues[output * inputs + index]
          }
          return sum
        }
        let output = memory.matrix(before, columns: outputs, stride: outputs + 3)
        ops.linear(
          output: output, input: input, weight: weight,
          bias: withBias ? memory.vector(bias) : nil, accumulate: accumulate)
        expectClose(
          output.values, expected, tolerance: 2e-5, "linear \(kind) \(ops.kernels.name)")
        #expect(output.pointer[outputs] == 0, "wrote behind a row")
      }
    }
  }

  @Test(arguments: kinds) func sameBitsForAnyNumberOfThreads(kind: Kind) throws {
    let x = randomFloats(259 * 96, seed: 5)
    let w = randomFloats(517 * 96, seed: 6)
    func run(_ ops: Ops) -> [Float] {
      let output = memory.zeros(rows: 259, columns: 517)
      let weight = weight(w, columns: 96, kind, ops).operand
      ops.linear(
        output: output, input: memory.rows(x, columns: 96, weight.inputPrecision, ops).operand,
        weight: weight)
      return output.values
    }
    for threads in [2, 3, 8] {
      for (one, many) in zip(try everyOps(threads: 1), try everyOps(threads: threads)) {
        #expect(run(one) == run(many))
      }
    }
  }
}
