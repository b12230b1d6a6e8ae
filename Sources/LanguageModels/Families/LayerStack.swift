import TensorKit

/// The layers of a model between embedding and output head.
protocol LayerStack {
  var maps: RoundedMaps { get }
  var finalNorm: TensorPlace { get }
  var normEpsilon: Double { get }

  /// Runs all layers on the residual stream.
  func forward(_ pass: Pass) throws

  /// Takes the gradient of the last residual stream in the stream's gradient and leaves there that of
  /// the first.
  func backward(_ pass: Pass, gradients: ParameterView) throws

  /// Computes what every pass of `state` reads of the weights in the kernels' layouts.
  func prepare(_ state: DecodingState, weights: ParameterView) throws
}

/// What the layers keep of a pass, beside the residual stream.
protocol LayerActivations {
  /// The most sequences of a batch, where memory depends on their number.
  var sequenceLimit: Int? { get }

  /// Writes what passes only read into the workspace's memory at `start`.
  func writeTables(to start: UnsafeMutablePointer<Float>)

  /// Writes what depends on the lengths of a pass's sequences, in the tokens' `positions` as well.
  ///
  /// - Parameter lengths: of whole sequences, of which a pass that goes on has a part.
  func writePassTables(
    to start: UnsafeMutablePointer<Float>, positions: UnsafeMutablePointer<Int32>,
    offsets: SequenceOffsets, lengths: [Int])
}

extension LayerActivations {
  var sequenceLimit: Int? { nil }
  func writeTables(to start: UnsafeMutablePointer<Float>) {}
  func writePassTables(
    to start: UnsafeMutablePointer<Float>, positions: UnsafeMutablePointer<Int32>,
    offsets: SequenceOffsets, lengths: [Int]
  ) {}
}

/// What the layers keep of the sequences that a model continues.
protocol LayerCache {
  /// Empties the place of `sequence` for another one.
  func reset(_ sequence: Int, in state: DecodingState)
}
