import TensorKit

/// The recurrence of stems, and of branches that go on from a stem's end.
///
/// One layer's memory, used by all: a stem's last inputs and state are copied for each of its
/// branches before these run.
struct MambaBranching {
  let offsets: BranchOffsets
  private let branchOffsets: SequenceOffsets
  /// Last inputs of the convolution [K - 1, D] of each stem, then of each branch.
  private let windows: [UnsafeMutablePointer<Float>]
  /// States [N, D] of each stem, then of each branch.
  private let states: [UnsafeMutablePointer<Float>]
  private let windowSize: Int
  private let stateSize: Int

  init(_ pass: BranchPass, _ shape: MambaShape) throws {
    offsets = pass.offsets
    branchOffsets = pass.offsets.branchOffsets
    windowSize = (shape.convolutionTaps - 1) * shape.innerSize
    stateSize = shape.stateSize * shape.innerSize
    let (window, state) = (windowSize, stateSize)
    let count = offsets.stems.count + offsets.branches.count
    let start = try pass.memory.floats(count * window)
    windows = (0..<count).map { start + $0 * window }
    let first = try pass.memory.floats(count * state)
    states = (0..<count).map { first + $0 * state }
  }

  static func byteCount(_ offsets: BranchOffsets, _ shape: MambaShape) -> Int {
    let count = offsets.stems.count + offsets.branches.count
    return Arena.byteCount(floats: [
      count * (shape.convolutionTaps - 1) * shape.innerSize,
      count * shape.stateSize * shape.innerSize,
    ])
  }

  /// As `Ops.convSiLU`.
  func convolve(
    _ ops: Ops, output: Matrix, input: Matrix, weight: UnsafePointer<Float>,
    bias: UnsafePointer<Float>?, taps: Int
  ) {
    start(windows, size: windowSize)
    let stems = offsets.stems
    ops.convSiLU(
      output: output, input: input, windows: Array(windows.prefix(stems.count)), weight: weight,
      bias: bias, taps: taps, offsets: stems)
    guard !offsets.branches.isEmpty else { return }
    goOn(windows, size: windowSize)
    ops.convSiLU(
      output: output.rows(from: stems.tokens, count: branchOffsets.tokens),
      input: input.rows(from: stems.tokens, count: branchOffsets.tokens),
      windows: Array(windows.dropFirst(stems.count)), weight: weight, bias: bias, taps: taps,
      offsets: branchOffsets)
  }

  /// As `Ops.scan`; output: [tokens, D].
  func scan(_ ops: Ops, output: UnsafeMutablePointer<Float>, inputs: ScanInputs, shape: MambaShape)
  {
    start(states, size: stateSize)
    let stems = offsets.stems
    ops.scan(
      output: output, states: Array(states.prefix(stems.count)), inputs: inputs,
      shape: shape.scan(stems))
    guard !offsets.branches.isEmpty else { return }
    goOn(states, size: stateSize)
    ops.scan(
      output: output + stems.tokens * shape.innerSize,
      states: Array(states.dropFirst(stems.count)),
      inputs: inputs.rows(
        from: stems.tokens, count: branchOffsets.tokens, channels: shape.innerSize),
      shape: shape.scan(branchOffsets))
  }

  /// A stem begins with nothing.
  private func start(_ places: [UnsafeMutablePointer<Float>], size: Int) {
    for place in places.prefix(offsets.stems.count) { place.update(repeating: 0, count: size) }
  }

  private func goOn(_ places: [UnsafeMutablePointer<Float>], size: Int) {
    for (branch, place) in zip(offsets.branches, places.dropFirst(offsets.stems.count)) {
      place.update(from: places[branch.stem], count: size)
    }
  }
}

extension ScanInputs {
  /// The inputs of `count` tokens from `first` on.
  fileprivate func rows(from first: Int, count: Int, channels: Int) -> ScanInputs {
    ScanInputs(
      u: u + first * channels, timeSteps: timeSteps + first * channels,
      z: z.rows(from: first, count: count), b: b.rows(from: first, count: count),
      c: c.rows(from: first, count: count), a: a, skip: skip, timeStepBias: timeStepBias)
  }
}
