/// The part of a plot's x axis that is looked at; no window is all of it.
public struct PlotWindow: Hashable, Sendable, Codable {
  public var low: Double
  public var high: Double
  /// It ends where the data ends, and goes on with it.
  public var followsEnd: Bool

  public init(low: Double, high: Double, followsEnd: Bool = false) {
    self.low = low
    self.high = high
    self.followsEnd = followsEnd
  }

  /// A window of this share of an axis is the smallest.
  private static let smallest = 1e-5

  /// What it shows of an axis; all of it where the window lies outside.
  public func scale(in whole: PlotScale) -> PlotScale {
    var (low, high) = (low, high)
    if followsEnd, high > 0 || !whole.isLogarithmic {
      low = whole.isLogarithmic ? low * whole.high / high : low + whole.high - high
      high = whole.high
    }
    low = max(low, whole.low)
    high = min(high, whole.high)
    guard low < high else { return whole }
    return PlotScale(
      low: low, high: high, isLogarithmic: whole.isLogarithmic, unit: whole.unit)
  }

  /// The window with its length times `factor`, in which `value` stays where it is; nil = all.
  public static func zoomed(
    _ shown: PlotScale, by factor: Double, about value: Double, in whole: PlotScale
  ) -> PlotWindow? {
    guard let place = whole.position(value), let low = whole.position(shown.low),
      let high = whole.position(shown.high), factor > 0
    else { return nil }
    let anchor = min(high, max(low, place))
    let length = max(smallest, (high - low) * factor)
    let share = high > low ? (anchor - low) / (high - low) : 1
    return PlotWindow(start: anchor - share * length, length: length, in: whole)
  }

  /// The window moved by a share of its length; nil = all.
  public static func panned(
    _ shown: PlotScale, by share: Double, in whole: PlotScale
  ) -> PlotWindow? {
    guard let low = whole.position(shown.low), let high = whole.position(shown.high) else {
      return nil
    }
    return PlotWindow(start: low + share * (high - low), length: high - low, in: whole)
  }

  /// From positions on an axis, moved to lie on it.
  private init?(start: Double, length: Double, in whole: PlotScale) {
    guard length.isFinite, start.isFinite, length < 1 - 1e-9 else { return nil }
    let start = min(1 - length, max(0, start))
    let followsEnd = start + length >= 1 - 1e-9
    self.init(
      low: start == 0 ? whole.low : whole.value(at: start),
      high: followsEnd ? whole.high : whole.value(at: start + length), followsEnd: followsEnd)
  }
}
