import Foundation

/// Where an axis has marks: at 1, 2 or 5 times a power of ten, or at decades.
public enum AxisTicks {
  /// At most about `most` marks inside the range, rising.
  public static func values(_ range: AxisRange, most: Int) -> [Double] {
    switch range.scale {
    case .linear: linear(range.low, range.high, most: most)
    case .logarithmic: logarithmic(range.low, range.high, most: most)
    }
  }

  /// The smallest step of 1, 2 or 5 times a power of ten that is at least `step`.
  static func niceStep(_ step: Double) -> Double {
    guard step > 0, step.isFinite else { return 1 }
    let exponent = floor(log10(step))
    for factor in [1.0, 2, 5, 10] {
      let nice = times(factor, exponent)
      if nice >= step * (1 - 1e-9) { return nice }
    }
    return times(10, exponent)
  }

  /// `factor` times ten to a power, rounded once where that can be.
  static func times(_ factor: Double, _ exponent: Double) -> Double {
    exponent < 0 && exponent > -300 ? factor / pow(10, -exponent) : factor * pow(10, exponent)
  }

  private static func linear(_ low: Double, _ high: Double, most: Int) -> [Double] {
    let step = niceStep(high / Double(max(1, most)) - low / Double(max(1, most)))
    let (first, last) = (ceil(low / step - 1e-9), floor(high / step + 1e-9))
    guard first.isFinite, last.isFinite, last >= first, last - first < 1000 else { return [] }
    // Steps below the resolution of the values would give one mark many times.
    var result: [Double] = []
    for index in 0...Int(last - first) {
      let value = multiple(first + Double(index), of: step)
      if result.last.map({ $0 < value }) ?? true { result.append(value) }
    }
    return result
  }

  /// By division for small steps: 3 / 10 is the number nearest 0.3, 3 * 0.1 is not.
  private static func multiple(_ count: Double, of step: Double) -> Double {
    if step < 1 {
      let inverse = (1 / step).rounded()
      if inverse < 1e15, abs(1 / inverse - step) < step * 1e-9 { return count / inverse }
    }
    return count * step
  }

  private static func logarithmic(_ low: Double, _ high: Double, most: Int) -> [Double] {
    let (a, b) = (log10(low), log10(high))
    let (first, last) = (Int(ceil(a - 1e-9)), Int(floor(b + 1e-9)))
    let decades = max(0, last - first + 1)
    let inside = low * (1 - 1e-9)...high * (1 + 1e-9)
    if decades <= 3 {
      for factors in [[1.0, 2, 5], [1.0, 3]] {
        let values = (first - 1...max(first, last) + 1).flatMap { decade in
          factors.map { times($0, Double(decade)) }
        }.filter(inside.contains)
        if values.count >= 3, values.count <= most { return values }
      }
    }
    if decades >= 2 {
      var stride = 1
      while (decades + stride - 1) / stride > max(2, most) { stride += 1 }
      // Multiples of the stride, so that marks do not move with the ends.
      return (first...last).filter { $0 % stride == 0 }.map { times(1, Double($0)) }
    }
    // Less than a decade: even steps of the values, which then are not even on paper.
    return linear(low, high, most: most).filter { $0 > 0 }
  }

  /// Marks without a label: 2 to 9 of every decade, where there are few decades.
  static func minor(_ range: AxisRange) -> [Double] {
    guard range.scale == .logarithmic else { return [] }
    let (first, last) = (Int(floor(log10(range.low))), Int(ceil(log10(range.high))))
    guard last - first <= 6, last > first else { return [] }
    return (first..<last).flatMap { decade in (2...9).map { times(Double($0), Double(decade)) } }
      .filter { $0 > range.low && $0 < range.high }
  }
}
