/// A row of values as one line of small bars.
public enum Sparkline {
  /// At most `width` characters; more values than that share a character by their maximum.
  ///
  /// Values outside `range` are cut to it; what is no number is a space.
  public static func text(
    _ values: [Double], width: Int, range: ClosedRange<Double>? = nil, glyphs: Glyphs
  ) -> String {
    guard width > 0, !values.isEmpty else { return "" }
    let finite = values.filter(\.isFinite)
    guard let low = range?.lowerBound ?? finite.min(), let high = range?.upperBound ?? finite.max()
    else { return String(repeating: " ", count: min(width, values.count)) }
    let count = min(width, values.count)
    var result = ""
    for index in 0..<count {
      let first = index * values.count / count
      let last = max(first + 1, (index + 1) * values.count / count)
      let peak = values[first..<last].filter(\.isFinite).max()
      guard let peak else {
        result += " "
        continue
      }
      let share = high > low ? (peak - low) / (high - low) : 0.5
      result += glyphs.spark[min(7, max(0, Int(min(1, max(0, share)) * 8)))]
    }
    return result
  }
}
