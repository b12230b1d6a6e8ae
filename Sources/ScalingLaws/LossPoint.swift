/// A measured loss, and what it took.
public struct LossPoint: Codable, Sendable, Equatable {
  /// Floating-point operations of training, C.
  public var compute: Double
  /// Held-out loss, nats a token.
  public var loss: Double
  /// Parameters of the model, N.
  public var parameters: Double?
  /// Tokens trained on, D.
  public var tokens: Double?
  /// The run that it belongs to: points of one run vary together.
  public var run: String?

  public init(
    compute: Double, loss: Double, parameters: Double? = nil, tokens: Double? = nil,
    run: String? = nil
  ) {
    self.compute = compute
    self.loss = loss
    self.parameters = parameters
    self.tokens = tokens
    self.run = run
  }
}

extension [LossPoint] {
  /// - Throws: `ScalingLawError.notPositive` for a compute or loss that is no number above zero.
  func requirePositive() throws(ScalingLawError) {
    for (place, point) in enumerated() {
      try Self.require(point.compute, "computation", place)
      try Self.require(point.loss, "loss", place)
      if let parameters = point.parameters { try Self.require(parameters, "parameters", place) }
      if let tokens = point.tokens { try Self.require(tokens, "tokens", place) }
    }
  }

  private static func require(
    _ value: Double, _ quantity: String, _ place: Int
  ) throws(ScalingLawError) {
    guard value.isFinite, value > 0 else {
      throw .notPositive(point: place, quantity: quantity, found: "\(value)")
    }
  }
}
