/// Curves and points over a number: loss curves, fitted laws.
public struct XYChart: Sendable, Equatable {
  /// A value, and the ends of its band or error bar where it has one.
  public struct Point: Sendable, Equatable {
    public var x: Double
    public var y: Double
    public var low: Double?
    public var high: Double?

    public init(_ x: Double, _ y: Double, low: Double? = nil, high: Double? = nil) {
      self.x = x
      self.y = y
      self.low = low
      self.high = high
    }
  }

  public enum Shape: Sendable { case line, dashedLine, dots, hollowDots }

  public struct Series: Sendable, Equatable {
    /// Empty: without a label, as a part of another one.
    public var name: String
    /// By rising x.
    public var points: [Point]
    public var shape: Shape
    /// Number of its colour; series with the same number look alike.
    public var style: Int
    /// Stands behind the others.
    public var isFaint: Bool

    public init(
      _ name: String, _ points: [Point], _ shape: Shape = .line, style: Int, isFaint: Bool = false
    ) {
      self.name = name
      self.points = points
      self.shape = shape
      self.style = style
      self.isFaint = isFaint
    }
  }

  /// A named x, as an upright line.
  public struct Marker: Sendable, Equatable {
    public var x: Double
    public var name: String

    public init(_ x: Double, _ name: String) {
      self.x = x
      self.name = name
    }
  }

  public var title: String
  public var subtitle: String
  public var x: ChartAxis
  public var y: ChartAxis
  public var series: [Series]
  public var markers: [Marker]
  public var notes: [String]
  public var width = 760.0
  public var plotHeight = 300.0

  public init(
    title: String, subtitle: String = "", x: ChartAxis, y: ChartAxis, series: [Series],
    markers: [Marker] = [], notes: [String] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.x = x
    self.y = y
    self.series = series
    self.markers = markers
    self.notes = notes
  }

  /// Whether a point has a place on both axes.
  func holds(_ point: Point) -> Bool { x.scale.holds(point.x) && y.scale.holds(point.y) }

  /// Notes, with what cannot be drawn.
  var allNotes: [String] {
    let left = series.reduce(0) { $0 + $1.points.count { !holds($0) } }
    if left == 0 { return notes }
    let isLogarithmic = x.scale == .logarithmic || y.scale == .logarithmic
    return notes + [
      "\(left) \(left == 1 ? "point is" : "points are") not drawn: no finite number"
        + (isLogarithmic ? ", or not above zero on a logarithmic axis." : ".")
    ]
  }

  /// The two ranges that show all of it.
  var ranges: (x: AxisRange, y: AxisRange) {
    let shown = series.flatMap { $0.points.filter(holds) }
    let xs = shown.map(\.x) + markers.map(\.x)
    let ys = shown.flatMap { [$0.y, $0.low ?? $0.y, $0.high ?? $0.y] }
    // Curves run to the edge, dots keep off it.
    let hasDots = series.contains { $0.shape == .dots || $0.shape == .hollowDots }
    let xRange =
      x.ends == nil && !hasDots && markers.isEmpty
      ? AxisRange(of: xs, scale: x.scale, margin: 0) : x.range(xs)
    return (xRange, y.range(ys))
  }
}
