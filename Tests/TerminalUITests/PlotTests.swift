import TerminalUI
import Testing

@Suite struct TicksTests {
  private func labels(_ low: Double, _ high: Double, _ maximum: Int) -> [String] {
    Ticks.linear(from: low, to: high, maximum: maximum).map(\.label)
  }

  @Test func areRoundNumbers() {
    #expect(labels(-0.5, 2.1, 7) == ["-0.5", "0.0", "0.5", "1.0", "1.5", "2.0"])
    #expect(labels(0, 420, 4) == ["0", "200", "400"])
    #expect(labels(3.01, 7.2, 5) == ["4", "6"])
    #expect(labels(0, 3_300_000, 5) == ["0", "1M", "2M", "3M"])
    #expect(labels(0, 1_600_000, 5) == ["0", "0.5M", "1.0M", "1.5M"])
    #expect(labels(0.0001, 0.0003, 3) == ["0.0001", "0.0002", "0.0003"])
    #expect(labels(0, 3e13, 4) == ["0", "10T", "20T", "30T"])
  }

  @Test func edgesThatAreTicksAreKept() {
    #expect(labels(0.1, 0.3, 3) == ["0.1", "0.2", "0.3"])
    #expect(labels(-1, 1, 3) == ["-1", "0", "1"])
  }

  @Test func badRangesHaveNone() {
    for (low, high) in [(1.0, 1.0), (2, 1), (.nan, 1), (0, .infinity), (-1e308, 1e308)] {
      #expect(labels(low, high, 5).isEmpty)
    }
  }

  @Test func neverMoreThanAskedAndAlwaysInside() {
    var generator = SplitMix(state: 7)
    for _ in 0..<5000 {
      let low = Double.random(in: -1e6...1e6, using: &generator)
      let width = pow10(Double.random(in: -6...6, using: &generator))
      let maximum = Int.random(in: 2...12, using: &generator)
      let ticks = Ticks.linear(from: low, to: low + width, maximum: maximum)
      #expect(ticks.count <= maximum)
      #expect(
        ticks.allSatisfy { $0.value >= low - width * 1e-6 && $0.value <= low + width * 1.000001 })
    }
  }

  @Test func logarithmicTicksArePowers() {
    #expect(
      Ticks.logarithmic(from: 1, to: 5000, maximum: 8).map(\.label) == ["1", "10", "100", "1k"])
    #expect(
      Ticks.logarithmic(from: 2, to: 8, maximum: 8).map(\.label) == [
        "2", "3", "4", "5", "6", "7", "8",
      ])
    #expect(Ticks.logarithmic(from: 1, to: 1e12, maximum: 4).count <= 4)
    #expect(Ticks.logarithmic(from: 0, to: 10, maximum: 4).isEmpty)
  }

  private func pow10(_ exponent: Double) -> Double {
    var value = 1.0
    for _ in 0..<Int(abs(exponent)) { value *= exponent < 0 ? 0.1 : 10 }
    return value
  }
}

@Suite struct LinePlotTests {
  private func draw(
    _ plot: LinePlot, _ size: Size, glyphs: Glyphs = .braille, isMonochrome: Bool = false
  ) -> CellGrid {
    var canvas = Canvas(size: size, glyphs: glyphs, isMonochrome: isMonochrome)
    plot.draw(on: &canvas)
    return canvas.frame.grid
  }

  private func points(_ count: Int, _ value: (Int) -> Double) -> [PlotPoint] {
    (0..<count).map { PlotPoint(x: Double($0), y: value($0)) }
  }

  /// One point of a hundred thousand stands out: it must stand out on the screen.
  @Test(arguments: Glyphs.allCases)
  func spikesSurvive(glyphs: Glyphs) {
    let plot = LinePlot([
      PlotSeries("a", points: points(100_000) { $0 == 61_803 ? 9 : 1 }, role: .plot1)
    ])
    let grid = draw(plot, Size(width: 60, height: 12), glyphs: glyphs)
    let rows = grid.text.split(separator: "\n", omittingEmptySubsequences: false)
    let heights = (0..<10).filter { y in (8..<60).contains { grid[$0, y].style.role == .plot1 } }
    #expect(heights == Array(0..<10), "\(rows)")
  }

  @Test func brokenValuesAreGaps() {
    let plot = LinePlot([
      PlotSeries(
        "a", points: points(100) { (40..<60).contains($0) ? .nan : 1 + Double($0) * 0.001 },
        role: .plot1)
    ])
    let grid = draw(plot, Size(width: 60, height: 12))
    let columns = Set(
      (0..<60).filter { x in (0..<10).contains { grid[x, $0].style.role == .plot1 } })
    // Data area is about 53 columns: the middle fifth is free.
    let middle = (32...36).filter(columns.contains)
    #expect(middle.isEmpty)
    #expect(columns.contains(59) && columns.contains(12))
  }

  @Test func infinitiesDoNotSpoilTheAxes() {
    let clean = LinePlot([PlotSeries("a", points: points(50) { Double($0) }, role: .plot1)])
    let dirty = LinePlot([
      PlotSeries(
        "a",
        points: points(50) { Double($0) } + [
          PlotPoint(x: 49, y: .infinity), PlotPoint(x: .nan, y: 3),
        ], role: .plot1)
    ])
    let size = Size(width: 50, height: 12)
    #expect(draw(clean, size).text == draw(dirty, size).text)
  }

