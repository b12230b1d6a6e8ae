import Numerics
import TerminalUI
import Testing

/// Windows of axes: zooming and panning stay on the axis, and what is pointed at stays where it is.
@Suite struct PlotWindowTests {
  private let scales = [
    PlotScale(low: 0, high: 400), PlotScale(low: -1, high: 2.5),
    PlotScale(low: 3, high: 2e6, isLogarithmic: true),
  ]

  @Test func zoomingKeepsThePlaceAndStaysInside() throws {
    var generator = SplitMix(state: 3)
    for whole in scales {
      var window: PlotWindow?
      for _ in 0..<2000 {
        let shown = window?.scale(in: whole) ?? whole
        #expect(shown.low >= whole.low - 1e-9 && shown.high <= whole.high * (1 + 1e-9))
        #expect(shown.low < shown.high)
        if Bool.random(using: &generator) {
          let place = shown.value(at: Double.random(in: 0...1, using: &generator))
          let factor = Double.random(in: 0.3...2.5, using: &generator)
          window = PlotWindow.zoomed(shown, by: factor, about: place, in: whole)
          guard let zoomed = window, factor < 1 else { continue }
          let before = try #require(shown.position(place))
          let after = try #require(zoomed.scale(in: whole).position(place))
          #expect(abs(before - after) < 1e-3 || (shown.high - shown.low) < 1e-3 * whole.high)
        } else {
          window = PlotWindow.panned(
            shown, by: Double.random(in: -2...2, using: &generator), in: whole)
        }
      }
    }
  }

  @Test func zoomingOutEndsWithTheWhole() {
    for whole in scales {
      var window = PlotWindow.zoomed(
        whole, by: 0.01, about: whole.value(at: 0.3), in: whole)
      #expect(window != nil)
      for _ in 0..<8 {
        window = PlotWindow.zoomed(
          window?.scale(in: whole) ?? whole, by: 2, about: whole.value(at: 0.3), in: whole)
      }
      #expect(window == nil)
    }
  }

  /// A window at the end of what grows goes on with it; another one stays.
  @Test func theEndIsFollowed() throws {
    let whole = PlotScale(low: 0, high: 100)
    let grown = PlotScale(low: 0, high: 140)
    let end = try #require(PlotWindow.zoomed(whole, by: 0.5, about: 100, in: whole))
    #expect(end.followsEnd)
    #expect(end.scale(in: grown).low == 90 && end.scale(in: grown).high == 140)
    let middle = try #require(PlotWindow.zoomed(whole, by: 0.5, about: 50, in: whole))
    #expect(!middle.followsEnd)
    #expect(middle.scale(in: grown).low == 25 && middle.scale(in: grown).high == 75)
  }

  @Test func awkwardWindowsShowTheWhole() {
    let whole = PlotScale(low: 10, high: 20)
    for window in [
      PlotWindow(low: 30, high: 40), PlotWindow(low: 15, high: 15),
      PlotWindow(low: .nan, high: .nan, followsEnd: true),
    ] {
      #expect(window.scale(in: whole).low == 10 && window.scale(in: whole).high == 20)
    }
  }

  @Test func valuesAndPositionsAreInverse() throws {
    for scale in scales {
      for share in stride(from: 0.0, through: 1, by: 0.125) {
        #expect(abs(try #require(scale.position(scale.value(at: share))) - share) < 1e-9)
      }
    }
  }

  @Test func rangesWithoutLengthAreWidened() {
    #expect(PlotScale(low: 0, high: 0).low == 0 && PlotScale(low: 0, high: 0).high == 1)
    #expect(PlotScale(low: 3, high: 3).low > 0)
    #expect(PlotScale(low: 3, high: 3, isLogarithmic: true).low > 0)
  }
}

@Suite struct AxisTests {
  /// Wherever there is room for three labels, there are three.
  @Test func linearAndLogarithmicAxesHaveTicks() {
    let ranges: [(Double, Double)] = [
      (0, 82), (3.2, 4.1), (0.5, 900), (1e-5, 3e-5), (0.98, 1.02), (2, 2.0004), (1, 1e9), (7, 71),
    ]
    for (low, high) in ranges {
      for isLogarithmic in [false, true] {
        let scale = PlotScale(low: low, high: high, isLogarithmic: isLogarithmic)
        for maximum in 6...12 {
          let ticks = scale.ticks(maximum: maximum)
          #expect(ticks.count >= 2, "\(low)...\(high), \(maximum), log \(isLogarithmic)")
          #expect(ticks.count <= maximum)
          #expect(Set(ticks.map(\.label)).count == ticks.count, "\(ticks.map(\.label))")
          for tick in ticks {
            #expect(tick.value >= low * 0.999 && tick.value <= high * 1.001)
          }
        }
      }
    }
  }

