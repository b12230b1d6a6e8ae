import LanguageModels

/// Floating-point operations of a model, counted from the operations of its layers: a multiplication
/// and an addition each. Norms, activations and rotary positions, below a hundredth of the rest, are
/// left out.
struct ModelFLOPs: Sendable, Equatable {
  /// Of a forward pass, for every input position.
  let perPosition: Double
  /// Of a forward pass, for every pair of a position and one that it attends to.
  let perPair: Double
  /// Forward and backward over forward: the gradient of the input and that of the weight cost a
  /// product each.
  static let trainingOverForward = 3.0

  init(_ configuration: ModelConfiguration) {
    var (position, pair) = (0.0, 0.0)
    for operation in configuration.operations {
      switch operation {
      case .linear(_, let inputs, let outputs): position += 2 * Double(inputs) * Double(outputs)
      case .attention(let heads, _, let size):
        // Queries with keys, and weights with values.
        pair += 4 * Double(heads) * Double(size)
      case .convolution(let channels, let taps): position += 2 * Double(channels) * Double(taps)
      case .scan(let channels, let states):
        // The decay, its exponential, the input and the output of each state.
        position += 9 * Double(channels) * Double(states)
      case .headNorm, .rotary, .swiglu: break
      }
    }
    let layers = Double(configuration.layerCount)
    perPosition =
      layers * position
      + 2 * Double(configuration.hiddenSize) * Double(configuration.vocabularySize)
    perPair = layers * pair
  }

  /// Of a forward pass over all chunks.
  func forward(_ chunks: ChunkLengths) -> Double {
    chunks.counts.sorted { $0.key < $1.key }.reduce(0) { sum, entry in
      let inputs = Double(entry.key)
      return sum + Double(entry.value)
        * (perPosition * inputs + perPair * inputs * (inputs + 1) / 2)
    }
  }

  /// Of one training pass over all chunks.
  func training(_ chunks: ChunkLengths) -> Double { Self.trainingOverForward * forward(chunks) }
}
