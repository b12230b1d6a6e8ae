import Foundation

/// Losses over computation with fitted laws, their extrapolation and its interval, on logarithmic
/// axes.
public struct ScalingChart: Sendable, Equatable {
  /// What was measured of one method, and the law that was fitted to it.
  public struct Method: Sendable, Equatable {
    public var name: String
    /// x is the computation in FLOPs, y the loss.
    public var points: [XYChart.Point]
    /// The fitted law at rising computations, with its interval; solid up to the last measured point
    /// and dashed beyond it.
    public var law: [XYChart.Point]

    public init(_ name: String, points: [XYChart.Point], law: [XYChart.Point]) {
      self.name = name
      self.points = points
      self.law = law
    }
  }

  public var title: String
  public var subtitle: String
  public var xLabel: String
  public var yLabel: String
  public var methods: [Method]
  /// Named computations.
  public var markers: [XYChart.Marker]
  public var notes: [String]

  public init(
    title: String, subtitle: String = "", xLabel: String = "training computation (FLOPs)",
    yLabel: String = "held-out loss (nats per token)", methods: [Method],
    markers: [XYChart.Marker] = [], notes: [String] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.methods = methods
    self.markers = markers
    self.notes = notes
  }

  public var svg: String { chart.svg }

  /// The same as curves and points.
  public var chart: XYChart {
    let ends = cutEnds
    return XYChart(
      title: title, subtitle: subtitle, x: ChartAxis(xLabel, .logarithmic),
      y: ChartAxis(yLabel, .logarithmic, ends: ends), series: series, markers: markers,
      notes: ends == nil ? notes : notes + ["Intervals wider than the picture end at its edge."])
  }

  /// The losses that are shown where intervals would push points and laws into a line: those, and as
  /// much again on each side. Nil where everything has its place.
  ///
  /// A law of few points may have resamples that say anything outside of what was measured.
  private var cutEnds: ClosedRange<Double>? {
    func shown(_ values: [Double]) -> [Double] { values.filter { $0.isFinite && $0 > 0 } }
    let values = shown(methods.flatMap { $0.points.map(\.y) + $0.law.map(\.y) })
    let bands = shown(methods.flatMap { $0.law.flatMap { [$0.low ?? $0.y, $0.high ?? $0.y] } })
    guard let least = values.min(), let most = values.max(), let low = bands.min(),
      let high = bands.max()
    else { return nil }
    let span = max(most / least, 1.05)
    let limits = least / span...most * span
    guard low < limits.lowerBound || high > limits.upperBound else { return nil }
    return max(limits.lowerBound, min(low, least))...min(limits.upperBound, max(high, most))
  }

  private var series: [XYChart.Series] {
    methods.enumerated().flatMap { style, method in
      let last = method.points.map(\.x).filter(\.isFinite).max() ?? -.infinity
      let inside = method.law.filter { $0.x <= last }
      // The dashed part begins where the solid one ends.
      let outside = (inside.last.map { [$0] } ?? []) + method.law.filter { $0.x > last }
      let hasLaw = !method.law.isEmpty
      return [
        XYChart.Series(
          outside.count > 1 ? method.name : "", outside.count > 1 ? outside : [], .dashedLine,
          style: style),
        XYChart.Series(
          hasLaw && outside.count <= 1 ? method.name : "", inside, .line, style: style),
        XYChart.Series(hasLaw ? "" : method.name, method.points, .dots, style: style),
      ].filter { !$0.points.isEmpty || !$0.name.isEmpty }
    }
  }

  /// Computations from the first to the last, evenly in the logarithm, for drawing a law.
  public static func computations(from low: Double, to high: Double, count: Int = 160) -> [Double] {
    guard low > 0, high > low, high.isFinite, count > 1 else { return [] }
    return (0..<count).map { index in
      let share = Double(index) / Double(count - 1)
      return index == count - 1 ? high : low * pow(high / low, share)
    }
  }
}
