/// Floating-point operations of a model, counted from what its layers compute: a multiplication and an
/// addition each, so that a weight that a position meets counts 2.
///
/// Counted are the linear maps, the output head (also where it is tied to the embeddings; looking up an
/// embedding is free), attention's two products over the tokens that a position sees, the
/// convolution and the scan (9 for a state: its decay with the exponential, its input, its sum, its
/// output). Norms, activations, rotary positions, the softmax and the optimiser are left out: below a
/// hundredth of the rest.
public struct ModelOperations: Sendable, Equatable {
  /// Of a forward pass for every position, in products with weights: linear maps and the head.
  public let weights: Double
  /// Of a forward pass for every position, in the convolution and the scan.
  public let recurrence: Double
  /// Of the head alone, which is part of `weights`.
  public let head: Double
  /// Trainable values, tied weights counted once.
  public let parameters: Int
  /// Of a forward pass for every pair of a position and one that it sees, by the window of the layers.
  private let pairs: [Pairs]

  private struct Pairs: Sendable, Equatable {
    /// Positions that a position sees, itself among them; nil for all before it.
    let window: Int?
    var operations: Double
  }

  /// Forward and backward over forward: backward has two products for each of forward's, one for the
  /// gradient of the input and one for that of the weight.
  public static let trainingOverForward = 3.0

  public init(_ configuration: ModelConfiguration) {
    var (weights, recurrence, pair) = (0.0, 0.0, 0.0)
    for operation in configuration.operations {
      switch operation {
      case .linear(_, let inputs, let outputs): weights += 2 * Double(inputs) * Double(outputs)
      case .attention(let heads, _, let size):
        // Queries with keys, and weights with values.
        pair += 4 * Double(heads) * Double(size)
      case .convolution(let channels, let taps): recurrence += 2 * Double(channels) * Double(taps)
      case .scan(let channels, let states): recurrence += 9 * Double(channels) * Double(states)
      case .headNorm, .rotary, .swiglu: break
      }
    }
    let layers = Double(configuration.layerCount)
    head = 2 * Double(configuration.hiddenSize) * Double(configuration.vocabularySize)
    self.weights = layers * weights + head
    self.recurrence = layers * recurrence
    parameters = configuration.parameterCount
    var pairs: [Pairs] = []
    for layer in 0..<(pair > 0 ? configuration.layerCount : 0) {
      let window = configuration.window(ofLayer: layer)
      if let place = pairs.firstIndex(where: { $0.window == window }) {
        pairs[place].operations += pair
      } else {
        pairs.append(Pairs(window: window, operations: pair))
      }
    }
    self.pairs = pairs
  }

  /// Of a forward pass over one sequence of so many input positions.
  public func forward(length: Int) -> Double {
    let positions = Double(length)
    return pairs.reduce((weights + recurrence) * positions) { sum, pairs in
      let window = Double(min(pairs.window ?? length, length))
      // The first `window` positions see all before them, the others that many.
      let seen = window * (window + 1) / 2 + (positions - window) * window
      return sum + pairs.operations * seen
    }
  }

  /// Of forward and backward over one sequence. What an implementation computes a second time to save
  /// memory is not counted: see `recomputation`.
  public func training(length: Int) -> Double { Self.trainingOverForward * forward(length: length) }

  /// Of the layers' second forward pass where training keeps only their inputs
  /// (`--checkpoint-blocks`).
  public func recomputation(length: Int) -> Double {
    forward(length: length) - head * Double(length)
  }

  /// The usual approximation of a training, C = 6 N D (Kaplan et al. 2020), beside which counts are
  /// shown; a pass without a backward one is 2 N D.
  public static func approximateTraining(parameters: Double, tokens: Double) -> Double {
    6 * parameters * tokens
  }
}
