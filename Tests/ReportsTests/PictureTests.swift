import Foundation
import Reports
import Testing

@Suite struct PictureTests {
  static let pictures: [String: String] = [
    "losses": Examples.losses(runs: 4, points: 900) {
      ["teacher", "reference", "A uniform", "B refined"][$0]
    }.svg,
    "one-run": Examples.losses(runs: 1, points: 60) { _ in "teacher" }.svg,
    "sixty-runs": Examples.losses(runs: 60, points: 20_000) { "run \($0), seed \($0 * 7)" }.svg,
    "scaling": Examples.scaling().svg,
    "histogram": Examples.histogram().svg,
    "density": Examples.density(400_000).svg,
    "sparse": Examples.density(300).svg,
    "tasks": TablePicture(title: "Zero-shot tasks", table: Examples.tasks().table).svg,
    "task-chart": Examples.tasks().chart(title: "Zero-shot tasks", subtitle: "95 % intervals.").svg,
    "intervals": Examples.intervals().svg,
    "bars": Examples.bars().svg,
    "long-names": Examples.losses(runs: 5, points: 200) {
      "a run with a name that nobody would type by hand <&\">, number \($0)"
    }.svg,
  ]

  /// Set to a folder, the pictures are written there to be looked at.
  @Test func canBeLookedAt() throws {
    guard let folder = ProcessInfo.processInfo.environment["MINIPLM_PICTURES"] else { return }
    for (name, svg) in Self.pictures {
      try Data(svg.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name).svg"))
    }
  }

  @Test(arguments: pictures.keys.sorted()) func isAWholeSmallPicture(name: String) throws {
    let svg = try #require(Self.pictures[name])
    #expect(svg.utf8.count < 200_000)
    let xml = XMLCheck(svg)
    let root = try #require(xml.elements.first)
    #expect(root.name == "svg")
    let width = try #require(root.attributes["width"].flatMap(Double.init))
    let height = try #require(root.attributes["height"].flatMap(Double.init))
    #expect(
      root.attributes["viewBox"] == "0 0 \(root.attributes["width"] ?? "") "
        + "\(root.attributes["height"] ?? "")")
    #expect(xml.coordinates.allSatisfy { $0 >= -1 && $0 <= max(width, height) + 1 })
    #expect(xml.count("text") > 3)
    #expect(!xml.texts.contains("no data"))
  }

  @Test func theSameValuesGiveTheSameBytes() {
    #expect(Examples.density(5_000).svg == Examples.density(5_000).svg)
    #expect(Examples.scaling().svg == Examples.scaling().svg)
  }

  @Test func namesAreNoMarkup() throws {
    let svg = Examples.losses(runs: 2, points: 5) { "<b>&\"'\u{0}\u{202E} \($0)" }.svg
    let xml = XMLCheck(svg)
    #expect(xml.count("b") == 0)
    #expect(xml.texts.contains { $0.hasPrefix("<b>&\"'\u{FFFD}\u{FFFD}") })
  }

  static let values: [[Double]] = [
    [], [1], [2, 2, 2], [.nan, .nan], [1, .nan, 2], [.infinity, 1, -.infinity], [1e22, 2e22, 3e22],
    [-5, -3, -4], [0, 0], [.leastNonzeroMagnitude, .leastNormalMagnitude / 16],
    [1e308, -1e308], [.leastNonzeroMagnitude], [1, 1 + .ulpOfOne], [-1e22, 1e-22],
    [Double](repeating: 3, count: 5000), [1e22, 1e22 + 1e7],
  ]

  /// Whatever the numbers, a picture is whole XML with finite places on the card.
  @Test(arguments: values) func anyNumbersGiveAPicture(values: [Double]) throws {
    let points = values.enumerated().map {
      XYChart.Point(Double($0.offset), $0.element, low: $0.element - 1, high: $0.element + 1)
    }
    let turned = points.map { XYChart.Point($0.y, $0.x) }
    var pictures: [String] = []
    for scale in [AxisScale.linear, .logarithmic] {
      for shape in [XYChart.Shape.line, .dots] {
        for these in [points, turned] {
          pictures.append(
            XYChart(
              title: "t", x: ChartAxis("x", scale), y: ChartAxis("y", scale),
              series: [.init("s", these, shape, style: 0)],
              markers: values.prefix(3).map { .init($0, "m") }
            ).svg)
        }
      }
    }
    pictures.append(
      BarChart(title: "t", xLabel: "x", bars: values.prefix(50).map { .init("n", $0, "w") }).svg)
    pictures.append(
      IntervalChart(
        title: "t", xLabel: "x", series: ["a"],
        rows: values.prefix(50).map { .init("n", [.init($0, halfWidth: $0)]) }, marksZero: true
      ).svg)
    for value in values.prefix(2) {
      pictures.append(
        HistogramChart(
          title: "t", xLabel: "x", yLabel: "y",
          bins: .init(start: value, width: value, kept: [1, 2], dropped: [3]), threshold: value
        ).svg)
    }
    var grid = DensityGrid(
      x: DensityGrid.range(showing: values), y: DensityGrid.range(showing: values))
    for value in values { grid.add(x: value, y: value, isKept: true) }
    #expect(grid.count + grid.outside == values.count)
    pictures.append(DensityChart(title: "t", xLabel: "x", yLabel: "y", grid: grid).svg)
    for svg in pictures {
      let xml = XMLCheck(svg)
      #expect(!svg.contains("nan") && !svg.contains("inf"))
      #expect(xml.coordinates.allSatisfy { $0 >= -1 && $0 < 2000 })
    }
  }

  /// Resamples of few points may say anything; what was measured still fills the picture.
  @Test func wildIntervalsEndAtTheEdge() throws {
    func chart(_ high: Double) -> XYChart {
      ScalingChart(
        title: "law",
        methods: [
          ScalingChart.Method(
            "a", points: [.init(1e12, 5.3), .init(3e12, 5.1), .init(9e12, 5)],
            law: [.init(1e12, 5.3, low: 5.2, high: high), .init(9e12, 5, low: 4.9, high: 5.1)])
        ]
      ).chart
    }
    #expect(chart(5.4).y.ends == nil)
    for high in [100, 1e16, 1e300] {
      let ends = try #require(chart(high).y.ends)
      #expect(ends.lowerBound > 4.5 && ends.upperBound < 6 && ends.contains(5.3))
      #expect(chart(high).notes.count == 1)
      #expect(!XMLCheck(chart(high).svg).elements.isEmpty)
    }
  }

  @Test func whatCannotBeDrawnIsSaid() {
    let chart = XYChart(
      title: "t", x: ChartAxis("x"), y: ChartAxis("y", .logarithmic),
      series: [.init("s", [.init(1, 2), .init(2, 0), .init(3, .nan), .init(4, 3)], style: 0)])
    let texts = XMLCheck(chart.svg).texts
    #expect(texts.contains { $0.hasPrefix("2 points are not drawn") })
  }

  @Test func aBandlessGapInterruptsACurve() {
    let points = [1.0, 2, 3, .nan, 5, 6].enumerated().map {
      XYChart.Point(Double($0.offset), $0.element)
    }
    let chart = XYChart(
      title: "t", x: ChartAxis("x"), y: ChartAxis("y"), series: [.init("", points, style: 0)])
    #expect(XMLCheck(chart.svg).count("polyline") == 2)
  }
}
