internal import CKernels

extension Ops {
  /// Channels of one task.
  private static func channelGrain(_ channels: Int) -> Int {
    max(64, (channels / 32 + 15) / 16 * 16)
  }

  /// Depthwise causal convolution with SiLU inside each sequence. output, input: [tokens, channels];
  /// weight: [taps, channels] (the checkpoint's [channels, 1, taps] transposed).
  public func convSiLU(
    output: Matrix, input: Matrix, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    taps: Int, offsets: SequenceOffsets
  ) {
    let table = kernels.table
    let channels = input.columns
    let grain = Self.channelGrain(channels)
    let ranges = (channels + grain - 1) / grain
    pool.run(offsets.count * ranges) { index in
      let tokens = offsets.range(index / ranges)
      let channel = index % ranges * grain
      table.pointee.conv_silu_forward(
        output.row(tokens.lowerBound), output.stride, input.row(tokens.lowerBound),
        input.stride, weight, bias, tokens.count, channels, channel,
        min(channels, channel + grain), taps)
    }
  }

  /// Overwrites inputGradient; adds to weightGradient[taps, channels] and biasGradient[channels].
  /// outputGradient is overwritten by the gradient before SiLU.
  public func convSiLUBackward(
    inputGradient: Matrix, weightGradient: UnsafeMutablePointer<Float>,
    biasGradient: UnsafeMutablePointer<Float>?, outputGradient: Matrix, input: Matrix,
    weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?, taps: Int,
    offsets: SequenceOffsets
  ) {
    let table = kernels.table
    let channels = input.columns
    pool.run(channels, grain: Self.channelGrain(channels)) { range in
      for sequence in 0..<offsets.count {
        let tokens = offsets.range(sequence)
        let first = tokens.lowerBound
        table.pointee.conv_silu_backward(
          inputGradient.row(first), inputGradient.stride, weightGradient, biasGradient,
          outputGradient.row(first), outputGradient.stride, input.row(first), input.stride,
          weight, bias, tokens.count, channels, range.lowerBound, range.upperBound, taps)
      }
    }
  }
}