  @Test func timesAreRound() {
    let minutes = PlotScale(low: 0, high: 1000, unit: .seconds).ticks(maximum: 6)
    #expect(minutes.map(\.label) == ["0", "5m", "10m", "15m"])
    let days = PlotScale(low: 0, high: 400_000, unit: .seconds).ticks(maximum: 6)
    #expect(days.map(\.label) == ["0", "1d", "2d", "3d", "4d"])
    let short = PlotScale(low: 0, high: 2, unit: .seconds).ticks(maximum: 5)
    #expect(short.map(\.label) == ["0.0s", "0.5s", "1.0s", "1.5s", "2.0s"])
    let wide = PlotScale(low: 1, high: 90_000, isLogarithmic: true, unit: .seconds)
      .ticks(maximum: 6)
    #expect(wide.count >= 3 && wide.first?.label == "1s")
  }

  @Test func hugeNumbersAreShort() {
    let ticks = PlotScale(low: 0, high: 3.2e15).ticks(maximum: 5)
    #expect(ticks.map(\.label) == ["0", "1P", "2P", "3P"])
    #expect(
      PlotScale(low: 1e12, high: 1e18, isLogarithmic: true).ticks(maximum: 8).map(\.label)
        == ["1T", "10T", "100T", "1P", "10P", "100P", "1E"])
  }
}

@Suite struct SharedCellTests {
  private func grid(_ plot: LinePlot, glyphs: Glyphs, hasFewColours: Bool = false) -> CellGrid {
    var canvas = Canvas(
      size: Size(width: 70, height: 14), glyphs: glyphs, hasFewColours: hasFewColours)
    plot.draw(on: &canvas)
    return canvas.frame.grid
  }

  private func curve(_ value: (Double) -> Double) -> [PlotPoint] {
    (0..<400).map { PlotPoint(x: Double($0), y: value(Double($0))) }
  }

  private func cells(_ role: StyleRole, _ grid: CellGrid) -> Int {
    grid.cells.count { $0.style.role == role }
  }

  /// Two curves that are the same are both seen, flat, steep and slanting.
  @Test(arguments: Glyphs.allCases)
  func equalCurvesTakeTurns(_ glyphs: Glyphs) {
    let shapes: [(String, (Double) -> Double)] = [
      ("flat", { _ in 3 }), ("steep", { $0 < 200 ? 9 : 1 }), ("slanting", { 9 - $0 / 45 }),
      ("falling", { 2 + 7 / (1 + $0 / 20) }),
    ]
    for (name, shape) in shapes {
      let plot = LinePlot([
        PlotSeries("A", points: curve(shape), role: .plot1),
        PlotSeries("B", points: curve(shape), role: .plot2),
      ])
      let grid = grid(plot, glyphs: glyphs)
      let (a, b) = (cells(.plot1, grid), cells(.plot2, grid))
      #expect(a >= 6 && b >= 6, "\(name): \(a) and \(b)\n\(grid.text)")
      #expect(abs(a - b) <= max(6, (a + b) / 3), "\(name): \(a) and \(b)")
    }
  }

  @Test func threeCurvesTakeTurns() {
    let plot = LinePlot(
      [StyleRole.plot1, .plot2, .plot3].map { PlotSeries("x", points: curve { _ in 1 }, role: $0) })
    let grid = grid(plot, glyphs: .braille)
    for role in [StyleRole.plot1, .plot2, .plot3] { #expect(cells(role, grid) >= 12) }
  }

  /// Faint raw values never take a cell from a curve.
  @Test func faintCurvesStayBehind() {
    let plot = LinePlot([
      PlotSeries(
        "raw", points: curve { 3 + ($0.truncatingRemainder(dividingBy: 2)) }, role: .plot1,
        isFaint: true),
      PlotSeries("A", points: curve { _ in 3.5 }, role: .plot1),
    ])
    #expect(cells(.plot1, grid(plot, glyphs: .braille)) >= 60)
  }

  /// With few colours every curve carries its sign on its way; with many only at its end.
  @Test func signsTellCurvesApart() {
    let plot = LinePlot([
      PlotSeries("A", points: curve { 9 - $0 / 100 }, role: .plot1),
      PlotSeries("B", points: curve { 9 - $0 / 100 }, role: .plot2),
    ])
    func count(_ sign: Character, _ grid: CellGrid) -> Int {
      grid.cells.count { $0.text == String(sign) }
    }
    for glyphs in [Glyphs.braille, .block] {
      let few = grid(plot, glyphs: glyphs, hasFewColours: true)
      #expect(count("●", few) >= 6 && count("○", few) >= 6, "\(few.text)")
      let many = grid(plot, glyphs: glyphs)
      #expect(count("●", many) == 1 && count("○", many) == 1, "\(many.text)")
    }
    #expect(plot.legend(glyphs: .braille).plain.contains("● A"))
  }

  /// The ruler names its values in the plot, at any size.
  @Test func readoutsNeverLeaveThePlot() {
    for width in 1...80 {
      for height in [1, 2, 3, 5, 9, 20] {
        for x in [0.0, 130, 399] {
          var plot = LinePlot([PlotSeries("A", points: curve { $0 }, role: .plot1)])
          plot.readout = PlotReadout(x: x, lines: ["step 130", "A uniform 4.213", "B 3.999"])
          var canvas = Canvas(size: Size(width: width, height: height))
          plot.draw(on: &canvas)
          let text = canvas.frame.grid.text
          if width >= 60, height >= 9 { #expect(text.contains("A uniform 4.213")) }
        }
      }
    }
  }
}
