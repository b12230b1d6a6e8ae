internal import CKernels

/// What a selective scan reads: Mamba, algorithm 2, fused with softplus, the skip and the gate.
public struct ScanInputs {
  /// After convolution and SiLU, dense [tokens, channels].
  public var u: UnsafePointer<Float>
  /// Time steps before bias and softplus, dense [tokens, channels].
  public var timeSteps: UnsafePointer<Float>
  /// The gate, [tokens, channels].
  public var z: Matrix
  /// [tokens, states]; the same stride as `c`.
  public var b: Matrix
  /// [tokens, states].
  public var c: Matrix
  /// A itself (negative), transposed: dense [states, channels].
  public var a: UnsafePointer<Float>
  /// D of the skip connection, [channels].
  public var skip: UnsafePointer<Float>
  /// The time step's bias, [channels].
  public var timeStepBias: UnsafePointer<Float>

  public init(
    u: UnsafePointer<Float>, timeSteps: UnsafePointer<Float>, z: Matrix, b: Matrix, c: Matrix,
    a: UnsafePointer<Float>, skip: UnsafePointer<Float>, timeStepBias: UnsafePointer<Float>
  ) {
    precondition(b.stride == c.stride, "B and C have different strides")
    self.u = u
    self.timeSteps = timeSteps
    self.z = z
    self.b = b
    self.c = c
    self.a = a
    self.skip = skip
    self.timeStepBias = timeStepBias
  }
}

/// What the backward scan writes.
public struct ScanGradients {
  /// Dense [tokens, channels], overwritten.
  public var u: UnsafeMutablePointer<Float>
  /// Before softplus, dense [tokens, channels], overwritten.
  public var timeSteps: UnsafeMutablePointer<Float>
  /// [tokens, channels] with the stride of z, overwritten.
  public var z: Matrix
  /// [tokens, states], overwritten.
  public var b: Matrix
  /// [tokens, states], overwritten.
  public var c: Matrix
  /// Of A itself (times A gives A_log's), [states, channels], added to.
  public var a: UnsafeMutablePointer<Float>
  /// [channels], added to.
  public var skip: UnsafeMutablePointer<Float>
  /// [channels], added to.
  public var timeStepBias: UnsafeMutablePointer<Float>

  public init(
    u: UnsafeMutablePointer<Float>, timeSteps: UnsafeMutablePointer<Float>, z: Matrix, b: Matrix,
    c: Matrix, a: UnsafeMutablePointer<Float>, skip: UnsafeMutablePointer<Float>,
    timeStepBias: UnsafeMutablePointer<Float>
  ) {
    self.u = u
    self.timeSteps = timeSteps
    self.z = z
    self.b = b
    self.c = c
    self.a = a
    self.skip = skip
    self.timeStepBias = timeStepBias
  }
}

/// The geometry of a packed scan.
public struct ScanShape: Sendable {
  public let offsets: SequenceOffsets
  public let channels: Int
  public let states: Int
  /// Saved states before each sequence, and the count of all.
  let chunkStarts: [Int]

  public init(offsets: SequenceOffsets, channels: Int, states: Int) {
    precondition((1...256).contains(states), "states is not in 1...256")
    var starts = [0]
    for sequence in 0..<offsets.count {
      let chunks = (offsets.range(sequence).count + Self.chunk - 1) / Self.chunk
      starts.append(starts[sequence] + chunks)
    }
    chunkStarts = starts
    self.offsets = offsets
    self.channels = channels
    self.states = states
  }

  /// Tokens between two saved states.
  static let chunk = 64

  /// Floats of the saved states that ``Ops/scan`` writes for the backward pass.
  public var savedCount: Int { chunkStarts[offsets.count] * states * channels }

  /// Channels of one task: at most 32 ranges, for each has its own partial gradients of B and C.
  var channelGrain: Int { max(64, (channels / 32 + 15) / 16 * 16) }
  var channelRanges: Int { (channels + channelGrain - 1) / channelGrain }
  /// Sequences are taken in at most 16 groups, each with its own partial sums.
  var groups: Int { min(16, offsets.count) }
  func group(_ index: Int) -> Range<Int> {
    offsets.count * index / groups..<offsets.count * (index + 1) / groups
  }

  func kernelShape(sequence: Int, channels range: Range<Int>, zStride: Int, bcStride: Int)
    -> ck_scan_shape
  {
    ck_scan_shape(
      length: offsets.range(sequence).count, channels: channels, channel_start: range.lowerBound,
      channel_end: range.upperBound, states: states, ld_z: zStride, ld_bc: bcStride,
      chunk: Self.chunk)
  }
}

extension Ops {
  /// output[tokens, channels] (dense) of every sequence. `saved` receives
  /// ``ScanShape/savedCount`` floats for the backward pass. The states before the first token (zero
  /// when not given) and after the last are [sequences, states, channels], for decoding; they may be
  /// the same memory.
  public func scan(
    output: UnsafeMutablePointer<Float>, saved: UnsafeMutablePointer<Float>? = nil,
    initialStates: UnsafePointer<Float>? = nil,
    finalStates: UnsafeMutablePointer<Float>? = nil, inputs: ScanInputs, shape: ScanShape
  ) {
    let table = kernels.table
    let ranges = shape.channelRanges
    let stateCount = shape.states * shape.channels
    pool.run(shape.offsets.count * ranges) { index, _ in
      let sequence = index / ranges
      let first = shape.offsets.starts[sequence]
      guard !shape.offsets.range(sequence).isEmpty else { return }
      let channel = index % ranges * shape.channelGrain
      var kernelShape = shape.kernelShape(
        sequence: sequence,
        channels: channel..<min(shape.channels, channel + shape.channelGrain),
        zStride: inputs.z.stride, bcStride: inputs.b.stride)
      let offset = first * shape.channels
      table.pointee.scan_forward(
        output + offset, saved.map { $0 + shape.chunkStarts[sequence] * stateCount },
        finalStates.map { $0 + sequence * stateCount },
        initialStates.map { $0 + sequence * stateCount },
        inputs.u + offset, inputs.timeSteps + offset, inputs.z.row(first), inputs.b.row(first),
        inputs.c.row(first), inputs.a, inputs.skip, inputs.timeStepBias, &kernelShape)
    }
  }

