import TerminalUI
import Testing

/// Axes say what their scale is: two labels at least, wherever there is room for them.
@Suite struct AxisLabelTests {
  struct Range: Sendable {
    var low: Double
    var high: Double
    var isLogarithmic = false
  }

  private static let ranges = [
    Range(low: 3.83, high: 9.01), Range(low: -0.28, high: 1.32), Range(low: 0.6431, high: 0.6449),
    Range(low: 1.2e-5, high: 9e-5), Range(low: 0, high: 1_234_567), Range(low: 2.9, high: 3.1),
    Range(low: 3.83, high: 9.01, isLogarithmic: true),
    Range(low: 3.2, high: 3.9, isLogarithmic: true),
    Range(low: 1e-5, high: 3e3, isLogarithmic: true),
  ]

  private func draw(_ points: [PlotPoint], _ size: Size, isLogarithmic: Bool) -> [String] {
    var canvas = Canvas(size: size, glyphs: .ascii)
    canvas.draw(
      LinePlot([PlotSeries("a", points: points, role: .plot1)], isLogarithmic: isLogarithmic),
      in: canvas.bounds)
    return canvas.frame.grid.text.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  /// The labels left of the axis.
  private func labels(_ lines: [String]) -> [Double] {
    lines.dropLast(2).compactMap { line in
      guard let tick = line.firstIndex(of: "+") else { return nil }
      let text = line[..<tick].filter { $0 != " " }
      for (suffix, unit) in [("k", 1e3), ("M", 1e6)] where text.hasSuffix(suffix) {
        return Double(text.dropLast()).map { $0 * unit }
      }
      return Double(text)
    }
  }

  @Test(arguments: ranges)
  func everyHeightHasTwoLabels(_ range: Range) {
    for height in 4...40 {
      for width in [30, 48, 120] {
        let points = (0...50).map {
          PlotPoint(x: Double($0), y: range.low + (range.high - range.low) * Double($0) / 50)
        }
        let lines = draw(
          points, Size(width: width, height: height), isLogarithmic: range.isLogarithmic)
        let found = labels(lines)
        #expect(found.count >= 2, "\(range) \(width)x\(height)\n\(lines.joined(separator: "\n"))")
        let slack = (range.high - range.low) / 5
        #expect(found.allSatisfy { $0 > range.low - slack && $0 < range.high + slack })
        // From the top down they fall.
        #expect(zip(found, found.dropFirst()).allSatisfy { $0 > $1 })
      }
    }
  }

  @Test(arguments: [3.83, 0.0004, -2.5, 1e6], [false, true])
  func onePointHasAnAxisAboutIt(_ value: Double, isLogarithmic: Bool) {
    for height in [4, 6, 10, 20] {
      let lines = draw(
        [PlotPoint(x: 400, y: value)], Size(width: 60, height: height),
        isLogarithmic: isLogarithmic && value > 0)
      for label in labels(lines) {
        #expect(abs(label - value) <= abs(value) * 1.1, "\(lines.joined(separator: "\n"))")
      }
    }
  }
}
