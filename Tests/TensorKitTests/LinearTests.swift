import TensorKit
import Testing

/// Linear maps in every precision against double precision over the same rounded factors, so that
/// only the sums differ.
@Suite struct LinearTests {
  private let memory = TestMemory()

  /// Rows (few and many), outputs and inputs; odd ones, and more than a tile of int8 sums.
  static let shapes = [[1, 1, 1], [5, 7, 3], [48, 33, 65], [49, 300, 131], [259, 517, 64]]
  private static let supported = Precision.allCases.filter(\.isSupported)

  /// A matrix in a precision, with the values that it stands for.
  private func rounded(
    _ values: [Float], columns: Int, _ precision: Precision, _ ops: Ops
  ) -> (operand: Operand, values: [Double]) {
    let rows = values.count / columns
    let room = memory.zeros(rows: rows, columns: columns).pointer
    let scales = memory.zeros(rows: 1, columns: rows).pointer
    let operand = Operand(
      room, rows: rows, columns: columns, precision: precision,
      rowScales: precision == .int8 ? scales : nil)
    ops.round(memory.matrix(values, columns: columns), to: operand)
    let bytes = UnsafeRawBufferPointer(start: room, count: values.count * precision.byteCount)
    switch precision {
    case .f32: return (operand, values.map(Double.init))
    case .bf16:
      let bits = bytes.bindMemory(to: UInt16.self)
      return (operand, bits.map { Double(Float(bitPattern: UInt32($0) << 16)) })
    case .int8:
      let integers = bytes.bindMemory(to: Int8.self)
      return (
        operand,
        integers.enumerated().map { Double($0.element) * Double(scales[$0.offset / columns]) }
      )
    }
  }

  @Test(arguments: shapes, supported)
  func everyPrecisionMatchesTheDefinition(shape: [Int], precision: Precision) throws {
    let (rows, outputs, inputs) = (shape[0], shape[1], shape[2])
    let x = randomFloats(rows * inputs, seed: 1)
    let w = randomFloats(outputs * inputs, seed: 2)
    let bias = randomFloats(outputs, seed: 3)
    let before = randomFloats(rows * outputs, seed: 4)
    for ops in try everyOps() {
      let (input, inputValues) = rounded(x, columns: inputs, precision, ops)
      let (weight, weightValues) = rounded(w, columns: inputs, precision, ops)
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
          output.values, expected, tolerance: 2e-5, "linear \(precision) \(ops.kernels.name)")
        #expect(output.pointer[outputs] == 0, "wrote behind a row")
      }
    }
  }

  @Test(arguments: supported) func sameBitsForAnyNumberOfThreads(precision: Precision) throws {
    let x = randomFloats(259 * 96, seed: 5)
    let w = randomFloats(517 * 96, seed: 6)
    func run(_ ops: Ops) -> [Float] {
      let output = memory.zeros(rows: 259, columns: 517)
      ops.linear(
        output: output, input: rounded(x, columns: 96, precision, ops).operand,
        weight: rounded(w, columns: 96, precision, ops).operand)
      return output.values
    }
    for threads in [2, 3, 8] {
      for (one, many) in zip(try everyOps(threads: 1), try everyOps(threads: threads)) {
        #expect(run(one) == run(many))
      }
    }
  }
}
