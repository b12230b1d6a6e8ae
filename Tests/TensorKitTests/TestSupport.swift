import Numerics
import TensorKit
import Testing

/// Random values in [-scale, scale], the same on every run.
func randomFloats(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
  var source = RandomSource(seed: seed)
  return (0..<count).map { _ in Float(source.uniform() * 2 - 1) * scale }
}

func doubles(_ values: [Float]) -> [Double] { values.map(Double.init) }

/// Operations of every instruction set of this machine, with and without sums of four bytes, on
/// `threads` threads.
func everyOps(
  threads: Int = 2, capability: ProductCapability = .present
) throws -> [Ops] {
  let pool = try ParallelPool(threads: threads)
  return try InstructionSet.supported.flatMap { set in
    let plain = Kernels(set, byteDots: false)
    let faster = Kernels(set).flatMap { $0.hasByteDots ? $0 : nil }
    return try [plain, faster].compactMap(\.self)
      .map { try Ops(kernels: $0, pool: pool, capability: capability) }
  }
}

/// Bytes of a whole block of a panel of int8: scales, starts of sums, and weights.
let blockBytes = 128 + 16 * Operand.blockColumns

/// A processor without products of two factors of bf16.
let lesserCapability = ProductCapability(multipliesBF16: false, name: "lesser")

/// Matrices as products read them, with the values that they stand for.
extension TestMemory {
  /// Rows of activations in `precision`.
  func rows(
    _ values: [Float], columns: Int, _ precision: Precision, _ ops: Ops
  ) -> (operand: Operand, values: [Double]) {
    let rows = values.count / max(1, columns)
    let stride = Operand.rowStride(columns: columns, precision: precision)
    let room = zeros(rows: rows, columns: stride).pointer
    let blocks = Operand.blocks(columns: columns)
    let scales = zeros(rows: rows, columns: blocks).pointer
    let operand = Operand(
      room, rows: rows, columns: columns, precision: precision,
      rowScales: precision == .int8 ? scales : nil)
    ops.round(matrix(values, columns: columns), to: operand)
    switch precision {
    case .f32: return (operand, doubles(values))
    case .bf16:
      let bits = UnsafeRawPointer(room).assumingMemoryBound(to: UInt16.self)
      return (operand, values.indices.map { Double(widened(bits[$0])) })
    case .int8:
      let bytes = UnsafeRawPointer(room).assumingMemoryBound(to: UInt8.self)
      return (
        operand,
        values.indices.map { place in
          let (row, column) = (place / columns, place % columns)
          let scale = scales[row * blocks + column / Operand.blockColumns]
          return Double(Int(bytes[row * stride + column]) - 128) * Double(scale)
        }
      )
    }
  }

  /// Packed weights of bf16 or int8, stored `piece` rows at a time.
  func panels(
    _ values: [Float], columns: Int, _ precision: Precision, _ ops: Ops, piece: Int = .max
  ) -> (operand: Operand, values: [Double]) {
    let rows = values.count / max(1, columns)
    let byteCount = Operand.byteCount(
      rows: rows, columns: columns, precision: precision, layout: .panels)
    let room = zeros(rows: 1, columns: byteCount / 4).pointer
    let operand = Operand(panels: room, rows: rows, columns: columns, precision: precision)
    let source = matrix(values, columns: columns)
    for first in stride(from: 0, to: rows, by: min(piece, rows)) {
      let count = min(piece, rows - first)
      ops.store(source.rows(from: first, count: count), in: operand, first: first)
    }
    let panelBytes = byteCount / ((rows + 15) / 16)
    return (
      operand,
      values.indices.map { place in
        let (row, column) = (place / columns, place % columns)
        let panel = UnsafeRawPointer(room) + row / 16 * panelBytes
        if precision == .bf16 {
          let bits = panel.assumingMemoryBound(to: UInt16.self)
          return Double(widened(bits[column / 2 * 32 + row % 16 * 2 + column % 2]))
        }
        let block = panel + column / Operand.blockColumns * blockBytes
        let scale = block.assumingMemoryBound(to: Float.self)[row % 16]
        let bytes = (block + 128).assumingMemoryBound(to: Int8.self)
        let inner = column % Operand.blockColumns
        return Double(bytes[inner / 4 * 64 + row % 16 * 4 + inner % 4]) * Double(scale)
      }
    )
  }

