import Foundation

/// The loss as a power of the computation: L(C) = A / C^alpha + L_inf.
public struct ComputeLaw: Sendable, Equatable {
  /// log A; A itself is beyond a double for steep laws of large computations.
  public let logFactor: Double
  /// alpha.
  public let exponent: Double
  /// L_inf: the loss that no computation goes below; 0 where the points show none.
  public let floor: Double

  public init(logFactor: Double, exponent: Double, floor: Double) {
    self.logFactor = logFactor
    self.exponent = exponent
    self.floor = floor
  }

  public init(factor: Double, exponent: Double, floor: Double) {
    self.init(logFactor: log(factor), exponent: exponent, floor: floor)
  }

  /// A; infinite where it is too large for a double.
  public var factor: Double { exp(logFactor) }

  /// The loss after `compute` operations.
  public func loss(at compute: Double) -> Double {
    exp(logFactor - exponent * log(compute)) + floor
  }

  /// The computation that reaches `loss`; nil for losses at or below L_inf, which none reaches, and for
  /// computations that are too large for a double.
  public func compute(toReach loss: Double) -> Double? {
    guard loss > floor, exponent > 0 else { return nil }
    let compute = exp((logFactor - log(loss - floor)) / exponent)
    return compute.isFinite ? compute : nil
  }
}
