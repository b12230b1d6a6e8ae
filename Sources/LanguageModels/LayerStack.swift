import TensorKit

/// What differs between the families of models: the layers between embedding and output head.
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