  private func widened(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }
}

/// Expects |a - b| <= tolerance (1 + |b|) everywhere and names the worst place.
func expectClose(
  _ actual: [Float], _ expected: [Double], tolerance: Double, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    Issue.record(
      "\(what): \(actual.count) values, not \(expected.count)", sourceLocation: sourceLocation)
    return
  }
  var worst = 0.0
  var place = 0
  for index in actual.indices {
    let error = abs(Double(actual[index]) - expected[index]) / (1 + abs(expected[index]))
    if !(error <= worst) {
      worst = error
      place = index
    }
  }
  #expect(
    worst <= tolerance,
    "\(what)[\(place)]: \(actual.isEmpty ? 0 : actual[place]) is not \(expected.isEmpty ? 0 : expected[place])",
    sourceLocation: sourceLocation)
}

/// The gradient of `loss` by central differences, one coordinate at a time.
func finiteDifferences(
  _ point: [Double], step: Double = 1e-5, _ loss: ([Double]) -> Double
) -> [Double] {
  point.indices.map { index in
    var moved = point
    moved[index] = point[index] + step
    let above = loss(moved)
    moved[index] = point[index] - step
    return (above - loss(moved)) / (2 * step)
  }
}

/// Expects two double vectors to agree.
func expectClose(_ actual: [Double], _ expected: [Double], tolerance: Double, _ what: String) {
  #expect(actual.count == expected.count)
  for (index, (a, b)) in zip(actual, expected).enumerated() {
    #expect(abs(a - b) <= tolerance * (1 + abs(b)), "\(what)[\(index)]: \(a) is not \(b)")
  }
}

func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for index in a.indices { sum += a[index] * b[index] }
  return sum
}

func sigmoid(_ x: Double) -> Double { 1 / (1 + exponential(-x)) }

/// Memory that lives as long as its owner: keep one in a suite, or until the end of a scope.
final class TestMemory {
  private var blocks: [UnsafeMutablePointer<Float>] = []

  deinit { for block in blocks { block.deallocate() } }

  /// Zeros; rows lie `stride` floats apart.
  func zeros(rows: Int, columns: Int, stride: Int? = nil) -> Matrix {
    let count = max(1, rows * (stride ?? columns))
    let block = UnsafeMutablePointer<Float>.allocate(capacity: count)
    block.initialize(repeating: 0, count: count)
    blocks.append(block)
    return Matrix(block, rows: rows, columns: columns, stride: stride)
  }

  /// A copy of dense `values`.
  func matrix(_ values: [Float], columns: Int, stride: Int? = nil) -> Matrix {
    let matrix = zeros(rows: values.count / max(1, columns), columns: columns, stride: stride)
    for (index, value) in values.enumerated() {
      matrix.row(index / columns)[index % columns] = value
    }
    return matrix
  }

  /// A copy of `values` in a row.
  func vector(_ values: [Float]) -> UnsafeMutablePointer<Float> {
    matrix(values, columns: values.count).pointer
  }

  /// `count` times `value`.
  func vector(count: Int, of value: Float = 0) -> UnsafeMutablePointer<Float> {
    vector([Float](repeating: value, count: count))
  }
}

extension Matrix {
  /// The values, dense.
  var values: [Float] { (0..<rows).flatMap { row in (0..<columns).map { self.row(row)[$0] } } }
}

extension UnsafeMutablePointer<Float> {
  func values(_ count: Int) -> [Float] { Array(UnsafeBufferPointer(start: self, count: count)) }
}
