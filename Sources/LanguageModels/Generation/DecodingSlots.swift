import TensorKit

/// Places of what a decoding state keeps: per layer and sequence the keys and values, or the
/// recurrent state; and what is computed once from weights and positions.
struct DecodingSlots {
  enum Family {
    case decoder(DecoderSlots)
    case mamba(MambaSlots)
  }

  let family: Family
  let floatCount: Int

  init(_ configuration: ModelConfiguration, sequences: Int, capacity: Int) {
    var plan = BufferPlan()
    switch configuration {
    case .decoder(let shape):
      family = .decoder(
        DecoderSlots(shape, sequences: sequences, capacity: capacity, plan: &plan))
    case .mamba(let shape):
      family = .mamba(MambaSlots(shape, sequences: sequences, plan: &plan))
    }
    floatCount = plan.floatCount
  }
}

struct DecoderSlots {
  /// Keys and values of each layer and sequence (see `KeyValueRows`).
  let rows: [[Slot]]
  /// Rotation tables [capacity, hd / 2].
  let cosines: Slot
  let sines: Slot

  init(
    _ c: DecoderConfiguration, sequences: Int, capacity: Int, plan: inout BufferPlan
  ) {
    cosines = plan.reserve(capacity * c.headDimension / 2)
    sines = plan.reserve(capacity * c.headDimension / 2)
    let floats = KeyValueRows.floatCount(
      capacity: capacity, keyValueHeads: c.keyValueHeadCount, headSize: c.headDimension)
    rows = (0..<c.layerCount).map { _ in (0..<sequences).map { _ in plan.reserve(floats) } }
  }
}

struct MambaSlots {
  struct Layer {
    /// A = -exp(A_log), transposed [N, D].
    let decay: Slot
    /// Convolution weight, transposed [K, D].
    let convolution: Slot
    /// The last K - 1 inputs of the convolution, of each sequence [K - 1, D].
    let windows: [Slot]
    /// The state after the last token, of each sequence [N, D].
    let states: [Slot]
  }

  let layers: [Layer]

  init(_ c: MambaConfiguration, sequences: Int, plan: inout BufferPlan) {
    layers = (0..<c.layerCount).map { _ in
      Layer(
        decay: plan.reserve(c.stateSize * c.innerSize),
        convolution: plan.reserve(c.convolutionTaps * c.innerSize),
        windows: (0..<sequences).map { _ in
          plan.reserve((c.convolutionTaps - 1) * c.innerSize)
        },
        states: (0..<sequences).map { _ in plan.reserve(c.stateSize * c.innerSize) })
    }
  }
}
