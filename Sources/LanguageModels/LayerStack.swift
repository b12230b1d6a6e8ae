import TensorKit

/// What differs between the families of models: the layers between embedding and output head.
protocol LayerStack {
  var embedding: TensorPlace { get }
  var roundedMaps: RoundedMaps { get }

  /// The slot of the residual stream before the first layer.
  func input(of activations: Activations) throws -> Slot

  /// Runs all layers on the residual stream.
  func forward(_ pass: Pass, _ activations: Activations) throws

  /// Takes the gradient of the last residual stream in `residualGradient` and leaves there that of
  /// the first.
  func backward(_ pass: Pass, _ activations: Activations, gradients: ParameterView) throws

  /// Computes what every pass of `state` reads of the weights in the kernels' layouts.
  func prepare(_ state: DecodingState, weights: ParameterView) throws

  func head(_ activations: Activations) throws -> OutputHead
}
