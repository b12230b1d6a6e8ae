import TensorKit

/// Places of the convolution's window and of the state of the sequences that a Mamba continues, and
/// of what is computed once from the weights.
struct MambaCache: LayerCache {
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

  init(_ c: MambaShape, sequences: Int, plan: inout BufferPlan) {
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

  /// A recurrence starts from zero.
  func reset(_ sequence: Int, in state: DecodingState) {
    for layer in layers {
      for place in [layer.windows[sequence], layer.states[sequence]] {
        state.pointer(place).update(repeating: 0, count: place.count)
      }
    }
  }
}

/// What one Mamba layer keeps of the sequences of a pass.
struct MambaRecurrence {
  /// A, transposed [N, D].
  let decay: UnsafePointer<Float>
  /// Convolution weight, transposed [K, D].
  let convolution: UnsafePointer<Float>
  /// Earlier inputs of each sequence [K - 1, D].
  let windows: [UnsafeMutablePointer<Float>]
  /// State of each sequence [N, D].
  let states: [UnsafeMutablePointer<Float>]
}

extension DecodingPass {
  /// Windows and states of layer `index`.
  func recurrence(layer index: Int) throws(ModelError) -> MambaRecurrence {
    let slots: MambaCache = try state.cache()
    let layer = slots.layers[index]
    return MambaRecurrence(
      decay: state.pointer(layer.decay), convolution: state.pointer(layer.convolution),
      windows: places.map { state.pointer(layer.windows[$0]) },
      states: places.map { state.pointer(layer.states[$0]) })
  }
}
