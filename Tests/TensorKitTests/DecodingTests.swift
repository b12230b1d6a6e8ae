import TensorKit
import Testing

/// What continues a sequence equals what takes it whole, on every instruction set.
@Suite struct DecodingTests {
  private let memory = TestMemory()

  @Test(arguments: [(1, 1, 1), (2, 7, 3), (3, 33, 2), (4, 70, 4), (5, 130, 16), (40, 300, 4)])
  func convolutionGoesOn(tokens: Int, channels: Int, taps: Int) throws {
    let lengths = [tokens, 9, 1 + tokens / 2]
    let offsets = SequenceOffsets(lengths: lengths)
    let x = randomFloats(offsets.tokens * channels, seed: 30)
    let w = randomFloats(taps * channels, seed: 31)
    let bias = randomFloats(channels, seed: 32)
    var expected: [Double] = []
    for sequence in 0..<offsets.count {
      let range = offsets.range(sequence)
      let part = x[range.lowerBound * channels..<range.upperBound * channels]
      expected += Reference.convSiLU(
        doubles(Array(part)), doubles(w), doubles(bias), channels: channels, taps: taps)
    }
    for ops in try everyOps() {
      for piece in [1, 2, 5] {
        let windows = lengths.map { _ in memory.vector(count: max(1, (taps - 1) * channels)) }
        let output = memory.zeros(rows: offsets.tokens, columns: channels)
        for first in stride(from: 0, to: offsets.longest, by: piece) {
          for sequence in 0..<offsets.count where offsets.range(sequence).count > first {
            let range = offsets.range(sequence)
            let rows = min(piece, range.count - first)
            let start = range.lowerBound + first
            let input = memory.matrix(
              Array(x[start * channels..<(start + rows) * channels]), columns: channels,
              stride: channels + 3)
            ops.convSiLU(
              output: output.rows(from: start, count: rows), input: input,
              windows: [windows[sequence]], weight: w, bias: bias, taps: taps,
              offsets: SequenceOffsets(tokens: rows))
          }
        }
        expectClose(
          output.values, expected, tolerance: 1e-6, "\(ops.kernels.name), pieces of \(piece)")
      }
    }
  }

  @Test(arguments: [(1, 1), (16, 16), (20, 8), (300, 64), (33, 5)])
  func scanGoesOn(channels: Int, states: Int) throws {
    let lengths = [70, 3, 65]
    let offsets = SequenceOffsets(lengths: lengths)
    let tokens = offsets.tokens
    let u = randomFloats(tokens * channels, seed: 40)
    let steps = randomFloats(tokens * channels, seed: 41)
    let z = memory.matrix(randomFloats(tokens * channels, seed: 42), columns: channels)
    let b = memory.matrix(randomFloats(tokens * states, seed: 43), columns: states)
    let c = memory.matrix(randomFloats(tokens * states, seed: 44), columns: states)
    let a = randomFloats(states * channels, seed: 45).map { -1 - abs($0) }
    let skip = memory.vector(randomFloats(channels, seed: 46))
    let bias = memory.vector(randomFloats(channels, seed: 47))
    let (us, timeSteps, decay) = (
      memory.vector(u), memory.vector(steps), memory.vector(a)
    )
    for ops in try everyOps() {
      let whole = memory.vector(count: tokens * channels)
      ops.scan(
        output: whole,
        inputs: ScanInputs(
          u: us, timeSteps: timeSteps, z: z, b: b, c: c, a: decay, skip: skip,
          timeStepBias: bias),
        shape: ScanShape(offsets: offsets, channels: channels, states: states))
      let memories = lengths.map { _ in memory.vector(count: states * channels) }
      let pieces = memory.vector(count: tokens * channels)
      for sequence in 0..<offsets.count {
        var first = offsets.range(sequence).lowerBound
        for count in [1, 1, 40, 23, 5] {
          let count = min(count, offsets.range(sequence).upperBound - first)
          if count == 0 { break }
          func rows(_ x: Matrix) -> Matrix { x.rows(from: first, count: count) }
          ops.scan(
            output: pieces + first * channels, states: [memories[sequence]],
            inputs: ScanInputs(
              u: us + first * channels, timeSteps: timeSteps + first * channels, z: rows(z),
              b: rows(b), c: rows(c), a: decay, skip: skip, timeStepBias: bias),
            shape: ScanShape(
              offsets: SequenceOffsets(tokens: count), channels: channels, states: states))
          first += count
        }
        // The pieces sum in the same order as the whole: equal bits.
        let start = offsets.range(sequence).lowerBound * channels
        let range = start..<first * channels
        #expect(
          range.allSatisfy { pieces[$0].bitPattern == whole[$0].bitPattern }, "\(ops.kernels.name)")
      }
    }
  }

  @Test(arguments: [(1, 1, 1), (3, 5, 7), (4, 6, 16), (9, 23, 65), (32, 50, 130), (48, 13, 64)])
  func linearMapsOfFewRows(rows: Int, outputs: Int, inputs: Int) throws {
    let x = randomFloats(rows * inputs, seed: 50)
    let w = randomFloats(outputs * inputs, seed: 51)
    let bias = randomFloats(outputs, seed: 52)
    let before = randomFloats(rows * outputs, seed: 53)
    var expected: [Double] = []
    for row in 0..<rows {
      for output in 0..<outputs {
        let product = dot(
          doubles(Array(x[row * inputs..<(row + 1) * inputs])),
          doubles(Array(w[output * inputs..<(output + 1) * inputs])))
        expected.append(product + Double(bias[output]))
      }
    }
    let input = memory.matrix(x, columns: inputs, stride: inputs + 5)
    let weight = memory.matrix(w, columns: inputs)
    for ops in try everyOps() {
      let output = memory.zeros(rows: rows, columns: outputs, stride: outputs + 2)
      ops.linear(output: output, input: input.operand, weight: weight.operand, bias: bias)
      expectClose(output.values, expected, tolerance: 1e-5, ops.kernels.name)
      let sum = memory.matrix(before, columns: outputs)
      ops.linear(
        output: sum, input: input.operand, weight: weight.operand, bias: bias, accumulate: true)
      expectClose(
        sum.values, zip(expected, before).map { $0 + Double($1) }, tolerance: 1e-5,
        ops.kernels.name + ", added")
      // A row alone has the same bits.
      let alone = memory.zeros(rows: 1, columns: outputs)
      ops.linear(
        output: alone, input: input.rows(from: rows / 2, count: 1).operand, weight: weight.operand,
        bias: bias)
      #expect(alone.values == output.rows(from: rows / 2, count: 1).values)
    }
  }

  @Test(arguments: [1, 15, 16, 100]) func exponentialsAndTheirSum(count: Int) throws {
    let x = randomFloats(count, seed: 60, scale: 20)
    let highest = x.max() ?? 0
    let expected = x.map { exponential((Double($0) - Double(highest)) * 0.7) }
    for ops in try everyOps() {
      let output = memory.vector(count: count)
      let sum = ops.kernels.exponentials(
        output, of: x, highest: highest, factor: 0.7, count: count)
      expectClose(output.values(count), expected, tolerance: 1e-6, ops.kernels.name)
      #expect(abs(sum - expected.reduce(0, +)) < 1e-6 * Double(count))
    }
  }
}