  /// The backward pass of ``scan`` from zero states; `saved` is what it wrote. Scratch: ``scanBackwardScratch``.
  public func scanBackward(
    gradients: ScanGradients, outputGradient: UnsafePointer<Float>, saved: UnsafePointer<Float>,
    inputs: ScanInputs, shape: ScanShape, scratch: Arena
  ) throws {
    precondition(gradients.z.stride == inputs.z.stride, "z and its gradient have other strides")
    let mark = scratch.mark()
    defer { scratch.release(to: mark) }
    let channels = shape.channels
    let states = shape.states
    let tokens = shape.offsets.tokens
    let ranges = shape.channelRanges
    let stateCount = states * channels
    let workspaceCount = shape.workspaceCount
    let workspaces = try scratch.floats(pool.threads * workspaceCount)
    // One partial of B's and C's gradients a channel range, one of the parameters' a group.
    let rangePartials = try scratch.floats(ranges * 2 * tokens * states)
    let groupPartials = try scratch.floats(shape.groups * (stateCount + 2 * channels))
    clear(rangePartials, count: ranges * 2 * tokens * states)
    clear(groupPartials, count: shape.groups * (stateCount + 2 * channels))
    let table = kernels.table
    pool.run(shape.groups * ranges) { index, worker in
      let group = index / ranges
      let range = index % ranges
      let channel = range * shape.channelGrain
      let bPartial = rangePartials + range * 2 * tokens * states
      let cPartial = bPartial + tokens * states
      let aPartial = groupPartials + group * (stateCount + 2 * channels)
      for sequence in shape.group(group) where !shape.offsets.range(sequence).isEmpty {
        let first = shape.offsets.starts[sequence]
        let offset = first * channels
        var kernelShape = shape.kernelShape(
          sequence: sequence, channels: channel..<min(channels, channel + shape.channelGrain),
          zStride: inputs.z.stride, bcStride: inputs.b.stride)
        table.pointee.scan_backward(
          gradients.u + offset, gradients.timeSteps + offset, gradients.z.row(first),
          bPartial + first * states, cPartial + first * states, aPartial, aPartial + stateCount,
          aPartial + stateCount + channels, outputGradient + offset,
          saved + shape.chunkStarts[sequence] * stateCount, inputs.u + offset,
          inputs.timeSteps + offset, inputs.z.row(first), inputs.b.row(first),
          inputs.c.row(first), inputs.a, inputs.skip, inputs.timeStepBias, &kernelShape,
          workspaces + worker * workspaceCount)
      }
    }
    mergeParameters(gradients, groupPartials, shape: shape)
    mergeTokens(gradients, rangePartials, shape: shape)
  }

  private func mergeParameters(
    _ gradients: ScanGradients, _ partials: UnsafeMutablePointer<Float>, shape: ScanShape
  ) {
    let stateCount = shape.states * shape.channels
    let stride = stateCount + 2 * shape.channels
    let all = Matrix(partials, rows: shape.groups, columns: stride)
    columnSum(gradients.a, adding: all.columns(from: 0, count: stateCount))
    columnSum(gradients.skip, adding: all.columns(from: stateCount, count: shape.channels))
    columnSum(
      gradients.timeStepBias,
      adding: all.columns(from: stateCount + shape.channels, count: shape.channels))
  }

  private func mergeTokens(
    _ gradients: ScanGradients, _ partials: UnsafeMutablePointer<Float>, shape: ScanShape
  ) {
    let table = kernels.table
    let states = shape.states
    let tokens = shape.offsets.tokens
    pool.run(tokens, grain: Self.rowGrain(columns: 2 * states * shape.channelRanges)) { range in
      for token in range {
        let b = gradients.b.row(token)
        let c = gradients.c.row(token)
        b.update(repeating: 0, count: states)
        c.update(repeating: 0, count: states)
        for channelRange in 0..<shape.channelRanges {
          let partial = partials + (channelRange * 2 * tokens + token) * states
          table.pointee.axpy(b, partial, 1, states)
          table.pointee.axpy(c, partial + tokens * states, 1, states)
        }
      }
    }
  }

  /// Bytes of scratch that ``scanBackward`` takes.
  public func scanBackwardScratch(shape: ScanShape) -> Int {
    Arena.byteCount(floats: [
      pool.threads * shape.workspaceCount,
      shape.channelRanges * 2 * shape.offsets.tokens * shape.states,
      shape.groups * (shape.states + 2) * shape.channels,
    ])
  }
}

extension ScanShape {
  /// Floats of one worker's workspace.
  fileprivate var workspaceCount: Int {
    var kernelShape = ck_scan_shape(
      length: offsets.longest, channels: channels, channel_start: 0,
      channel_end: min(channels, channelGrain), states: states, ld_z: channels, ld_bc: states,
      chunk: Self.chunk)
    return (ck_scan_workspace(&kernelShape) + 15) & ~15
  }
}
