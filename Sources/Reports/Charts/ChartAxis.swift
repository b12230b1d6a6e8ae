/// What an axis of a chart shows.
public struct ChartAxis: Sendable, Equatable {
  /// With its unit: "loss (nats per token)".
  public var label: String
  public var scale: AxisScale
  /// Given ends; nil for what the data need.
  public var ends: ClosedRange<Double>?

  public init(_ label: String, _ scale: AxisScale = .linear, ends: ClosedRange<Double>? = nil) {
    self.label = label
    self.scale = scale
    self.ends = ends
  }

  /// The range that shows `values`.
  func range(_ values: [Double], includesZero: Bool = false) -> AxisRange {
    if let ends { return AxisRange(from: ends.lowerBound, to: ends.upperBound, scale: scale) }
    return AxisRange(of: values, scale: scale, includesZero: includesZero)
  }
}
