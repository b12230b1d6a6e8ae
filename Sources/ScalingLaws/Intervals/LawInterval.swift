/// A 95 % interval.
public struct LawInterval: Codable, Sendable, Equatable {
  /// The 2.5 % quantile.
  public let low: Double?
  /// The 97.5 % quantile; an end is nil where it is infinite, as a computation is that reaches a loss
  /// below L_inf.
  public let high: Double?

  /// The quantiles of `values`, which may hold infinities; nil for fewer than two values.
  ///
  /// Between neighbours quantiles are interpolated, as numpy's default does.
  public init?(_ values: [Double]) {
    guard values.count > 1, !values.contains(where: \.isNaN) else { return nil }
    let sorted = values.sorted()
    func quantile(_ share: Double) -> Double? {
      let place = share * Double(sorted.count - 1)
      let (below, above) = (sorted[Int(place)], sorted[Int(place.rounded(.up))])
      // Beside an infinity there is nothing to interpolate.
      let value = below == above ? below : below + (above - below) * (place - place.rounded(.down))
      return value.isFinite ? value : nil
    }
    low = quantile(0.025)
    high = quantile(0.975)
  }

  private enum CodingKeys: CodingKey { case low, high }

  /// Both ends always stand there, null where they are infinite.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(low, forKey: .low)
    try values.encode(high, forKey: .high)
  }
}
