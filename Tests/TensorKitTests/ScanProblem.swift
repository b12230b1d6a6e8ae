import TensorKit

/// A random packed scan, its double-precision twins, and ways to run it.
struct ScanProblem {
  var offsets: SequenceOffsets
  var channels: Int
  var states: Int
  var u: [Float]
  var dt: [Float]
  var z: [Float]
  var b: [Float]
  var c: [Float]
  var a: [Float]
  var skip: [Float]
  var bias: [Float]
  var outputGradient: [Float]

  init(lengths: [Int], channels: Int, states: Int) {
    offsets = SequenceOffsets(lengths: lengths)
    self.channels = channels
    self.states = states
    let count = offsets.tokens * channels
    u = randomFloats(count, seed: 40)
    // Reaches across softplus's threshold of 20 now and then.
    dt = randomFloats(count, seed: 41, scale: 3)
    if count > 12 { dt[12] = 21 }
    z = randomFloats(count, seed: 42, scale: 2)
    b = randomFloats(offsets.tokens * states, seed: 43)
    c = randomFloats(offsets.tokens * states, seed: 44)
    a = randomFloats(states * channels, seed: 45).map { -0.05 - 2 * abs($0) }
    skip = randomFloats(channels, seed: 46)
    bias = randomFloats(channels, seed: 47).map { $0 - 2 }
    outputGradient = randomFloats(count, seed: 48)
  }

  /// The problem of one of the sequences.
  func alone(_ sequence: Int) -> ScanProblem {
    let tokens = offsets.range(sequence)
    func part(_ values: [Float], _ width: Int) -> [Float] {
      Array(values[tokens.lowerBound * width..<tokens.upperBound * width])
    }
    var problem = self
    problem.offsets = SequenceOffsets(tokens: tokens.count)
    problem.u = part(u, channels)
    problem.dt = part(dt, channels)
    problem.z = part(z, channels)
    problem.b = part(b, states)
    problem.c = part(c, states)
    problem.outputGradient = part(outputGradient, channels)
    return problem
  }

  var references: [ScanReference] {
    (0..<offsets.count).map { sequence in
      let part = alone(sequence)
      return ScanReference(
        length: part.offsets.tokens, channels: channels, states: states, u: doubles(part.u),
        dt: doubles(part.dt), z: doubles(part.z), b: doubles(part.b), c: doubles(part.c),
        a: doubles(a), skip: doubles(skip), bias: doubles(bias))
    }
  }

  /// Gradients of all sequences: concatenated for tokens, added up for parameters.
  func expectedGradients() -> ScanReference.Gradients {
    func zeros(_ count: Int) -> [Double] { [Double](repeating: 0, count: count) }
    var all = ScanReference.Gradients(
      u: [], dt: [], z: [], b: [], c: [], a: zeros(a.count), skip: zeros(channels),
      bias: zeros(channels))
    for (sequence, reference) in references.enumerated() {
      let one = reference.gradients(doubles(alone(sequence).outputGradient))
      all.u += one.u
      all.dt += one.dt
      all.z += one.z
      all.b += one.b
      all.c += one.c
      for index in a.indices { all.a[index] += one.a[index] }
      for index in 0..<channels {
        all.skip[index] += one.skip[index]
        all.bias[index] += one.bias[index]
      }
    }
    return all
  }

  struct Result: Equatable {
    var output: [Float]
    var u: [Float]
    var dt: [Float]
    var z: [Float]
    var b: [Float]
    var c: [Float]
    var a: [Float]
    var skip: [Float]
    var bias: [Float]
  }

  /// Forward and backward; z, B and C lie in wider matrices.
  func run(_ ops: Ops) throws -> Result {
    let memory = TestMemory()
    defer { withExtendedLifetime(memory) {} }
    let tokens = offsets.tokens
    let shape = ScanShape(offsets: offsets, channels: channels, states: states)
    let inputs = inputs(in: memory)
    let saved = memory.vector(count: shape.savedCount)
    let output = memory.vector(count: u.count)
    ops.scan(output: output, saved: saved, inputs: inputs, shape: shape)
    let gradients = ScanGradients(
      u: memory.vector(count: u.count), timeSteps: memory.vector(count: u.count),
      z: memory.zeros(rows: tokens, columns: channels, stride: inputs.z.stride),
      b: memory.zeros(rows: tokens, columns: states, stride: states + 3),
      c: memory.zeros(rows: tokens, columns: states, stride: states + 3),
      a: memory.vector(count: a.count), skip: memory.vector(count: channels),
      timeStepBias: memory.vector(count: channels))
    try ops.scanBackward(
      gradients: gradients, outputGradient: outputGradient, saved: saved, inputs: inputs,
      shape: shape, scratch: Arena(byteCount: ops.scanBackwardScratch(shape: shape)))
    return Result(
      output: output.values(u.count), u: gradients.u.values(u.count),
      dt: gradients.timeSteps.values(u.count), z: gradients.z.values, b: gradients.b.values,
      c: gradients.c.values, a: gradients.a.values(a.count),
      skip: gradients.skip.values(channels), bias: gradients.timeStepBias.values(channels))
  }

  /// The output of the only sequence, one call a token with the state carried along.
  func runTokenByToken(_ ops: Ops) -> [Float] {
    let memory = TestMemory()
    defer { withExtendedLifetime(memory) {} }
    let shape = ScanShape(offsets: SequenceOffsets(tokens: 1), channels: channels, states: states)
    let inputs = inputs(in: memory)
    let state = memory.vector(count: states * channels)
    let output = memory.vector(count: u.count)
    for token in 0..<offsets.tokens {
      var step = inputs
      step.u += token * channels
      step.timeSteps += token * channels
      step.z = inputs.z.rows(from: token, count: 1)
      step.b = inputs.b.rows(from: token, count: 1)
      step.c = inputs.c.rows(from: token, count: 1)
      ops.scan(
        output: output + token * channels, initialStates: state, finalStates: state, inputs: step,
        shape: shape)
    }
    return output.values(u.count)
  }

  private func inputs(in memory: TestMemory) -> ScanInputs {
    ScanInputs(
      u: memory.vector(u), timeSteps: memory.vector(dt),
      z: memory.matrix(z, columns: channels, stride: channels * 2),
      b: memory.matrix(b, columns: states, stride: states * 2 + 1),
      c: memory.matrix(c, columns: states, stride: states * 2 + 1), a: memory.vector(a),
      skip: memory.vector(skip), timeStepBias: memory.vector(bias))
  }
}
