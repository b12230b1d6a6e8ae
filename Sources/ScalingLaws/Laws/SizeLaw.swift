import Foundation

/// The loss as powers of model size and data: L(N, D) = E + A / N^alpha + B / D^beta (Hoffmann et al.
/// 2022, equation 2).
public struct SizeLaw: Sendable, Equatable {
  /// log A and alpha, of the parameters N.
  public let logSizeFactor: Double
  public let sizeExponent: Double
  /// log B and beta, of the tokens D.
  public let logDataFactor: Double
  public let dataExponent: Double
  /// E: the loss that no size and no data goes below.
  public let floor: Double

  public init(
    logSizeFactor: Double, sizeExponent: Double, logDataFactor: Double, dataExponent: Double,
    floor: Double
  ) {
    self.logSizeFactor = logSizeFactor
    self.sizeExponent = sizeExponent
    self.logDataFactor = logDataFactor
    self.dataExponent = dataExponent
    self.floor = floor
  }

  /// A; infinite where it is too large for a double.
  public var sizeFactor: Double { exp(logSizeFactor) }
  /// B, the same.
  public var dataFactor: Double { exp(logDataFactor) }

  /// The loss of a model of so many parameters after so many tokens.
  public func loss(parameters: Double, tokens: Double) -> Double {
    floor + exp(logSizeFactor - sizeExponent * log(parameters))
      + exp(logDataFactor - dataExponent * log(tokens))
  }

  /// The size with the least loss at C = 6 N D operations (Hoffmann et al. 2022, equation 4).
  public func bestParameters(compute: Double) -> Double {
    let ratio = log(sizeExponent / dataExponent) + logSizeFactor - logDataFactor
    return exp((ratio + dataExponent * log(compute / 6)) / (sizeExponent + dataExponent))
  }
}
