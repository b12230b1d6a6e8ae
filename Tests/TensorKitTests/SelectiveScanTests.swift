import TensorKit
import Testing

@Suite struct SelectiveScanTests {
  struct Shape: CustomTestStringConvertible {
    var lengths: [Int]
    var channels: Int
    var states: Int
    var testDescription: String { "\(lengths) tokens, \(channels) channels, \(states) states" }
  }

  static let shapes = [
    Shape(lengths: [1], channels: 1, states: 1), Shape(lengths: [63], channels: 5, states: 8),
    Shape(lengths: [64], channels: 16, states: 16), Shape(lengths: [65], channels: 33, states: 16),
    Shape(lengths: [192], channels: 37, states: 16), Shape(lengths: [70], channels: 19, states: 64),
    Shape(lengths: [3, 0, 65, 1], channels: 85, states: 16),
    Shape(lengths: [9], channels: 4, states: 256),
    Shape(lengths: [20, 21], channels: 24, states: 5),
  ]

  @Test(arguments: shapes) func matchesTheReference(shape: Shape) throws {
    let problem = ScanProblem(
      lengths: shape.lengths, channels: shape.channels, states: shape.states)
    let expected = problem.references.flatMap { $0.output() }
    let gradients = problem.expectedGradients()
    for ops in try everyOps() {
      let name = "scan \(ops.kernels.name)"
      let result = try problem.run(ops)
      expectClose(result.output, expected, tolerance: 2e-5, name)
      let tolerance = 5e-5
      expectClose(result.u, gradients.u, tolerance: tolerance, name + " du")
      expectClose(result.dt, gradients.dt, tolerance: tolerance, name + " ddt")
      expectClose(result.z, gradients.z, tolerance: tolerance, name + " dz")
      expectClose(result.b, gradients.b, tolerance: tolerance, name + " dB")
      expectClose(result.c, gradients.c, tolerance: tolerance, name + " dC")
      expectClose(result.a, gradients.a, tolerance: tolerance, name + " dA")
      expectClose(result.skip, gradients.skip, tolerance: tolerance, name + " dD")
      expectClose(result.bias, gradients.bias, tolerance: tolerance, name + " dbias")
    }
  }

  @Test func packedEqualsSeparate() throws {
    let problem = ScanProblem(lengths: [65, 7, 128], channels: 50, states: 16)
    for ops in try everyOps() {
      let packed = try problem.run(ops)
      var first = 0
      for sequence in 0..<problem.offsets.count {
        let alone = try problem.alone(sequence).run(ops)
        let range = first..<first + alone.output.count
        #expect(Array(packed.output[range]) == alone.output)
        #expect(Array(packed.u[range]) == alone.u)
        #expect(Array(packed.dt[range]) == alone.dt)
        first = range.upperBound
      }
    }
  }

  @Test func tokenByTokenEqualsWhole() throws {
    let problem = ScanProblem(lengths: [70], channels: 21, states: 16)
    for ops in try everyOps() {
      let whole = try problem.run(ops)
      #expect(problem.runTokenByToken(ops) == whole.output)
    }
  }

  @Test(arguments: 1...8) func sameBitsForAnyNumberOfThreads(threads: Int) throws {
    let problem = ScanProblem(lengths: [65, 7, 128], channels: 200, states: 16)
    let alone = try everyOps(threads: 1)
    for (one, many) in zip(alone, try everyOps(threads: threads)) {
      #expect(try problem.run(one) == problem.run(many))
    }
  }

  @Test func referenceAgreesWithFiniteDifferences() throws {
    let problem = ScanProblem(lengths: [5], channels: 3, states: 2)
    let reference = try #require(problem.references.first)
    let dout = doubles(problem.outputGradient)
    let gradients = reference.gradients(dout)
    func check(
      _ path: WritableKeyPath<ScanReference, [Double]>, _ gradient: [Double], _ name: String
    ) {
      let expected = finiteDifferences(reference[keyPath: path]) { value in
        var moved = reference
        moved[keyPath: path] = value
        return dot(dout, moved.output())
      }
      expectClose(gradient, expected, tolerance: 1e-8, name)
    }
    check(\.u, gradients.u, "u")
    check(\.dt, gradients.dt, "dt")
    check(\.z, gradients.z, "z")
    check(\.b, gradients.b, "B")
    check(\.c, gradients.c, "C")
    check(\.a, gradients.a, "A")
    check(\.skip, gradients.skip, "D")
    check(\.bias, gradients.bias, "bias")
  }
}
