import TensorKit

/// What state spaces do beside products of matrices.
enum StateSpaceKernels {
  static func convolution(_ stand: KernelStand, channels: Int, taps: Int) throws {
    let tokens = stand.tokens
    let input = try stand.matrix(tokens, 2 * channels).columns(from: 0, count: channels)
    let output = try stand.matrix(tokens, channels)
    let weight = try stand.values(taps * channels)
    let bias = try stand.values(channels)
    let size = "T \(tokens), D \(channels), K \(taps)"
    try stand.measure("convolution forward", size, .bytes(8 * tokens * channels)) {
      stand.compute.convSiLU(
        output: output, input: input, weight: weight, bias: bias, taps: taps,
        offsets: stand.offsets)
    }
    let inputGradient = try stand.matrix(tokens, 2 * channels).columns(from: 0, count: channels)
    let weightGradient = try stand.values(taps * channels)
    let biasGradient = try stand.values(channels)
    // Reads the input and the gradient, writes the gradient before SiLU and that of the input.
    try stand.measure("convolution backward", size, .bytes(16 * tokens * channels)) {
      stand.compute.convSiLUBackward(
        inputGradient: inputGradient, weightGradient: weightGradient, biasGradient: biasGradient,
        outputGradient: output, input: input, weight: weight, bias: bias, taps: taps,
        offsets: stand.offsets)
    }
  }

  static func scan(_ stand: KernelStand, channels: Int, states: Int) throws {
    let tokens = stand.tokens
    let count = tokens * channels
    let scan = ScanShape(offsets: stand.offsets, channels: channels, states: states)
    let bc = try stand.matrix(tokens, 2 * states)
    let z = try stand.matrix(tokens, 2 * channels).columns(from: channels, count: channels)
    let inputs = ScanInputs(
      u: try stand.values(count), timeSteps: try stand.values(count, around: -4), z: z,
      b: bc.columns(from: 0, count: states), c: bc.columns(from: states, count: states),
      a: try stand.values(states * channels, around: -8, width: 15),
      skip: try stand.values(channels, around: 1), timeStepBias: try stand.values(channels))
    let output = try stand.values(count)
    let saved = try stand.values(scan.savedCount)
    let size = "T \(tokens), D \(channels), N \(states)"
    try stand.measure("scan forward", size, .states(count * states)) {
      stand.compute.scan(output: output, saved: saved, inputs: inputs, shape: scan)
    }
    let bcGradient = try stand.matrix(tokens, 2 * states)
    let gradients = ScanGradients(
      u: try stand.values(count), timeSteps: try stand.values(count),
      z: try stand.matrix(tokens, 2 * channels).columns(from: channels, count: channels),
      b: bcGradient.columns(from: 0, count: states),
      c: bcGradient.columns(from: states, count: states),
      a: try stand.values(states * channels), skip: try stand.values(channels),
      timeStepBias: try stand.values(channels))
    let scratch = try Arena(byteCount: stand.compute.scanBackwardScratch(shape: scan))
    try stand.measure("scan backward", size, .states(count * states)) {
      try stand.compute.scanBackward(
        gradients: gradients, outputGradient: output, saved: saved, inputs: inputs, shape: scan,
        scratch: scratch)
    }
  }
}
