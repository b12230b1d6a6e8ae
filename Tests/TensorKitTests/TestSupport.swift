import Numerics
import TensorKit
import Testing

/// Random values in [-scale, scale], the same on every run.
func randomFloats(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
  var source = RandomSource(seed: seed)
  return (0..<count).map { _ in Float(source.uniform() * 2 - 1) * scale }
}

func doubles(_ values: [Float]) -> [Double] { values.map(Double.init) }

/// Operations of every instruction set of this machine, on `threads` threads.
func everyOps(threads: Int = 2) throws -> [Ops] {
  let pool = try ParallelPool(threads: threads)
  return try InstructionSet.supported.compactMap { set in
    try Kernels(set).map { try Ops(kernels: $0, pool: pool) }
  }
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
