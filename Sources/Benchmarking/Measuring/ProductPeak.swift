import Numerics
import TensorKit

/// The best rate of matrix products on this machine: what models are compared with.
///
/// Measured in the run that reports it, for rates of virtual machines move from hour to hour.
enum ProductPeak {
  /// Rows, columns and depth of the product: work for every thread, multiples of every tile, and a
  /// shape that models have (the 1.8B teacher's).
  static let m = 1024
  static let n = 2048
  static let k = 2048

  /// The rate of the best repeat, 10^9 operations a second. Its memory is given back.
  static func gigaflops(precision: Precision, compute: Ops) throws -> Double {
    let a = try Buffer(floats: m * k)
    let b = try Buffer(floats: n * k)
    let c = try Buffer(floats: m * n)
    var random = RandomSource(seed: 1)
    for buffer in [a, b] {
      let values = buffer.floats
      for index in values.indices { values[index] = Float(random.uniform()) - 0.5 }
    }
    guard let output = Matrix(c.floats, rows: m, columns: n),
      let values = Matrix(a.floats, rows: m, columns: k), let rows = b.floats.baseAddress
    else { return 0 }
    let (input, inputMemory) = try compute.operand(values, precision: precision)
    let (weight, weightMemory) = try compute.weight(
      Matrix(rows, rows: n, columns: k), precision: precision)
    defer { withExtendedLifetime((inputMemory, weightMemory)) {} }
    let timing = Timing.measure(RepeatPolicy(repeats: 12, seconds: 1.5)) {
      compute.linear(output: output, input: input, weight: weight)
    }
    return Double(ProductCount.product(m: m, n: n, k: k)) / timing.best * 1e-9
  }
}

extension Ops {
  /// Values as products with weights of `precision` read their inputs, and the memory that holds them.
  func operand(_ values: Matrix, precision: Precision) throws -> (Operand, [Buffer]) {
    let precision = capability.inputPrecision(of: precision)
    if precision == .f32 { return (values.operand, []) }
    let memory = try Buffer(
      byteCount: Operand.byteCount(
        rows: values.rows, columns: values.columns, precision: precision, layout: .rows))
    let scales = try Buffer(floats: values.rows * Operand.blocks(columns: values.columns))
    let result = Operand(
      memory.start, rows: values.rows, columns: values.columns, precision: precision,
      rowScales: precision == .int8 ? scales.floats.baseAddress : nil)
    round(values, to: result)
    return (result, [memory, scales])
  }

  /// Values as products read their weights, and the memory that holds them.
  func weight(_ values: Matrix, precision: Precision) throws -> (Operand, [Buffer]) {
    guard capability.weightLayout(of: precision) == .panels else {
      return try operand(values, precision: precision)
    }
    let memory = try Buffer(
      byteCount: Operand.byteCount(
        rows: values.rows, columns: values.columns, precision: precision, layout: .panels))
    let result = Operand(
      panels: memory.start, rows: values.rows, columns: values.columns, precision: precision)
    store(values, in: result, first: 0)
    return (result, [memory])
  }
}

extension Matrix {
  /// A dense matrix in `values`; nil without memory.
  init?(_ values: UnsafeMutableBufferPointer<Float>, rows: Int, columns: Int) {
    guard let start = values.baseAddress else { return nil }
    self.init(start, rows: rows, columns: columns)
  }
}
