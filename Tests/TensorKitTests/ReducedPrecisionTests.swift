import CKernels
import TensorKit
import Testing

/// Rows in bf16 and in bytes against double precision, for every instruction set.
@Suite struct ReducedPrecisionTests {
  private let memory = TestMemory()

  static let sizes = [1, 3, 7, 16, 19, 33, 80, 129, 515]
  private let rows = 37

  /// Half a unit in the last of bf16's eight places, and the f32 error before the rounding.
  private func expectBF16(_ bits: [UInt16], _ expected: [Double], _ name: String) {
    #expect(bits.count == expected.count)
    for (index, pattern) in bits.enumerated() {
      let value = Double(Float(bitPattern: UInt32(pattern) << 16))
      let tolerance = abs(expected[index]) * 0x1p-8 * 1.0001 + 1e-30
      #expect(
        abs(value - expected[index]) <= tolerance,
        "\(name)[\(index)]: \(value) is not \(expected[index])")
    }
  }

  /// Rows of bytes as the kernels write them.
  private struct ByteRows {
    var bytes: [UInt8]
    var scales: [Float]
    let stride: Int
    let blocks: Int

    init(rows: Int, size: Int) {
      stride = Operand.rowStride(columns: size, precision: .int8)
      blocks = Operand.blocks(columns: size)
      bytes = [UInt8](repeating: 7, count: rows * stride)
      scales = [Float](repeating: 0, count: rows * blocks)
    }

    /// Value / scale.
    func steps(_ row: Int, _ column: Int) -> Int { Int(bytes[row * stride + column]) - 128 }
  }

  /// Every scale is max |y| / 127 of its block, every byte the nearest one.
  private func expectBytes(_ found: ByteRows, _ expected: [Double], size: Int, _ name: String) {
    for row in 0..<expected.count / size {
      for block in 0..<found.blocks {
        let columns =
          block * Operand.blockColumns..<min(size, (block + 1) * Operand.blockColumns)
        let values = expected[row * size + columns.lowerBound..<row * size + columns.upperBound]
        let largest = values.reduce(0) { max($0, abs($1)) }
        let own = Double(found.scales[row * found.blocks + block])
        // Any scale does for zeros.
        let scale = largest == 0 ? own : largest / 127
        #expect(own > 0 && own.isFinite)
        #expect(abs(own - scale) <= 1e-6 * scale, "\(name) scale \(row), \(block): \(own)")
        for (column, value) in zip(columns, values) {
          let steps = found.steps(row, column)
          #expect(
            abs(Double(steps) - value / scale) <= 0.5 + 1e-4, "\(name): \(steps), \(value)")
        }
      }
    }
  }

  @Test(arguments: sizes) func rmsNorm(size: Int) throws {
    var x = randomFloats(rows * size, seed: 1, scale: 2)
    for i in 0..<size { x[size + i] = 0 }
    let w = randomFloats(size, seed: 2)
    let expected = Reference.rmsNorm(doubles(x), doubles(w), epsilon: 1e-5)
    for ops in try everyOps() {
      let name = "rmsNorm \(ops.kernels.name)"
      var exact = [Float](repeating: 0, count: x.count)
      var exactRstd = [Float](repeating: 0, count: rows)
      ops.rmsNorm(
        output: &exact, rstd: &exactRstd, input: x, weight: w, rows: rows, size: size,
        epsilon: 1e-5)
      var brain = [UInt16](repeating: 7, count: x.count)
      var rstd = [Float](repeating: 0, count: rows)
      ops.rmsNorm(
        bf16: &brain, input: x, weight: w, rows: rows, size: size, epsilon: 1e-5, rstd: &rstd)
      expectBF16(brain, expected, name)
      var rounded = brain
      ops.narrow(exact, toBF16: &rounded, count: exact.count)
      #expect(brain == rounded, "\(name): bf16 is not the rounded f32")
      #expect(rstd == exactRstd)

      var found = ByteRows(rows: rows, size: size)
      ops.rmsNorm(
        int8: &found.bytes, scales: &found.scales, input: x, weight: w, rows: rows, size: size,
        epsilon: 1e-5)
      expectBytes(found, expected, size: size, name)
      var kernelRstd = [Float](repeating: 0, count: rows)
      ops.kernels.table.pointee.rms_norm_forward_u8(
        &found.bytes, found.stride, &found.scales, &kernelRstd, x, w, rows, size, 1e-5)
      #expect(kernelRstd == exactRstd)
    }
  }

  @Test(arguments: sizes) func swiglu(size: Int) throws {
    var gate = randomFloats(rows * size, seed: 3, scale: 12)
    for i in 0..<size { gate[2 * size + i] = 0 }
    let up = randomFloats(rows * size, seed: 4)
    let expected = gate.indices.map { Reference.silu(Double(gate[$0])) * Double(up[$0]) }
    for ops in try everyOps() {
      let name = "swiglu \(ops.kernels.name)"
      let g = memory.matrix(gate, columns: size, stride: 2 * size + 1)
      let u = memory.matrix(up, columns: size, stride: size + 3)
      var brain = [UInt16](repeating: 7, count: gate.count)
      ops.swiglu(bf16: &brain, gate: g, up: u)
      expectBF16(brain, expected, name)
      var found = ByteRows(rows: rows, size: size)
      ops.swiglu(int8: &found.bytes, scales: &found.scales, gate: g, up: u)
      expectBytes(found, expected, size: size, name)
    }
  }

  @Test(arguments: sizes) func rowsAndTheWayBack(size: Int) throws {
    var x = randomFloats(rows * size, seed: 5, scale: 3)
    // A zero row, one too small for a scale of its own, and one next to the largest float.
    for i in 0..<size {
      x[i] = 0
      x[size + i] *= 0x1p-120
      x[2 * size + i] *= 0x1p125
    }
    let expected = doubles(x).enumerated().map { $0.offset / size == 1 ? 0 : $0.element }
    for ops in try everyOps() {
      let name = "rows \(ops.kernels.name)"
      let matrix = memory.matrix(x, columns: size, stride: size + 5)
      var brain = [UInt16](repeating: 7, count: x.count)
      ops.narrow(matrix, toBF16: &brain)
      var plain = brain
      ops.narrow(x, toBF16: &plain, count: x.count)
      #expect(brain == plain, "\(name)")
      var found = ByteRows(rows: rows, size: size)
      ops.narrow(matrix, toInt8: &found.bytes, scales: &found.scales)
      expectBytes(found, expected, size: size, name)
    }
  }

  @Test func tiesGoToTheEvenByte() throws {
    let x: [Float] = [127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 126.5, -126.5]
    for ops in try everyOps() {
      var found = ByteRows(rows: 1, size: x.count)
      ops.narrow(
        memory.matrix(x, columns: x.count), toInt8: &found.bytes, scales: &found.scales)
      #expect(found.scales == [1])
      #expect(x.indices.map { found.steps(0, $0) } == [127, 0, 2, 2, 0, -2, -2, 126, -126])
    }
  }

  /// The block's scale says so, and no byte is by chance; other blocks are as they were.
  @Test(arguments: [0, 5, Operand.blockColumns, 76], [Float.nan, .infinity, -.infinity])
  func whatIsNotFiniteIsNotLost(place: Int, value: Float) throws {
    for ops in try everyOps() {
      var x = randomFloats(77, seed: 6)
      x[place] = value
      var found = ByteRows(rows: 1, size: 77)
      ops.narrow(memory.matrix(x, columns: 77), toInt8: &found.bytes, scales: &found.scales)
      let block = place / Operand.blockColumns
      #expect(found.scales[block].isNaN && found.scales[1 - block].isFinite)
      for column in 0..<77 where column / Operand.blockColumns == block {
        #expect(found.steps(0, column) == 0)
      }
    }
  }

  @Test(arguments: sizes) func gatherRows(size: Int) throws {
    let values = randomFloats(11 * size, seed: 7)
      .map { Float(bitPattern: $0.bitPattern & 0xffff_0000) }
    let table = values.map { UInt16($0.bitPattern >> 16) }
    let ids: [Int32] = [3, 0, 10, 3, 7]
    for ops in try everyOps() {
      var output = [Float](repeating: 0, count: ids.count * size)
      var copy = table
      copy.withUnsafeMutableBytes { bytes in
        guard let start = bytes.baseAddress else { return }
        ops.gatherRows(
          output: &output,
          from: Operand(start, rows: 11, columns: size, precision: .bf16), ids: ids,
          rows: ids.count)
      }
      let expected = ids.flatMap { table[Int($0) * size..<(Int($0) + 1) * size] }
      #expect(output.map { UInt16($0.bitPattern >> 16) } == expected)
      #expect(output.allSatisfy { $0.bitPattern & 0xffff == 0 })
      var packed = [Float](repeating: 0, count: output.count)
      ops.gatherRows(
        output: &packed, from: memory.panels(values, columns: size, .bf16, ops).operand, ids: ids,
        rows: ids.count)
      #expect(packed == output)
    }
  }

  @Test(arguments: [2, 3, 8]) func sameBitsForAnyNumberOfThreads(threads: Int) throws {
    let (rows, size) = (203, 515)
    let x = randomFloats(rows * size, seed: 13)
    let w = randomFloats(size, seed: 14)
    func run(_ ops: Ops) -> ([[UInt16]], [[UInt8]], [[Float]]) {
      let matrix = memory.matrix(x, columns: size)
      var brain = [[UInt16]](repeating: [UInt16](repeating: 0, count: x.count), count: 3)
      var (norm, product, plain) = (
        ByteRows(rows: rows, size: size), ByteRows(rows: rows, size: size),
        ByteRows(rows: rows, size: size)
      )
      ops.rmsNorm(bf16: &brain[0], input: x, weight: w, rows: rows, size: size, epsilon: 1e-5)
      ops.swiglu(bf16: &brain[1], gate: matrix, up: matrix)
      ops.narrow(matrix, toBF16: &brain[2])
      ops.rmsNorm(
        int8: &norm.bytes, scales: &norm.scales, input: x, weight: w, rows: rows,
        size: size, epsilon: 1e-5)
      ops.swiglu(int8: &product.bytes, scales: &product.scales, gate: matrix, up: matrix)
      ops.narrow(matrix, toInt8: &plain.bytes, scales: &plain.scales)
      return (
        brain, [norm, product, plain].map(\.bytes), [norm, product, plain].map(\.scales)
      )
    }
    for (one, many) in zip(try everyOps(threads: 1), try everyOps(threads: threads)) {
      let (a, b) = (run(one), run(many))
      #expect(a.0 == b.0 && a.1 == b.1 && a.2 == b.2)
    }
  }
}
