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

  /// Every scale is max |y| / 127, every byte the nearest one.
  private func expectBytes(
    _ bytes: [Int8], scales: [Float], _ expected: [Double], size: Int, _ name: String
  ) {
    #expect(bytes.count == expected.count && scales.count * size == bytes.count)
    for row in scales.indices {
      let values = expected[row * size..<(row + 1) * size]
      let largest = values.reduce(0) { max($0, abs($1)) }
      let scale = largest == 0 ? 1 : largest / 127
      #expect(
        abs(Double(scales[row]) - scale) <= 1e-6 * scale, "\(name) scale \(row): \(scales[row])")
      for (byte, value) in zip(bytes[row * size..<(row + 1) * size], values) {
        #expect(abs(Double(byte) - value / scale) <= 0.5 + 1e-4, "\(name): \(byte), \(value)")
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

      var bytes = [Int8](repeating: 7, count: x.count)
      var scales = [Float](repeating: 0, count: rows)
      ops.rmsNorm(
        int8: &bytes, rowScales: &scales, input: x, weight: w, rows: rows, size: size,
        epsilon: 1e-5)
      expectBytes(bytes, scales: scales, expected, size: size, name)
      var kernelRstd = [Float](repeating: 0, count: rows)
      ops.kernels.table.pointee.rms_norm_forward_s8(
        &bytes, &scales, &kernelRstd, x, w, rows, size, 1e-5)
      #expect(kernelRstd == exactRstd)
    }
  }

  @Test(arguments: sizes) func swiglu(size: Int) throws {
    var gate = randomFloats(rows * size, seed: 3, scale: 12)
    for i in 0..<size { gate[2 * size + i] = 0 }
    let up = randomFloats(rows * size, seed: 4)
    let expected = gate.indices.map { Reference.silu(Double(gate[$0])) * Double(up[$0]) }
    let scratch = try Arena(byteCount: 1 << 16)
    for ops in try everyOps() {
      let name = "swiglu \(ops.kernels.name)"
      let g = memory.matrix(gate, columns: size, stride: 2 * size + 1)
      let u = memory.matrix(up, columns: size, stride: size + 3)
      var brain = [UInt16](repeating: 7, count: gate.count)
      ops.swiglu(bf16: &brain, gate: g, up: u)
      expectBF16(brain, expected, name)
      var bytes = [Int8](repeating: 7, count: gate.count)
      var scales = [Float](repeating: 0, count: rows)
      try ops.swiglu(int8: &bytes, rowScales: &scales, gate: g, up: u, scratch: scratch)
      expectBytes(bytes, scales: scales, expected, size: size, name)
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
      var bytes = [Int8](repeating: 7, count: x.count)
      var scales = [Float](repeating: 0, count: rows)
      ops.narrow(matrix, toInt8: &bytes, rowScales: &scales)
      expectBytes(bytes, scales: scales, expected, size: size, name)
    }
  }

  @Test func tiesGoToTheEvenByte() throws {
    let x: [Float] = [127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 126.5, -126.5]
    for ops in try everyOps() {
      var bytes = [Int8](repeating: 7, count: x.count)
      var scale: Float = 0
      ops.narrow(memory.matrix(x, columns: x.count), toInt8: &bytes, rowScales: &scale)
      #expect(scale == 1 && bytes == [127, 0, 2, 2, 0, -2, -2, 126, -126])
    }
  }

  /// The bytes of such a row mean nothing; its scale says so.
  @Test(arguments: [0, 5, 18]) func aNotANumberIsNotLost(place: Int) throws {
    for ops in try everyOps() {
      var x = randomFloats(19, seed: 6)
      x[place] = .nan
      var bytes = [Int8](repeating: 0, count: 19)
      var scale: Float = 0
      ops.narrow(memory.matrix(x, columns: 19), toInt8: &bytes, rowScales: &scale)
      #expect(scale.isNaN)
    }
  }

  @Test(arguments: sizes) func gatherRows(size: Int) throws {
    let table = randomFloats(11 * size, seed: 7).map { UInt16($0.bitPattern >> 16) }
    let ids: [Int32] = [3, 0, 10, 3, 7]
    for ops in try everyOps() {
      var output = [Float](repeating: 0, count: ids.count * size)
      ops.gatherRows(output: &output, fromBF16: table, ids: ids, rows: ids.count, size: size)
      let expected = ids.flatMap { table[Int($0) * size..<(Int($0) + 1) * size] }
      #expect(output.map { UInt16($0.bitPattern >> 16) } == expected)
      #expect(output.allSatisfy { $0.bitPattern & 0xffff == 0 })
    }
  }

  @Test(arguments: sizes, [false, true]) func dequantize(size: Int, accumulate: Bool) throws {
    let sums = randomFloats(rows * size, seed: 8, scale: 2e6).map { Int32($0) }
    let rowScales = randomFloats(rows, seed: 9)
    let columnScales = randomFloats(size, seed: 10)
    let bias = randomFloats(size, seed: 11)
    let before = randomFloats(rows * size, seed: 12)
    for withBias in [false, true] {
      let expected = sums.indices.map { place in
        let (row, column) = (place / size, place % size)
        let value = Double(sums[place]) * Double(rowScales[row]) * Double(columnScales[column])
        return value + (withBias ? Double(bias[column]) : 0)
          + (accumulate ? Double(before[place]) : 0)
      }
      for ops in try everyOps() {
        let output = memory.matrix(before, columns: size, stride: size + 2)
        ops.kernels.table.pointee.dequantize_tile(
          output.pointer, output.stride, sums, size, rowScales, columnScales,
          withBias ? memory.vector(bias) : nil, accumulate, rows, size)
        expectClose(output.values, expected, tolerance: 1e-6, "dequantize \(ops.kernels.name)")
        #expect(output.pointer[size] == 0 && output.pointer[size + 1] == 0)
      }
    }
  }

  @Test(arguments: [2, 3, 8]) func sameBitsForAnyNumberOfThreads(threads: Int) throws {
    let (rows, size) = (203, 515)
    let x = randomFloats(rows * size, seed: 13)
    let w = randomFloats(size, seed: 14)
    let scratch = try Arena(byteCount: 1 << 17)
    func run(_ ops: Ops) throws -> ([[UInt16]], [[Int8]], [[Float]]) {
      let matrix = memory.matrix(x, columns: size)
      var brain = [[UInt16]](repeating: [UInt16](repeating: 0, count: x.count), count: 3)
      var bytes = [[Int8]](repeating: [Int8](repeating: 0, count: x.count), count: 3)
      var scales = [[Float]](repeating: [Float](repeating: 0, count: rows), count: 3)
      ops.rmsNorm(bf16: &brain[0], input: x, weight: w, rows: rows, size: size, epsilon: 1e-5)
      ops.swiglu(bf16: &brain[1], gate: matrix, up: matrix)
      ops.narrow(matrix, toBF16: &brain[2])
      ops.rmsNorm(
        int8: &bytes[0], rowScales: &scales[0], input: x, weight: w, rows: rows, size: size,
        epsilon: 1e-5)
      try ops.swiglu(
        int8: &bytes[1], rowScales: &scales[1], gate: matrix, up: matrix, scratch: scratch)
      ops.narrow(matrix, toInt8: &bytes[2], rowScales: &scales[2])
      return (brain, bytes, scales)
    }
    for (one, many) in zip(try everyOps(threads: 1), try everyOps(threads: threads)) {
      let (a, b) = (try run(one), try run(many))
      #expect(a.0 == b.0 && a.1 == b.1 && a.2 == b.2)
    }
  }
}
