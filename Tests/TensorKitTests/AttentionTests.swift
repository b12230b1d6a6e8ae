import TensorKit
import Testing

@Suite struct AttentionTests {
  struct Shape: CustomTestStringConvertible {
    var lengths: [Int]
    var heads: Int
    var keyValueHeads: Int
    var headSize: Int
    var window: Int?
    var testDescription: String {
      "\(lengths) tokens, \(heads)/\(keyValueHeads) heads of \(headSize)"
        + (window.map { ", window \($0)" } ?? "")
    }
  }

  static let shapes = [
    Shape(lengths: [1], heads: 1, keyValueHeads: 1, headSize: 1),
    Shape(lengths: [5], heads: 2, keyValueHeads: 2, headSize: 3),
    Shape(lengths: [64], heads: 1, keyValueHeads: 1, headSize: 24),
    Shape(lengths: [65], heads: 4, keyValueHeads: 2, headSize: 16),
    Shape(lengths: [130], heads: 2, keyValueHeads: 1, headSize: 80),
    Shape(lengths: [200], heads: 3, keyValueHeads: 1, headSize: 64),
    Shape(lengths: [40, 0, 1, 150], heads: 4, keyValueHeads: 2, headSize: 33),
    Shape(lengths: [90], heads: 2, keyValueHeads: 2, headSize: 128),
    Shape(lengths: [300], heads: 1, keyValueHeads: 1, headSize: 96),
    Shape(lengths: [70], heads: 1, keyValueHeads: 1, headSize: 256),
  ]

  /// Windows around the sizes of vectors and blocks.
  static let windows = [
    1, 2, 3, 7, 16, 17, 33, 63, 64, 65, 100, 127, 128, 129, 200, 299, 300, 1000,
  ]

  @Test(arguments: windows) func windowsMatchTheReference(window: Int) throws {
    for (lengths, heads, shared, size) in [([300], 2, 1, 24), ([40, 0, 1, 197], 4, 2, 33)] {
      let problem = AttentionProblem(
        Shape(
          lengths: lengths, heads: heads, keyValueHeads: shared, headSize: size, window: window))
      let expected = problem.expected()
      for ops in try everyOps() {
        let name = "\(ops.kernels.name), window \(window)"
        let result = try problem.run(ops)
        expectClose(result.output, expected.output, tolerance: 3e-6, name)
        expectClose(result.logSumExp, expected.logSumExp, tolerance: 1e-6, name + " lse")
        expectClose(result.q, expected.q, tolerance: 1e-5, name + " dq")
        expectClose(result.k, expected.k, tolerance: 1e-5, name + " dk")
        expectClose(result.v, expected.v, tolerance: 1e-5, name + " dv")
        for piece in [1, 3, 100] {
          let cached = try problem.runCached(ops, piece: piece)
          expectClose(cached, expected.output, tolerance: 3e-6, name + ", pieces of \(piece)")
        }
      }
    }
  }

  @Test func aWindowThatHidesNothingChangesNoBit() throws {
    for lengths in [[130], [64, 65, 1], [300]] {
      let shape = Shape(lengths: lengths, heads: 2, keyValueHeads: 1, headSize: 40)
      var wide = shape
      wide.window = lengths.max()
      for ops in try everyOps() {
        #expect(try AttentionProblem(shape).run(ops) == AttentionProblem(wide).run(ops))
      }
    }
  }

  @Test(arguments: shapes) func matchesTheReference(shape: Shape) throws {
    let problem = AttentionProblem(shape)
    for ops in try everyOps() {
      let name = "attention \(ops.kernels.name)"
      let result = try problem.run(ops)
      let expected = problem.expected()
      expectClose(result.output, expected.output, tolerance: 3e-6, name)
      expectClose(result.logSumExp, expected.logSumExp, tolerance: 1e-6, name + " lse")
      expectClose(result.q, expected.q, tolerance: 1e-5, name + " dq")
      expectClose(result.k, expected.k, tolerance: 1e-5, name + " dk")
      expectClose(result.v, expected.v, tolerance: 1e-5, name + " dv")
    }
  }

  @Test func packedEqualsSeparate() throws {
    let problem = AttentionProblem(
      Shape(lengths: [70, 3, 129], heads: 4, keyValueHeads: 2, headSize: 24))
    for ops in try everyOps() {
      let packed = try problem.run(ops)
      var first = 0
      for sequence in 0..<problem.offsets.count {
        let alone = try problem.alone(sequence).run(ops)
        let range = first..<first + alone.output.count
        #expect(Array(packed.output[range]) == alone.output)
        #expect(Array(packed.q[range]) == alone.q)
        first = range.upperBound
      }
    }
  }

  @Test(arguments: shapes, [1, 3, 100]) func cachedEqualsTheReference(shape: Shape, piece: Int)
    throws
  {
    let problem = AttentionProblem(shape)
    let expected = problem.expected().output
    for ops in try everyOps() {
      let output = try problem.runCached(ops, piece: piece)
      expectClose(output, expected, tolerance: 3e-6, "\(ops.kernels.name), pieces of \(piece)")
    }
  }

  @Test func largeScoresDoNotOverflow() throws {
    var problem = AttentionProblem(
      Shape(lengths: [150], heads: 1, keyValueHeads: 1, headSize: 16))
    problem.q = problem.q.map { $0 * 300 }
    let expected = problem.expected()
    for ops in try everyOps() {
      let result = try problem.run(ops)
      // Scores near 1000 leave about 6e-5 of a probability to rounding.
      expectClose(result.output, expected.output, tolerance: 1e-3, ops.kernels.name)
    }
  }

  @Test(arguments: 1...8) func sameBitsForAnyNumberOfThreads(threads: Int) throws {
    let problem = AttentionProblem(
      Shape(lengths: [70, 3, 129], heads: 4, keyValueHeads: 2, headSize: 40))
    for (one, many) in zip(try everyOps(threads: 1), try everyOps(threads: threads)) {
      #expect(try problem.run(one) == problem.run(many))
    }
  }

  @Test func referenceAgreesWithFiniteDifferences() {
    let (length, size) = (5, 3)
    let count = length * size
    let reference = AttentionReference(
      length: length, headSize: size, scale: 0.7, q: doubles(randomFloats(count, seed: 1)),
      k: doubles(randomFloats(count, seed: 2)), v: doubles(randomFloats(count, seed: 3)))
    let dout = doubles(randomFloats(count, seed: 4))
    let gradients = reference.gradients(dout)
    func numeric(_ path: WritableKeyPath<AttentionReference, [Double]>) -> [Double] {
      finiteDifferences(reference[keyPath: path]) { value in
        var moved = reference
        moved[keyPath: path] = value
        return dot(dout, moved.output())
      }
    }
    expectClose(gradients.q, numeric(\.q), tolerance: 1e-8, "q")
    expectClose(gradients.k, numeric(\.k), tolerance: 1e-8, "k")
    expectClose(gradients.v, numeric(\.v), tolerance: 1e-8, "v")
  }
}
