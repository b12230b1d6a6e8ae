import Foundation

/// An exponential moving mean without the bias towards zero of its first values.
public struct DebiasedMean: Codable, Sendable, Equatable {
  /// Weight of the past.
  public let decay: Double
  private var sum = 0.0
  private var weight = 0.0

  /// A mean that forgets by `decay` with every value.
  public init(decay: Double) { self.decay = decay }

  /// Takes a value and returns the mean.
  @discardableResult
  public mutating func update(_ value: Double) -> Double {
    sum = decay * sum + (1 - decay) * value
    weight = decay * weight + (1 - decay)
    return sum / weight
  }

  /// The mean; nil before the first value.
  public var value: Double? { weight > 0 ? sum / weight : nil }
}

/// How unusual a value is beside the last ones: (value - mean) / standard deviation.
public struct ZScoreWindow: Codable, Sendable, Equatable {
  /// How many past values count.
  public let capacity: Int
  private var values: [Double] = []
  private var oldest = 0

  /// Past values that are needed before a score is given.
  public static let minimumCount = 32

  /// A window of `capacity` values.
  public init(capacity: Int = 128) { self.capacity = capacity }

  /// The score of `value` against the window; then the value enters the window.
  ///
  /// Nil while fewer than `minimumCount` values are known. Equal past values give 0 for an equal
  /// value and nil for any other, since no number of deviations would be true.
  public mutating func score(_ value: Double) -> Double? {
    let result = scoreOnly(value)
    if values.count < capacity {
      values.append(value)
    } else {
      values[oldest] = value
      oldest = (oldest + 1) % capacity
    }
    return result
  }

  /// The score of `value`, which stays outside.
  public func scoreOnly(_ value: Double) -> Double? {
    guard values.count >= min(Self.minimumCount, capacity) else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance =
      values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    let deviation = variance.squareRoot()
    if deviation > 0 { return (value - mean) / deviation }
    return value == mean ? 0 : nil
  }
}