  /// Some fonts draw the empty braille character as hollow dots.
  @Test func emptyCellsAreSpaces() {
    let plot = LinePlot([PlotSeries("a", points: points(50) { Double($0 % 7) }, role: .plot1)])
    #expect(!draw(plot, Size(width: 80, height: 20)).text.contains("\u{2800}"))
  }

  @Test func asciiIsASCII() {
    let plot = LinePlot(
      WidgetFixtures.plotSeries, guides: [4], xUnit: "tok")
    let text = draw(plot, Size(width: 80, height: 20), glyphs: .ascii).text
    #expect(text.utf8.allSatisfy { $0 < 0x7F })
    #expect(text.contains("*") && text.contains("o"))
  }

  @Test func monochromeTellsSeriesApart() {
    let text = draw(
      LinePlot(WidgetFixtures.plotSeries), Size(width: 80, height: 20), isMonochrome: true
    ).text
    #expect(text.contains("●") && text.contains("○"))
  }

  @Test func logAxisSkipsWhatHasNoLogarithm() {
    let plot = LinePlot(
      [PlotSeries("a", points: points(100) { $0 == 50 ? -1 : Double($0) }, role: .plot1)],
      isLogarithmic: true)
    let text = draw(plot, Size(width: 60, height: 16)).text
    #expect(text.contains("10 ┤") && text.contains("1 ┤"))
  }

  @Test func aSinglePointIsDrawn() {
    let plot = LinePlot([PlotSeries("a", points: [PlotPoint(x: 3, y: 3)], role: .plot1)])
    let grid = draw(plot, Size(width: 40, height: 10))
    #expect(grid.cells.count { $0.style.role == .plot1 } == 1)
    #expect(!grid.text.contains("-"), "\(grid.text)")
  }

  @Test func huge() {
    let plot = LinePlot([
      PlotSeries("a", points: points(500_000) { Double($0 % 1000) }, role: .plot1)
    ])
    // A tenth of a second; other tests run beside this one.
    #expect(WorkTime.seconds { _ = draw(plot, Size(width: 120, height: 36)) } < 2)
  }
}

@Suite struct HistogramTests {
  private func draw(_ histogram: Histogram, _ size: Size, glyphs: Glyphs = .ascii) -> Frame {
    var canvas = Canvas(size: size, glyphs: glyphs)
    histogram.draw(on: &canvas)
    return canvas.frame
  }

  @Test func keptStandsRightOfTheThreshold() throws {
    let frame = draw(
      Histogram(counts: Array(repeating: 10, count: 64), range: 0...1, threshold: 0.25),
      Size(width: 80, height: 16))
    let area = try #require(frame.region(Histogram.hitKind))
    let row = area.maxY - 1
    let line = (area.x..<area.maxX).first { frame.grid[$0, row].text == "|" }
    let column = try #require(line)
    #expect(abs(Double(column - area.x) / Double(area.width) - 0.25) < 0.02)
    for x in area.x..<column { #expect(frame.grid[x, row].style.role == .drop) }
    for x in (column + 1)..<area.maxX { #expect(frame.grid[x, row].style.role == .keep) }
    #expect(frame.grid.text.contains("d>=0.250"))
  }

  @Test func theMouseGetsTheValueOfTheColumn() throws {
    let histogram = Histogram(counts: [1, 2, 3], range: -1...2, threshold: 0.5)
    let frame = draw(histogram, Size(width: 60, height: 12))
    let area = try #require(frame.region(Histogram.hitKind))
    let line = (area.x..<area.maxX).first { frame.grid[$0, area.y].text == "|" }
    let column = try #require(line)
    #expect(abs(histogram.value(atColumn: column, area: area) - 0.5) < 3 / Double(area.width))
    #expect(histogram.value(atColumn: -50, area: area) >= -1)
    #expect(histogram.value(atColumn: 500, area: area) <= 2)
  }

  /// A bin with one document among thousands is drawn, and an empty one is not.
  @Test(arguments: Glyphs.allCases)
  func littleIsNotNothing(glyphs: Glyphs) throws {
    var counts = Array(repeating: 0, count: 40)
    counts[20] = 100_000
    counts[3] = 1
    let frame = draw(
      Histogram(counts: counts, range: 0...1), Size(width: 60, height: 14), glyphs: glyphs)
    let area = try #require(frame.region(Histogram.hitKind))
    let drawn = (0..<area.width).filter {
      frame.grid[area.x + $0, area.maxY - 1].style.role == .plot1
    }
    let low = Double(area.width) * 3 / 40
    #expect(drawn.contains { Double($0) >= low - 1 && Double($0) <= low + 2 })
    #expect(
      !drawn.contains {
        Double($0) > Double(area.width) * 4.5 / 40 && Double($0) < Double(area.width) * 19 / 40
      })
  }

  @Test func noBinDisappearsWhenThereAreMoreBinsThanColumns() throws {
    let frame = draw(
      Histogram(counts: Array(repeating: 5, count: 1000), range: 0...1), Size(width: 50, height: 12)
    )
    let area = try #require(frame.region(Histogram.hitKind))
    for x in area.x..<area.maxX {
      #expect(frame.grid[x, area.y].text == "#", "flat counts make a flat top")
    }
  }

  @Test func emptyAndBrokenInputsSayso() {
    #expect(
      draw(Histogram(counts: [], range: 0...1), Size(width: 40, height: 9)).grid.text.contains(
        "no scores yet"))
    let flat = draw(
      Histogram(counts: [3], range: 1...1, threshold: .nan), Size(width: 40, height: 9))
    #expect(flat.grid.text.contains("#") || flat.grid.text.contains("."))
  }
}
