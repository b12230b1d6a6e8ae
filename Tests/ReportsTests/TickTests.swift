import Reports
import Testing

@Suite struct TickTests {
  private func labels(_ low: Double, _ high: Double, _ scale: AxisScale, _ most: Int) -> [String] {
    let range = AxisRange(from: low, to: high, scale: scale)
    return AxisLabels.of(AxisTicks.values(range, most: most), scale: scale)
  }

  @Test func linearMarksAreRound() {
    #expect(labels(0, 1, .linear, 5) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels(2.9, 8.1, .linear, 6) == ["3", "4", "5", "6", "7", "8"])
    #expect(labels(-0.3, 0.3, .linear, 6) == ["-0.3", "-0.2", "-0.1", "0.0", "0.1", "0.2", "0.3"])
    #expect(labels(0, 48_000, .linear, 5) == ["0", "10k", "20k", "30k", "40k"])
    #expect(labels(0, 3e22, .linear, 3) == ["0", "10²²", "2×10²²", "3×10²²"])
    #expect(labels(4.601, 4.604, .linear, 4) == ["4.601", "4.602", "4.603", "4.604"])
  }

  @Test func logarithmicMarksAreDecades() {
    #expect(labels(0.5, 20_000, .logarithmic, 8) == ["1", "10", "100", "1,000", "10,000"])
    #expect(
      labels(1e18, 1e23, .logarithmic, 8) == ["10¹⁸", "10¹⁹", "10²⁰", "10²¹", "10²²", "10²³"])
    #expect(labels(1, 100, .logarithmic, 8) == ["1", "2", "5", "10", "20", "50", "100"])
    #expect(labels(3.1, 5.2, .logarithmic, 6) == ["3.5", "4.0", "4.5", "5.0"])
    #expect(labels(1e-40, 1e40, .logarithmic, 5).count <= 5)
  }

  @Test(arguments: [AxisScale.linear, .logarithmic], [1, 2, 3, 5, 9, 14])
  func marksRiseInsideTheRange(scale: AxisScale, most: Int) {
    for (low, high) in [
      (1.0, 1.0001), (1e-9, 1e9), (0.3, 0.7), (99, 101), (1e22, 2e22), (1e-200, 1e200), (7, 7e3),
    ] {
      let ticks = AxisTicks.values(AxisRange(from: low, to: high, scale: scale), most: most)
      #expect(ticks.count <= most + 2)
      let slack = (high - low) * 1e-6
      #expect(ticks.allSatisfy { $0 >= low - slack && $0 <= high + slack })
      #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0 < $1 })
      let labels = AxisLabels.of(ticks, scale: scale)
      #expect(Set(labels).count == labels.count, "\(labels)")
    }
  }

  @Test func rangesAreNeverEmpty() {
    for values: [Double] in [
      [], [3], [3, 3], [0], [.nan], [-1, -1], [1e300, 1e300], [.leastNonzeroMagnitude],
    ] {
      for scale in [AxisScale.linear, .logarithmic] {
        let range = AxisRange(of: values, scale: scale)
        #expect(range.low < range.high, "\(values) \(scale)")
      }
    }
  }
}
