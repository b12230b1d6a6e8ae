import EngineInterface
import TerminalUI
import Testing
import Workbench

/// The other ways to look at scores.
@Suite struct ScorePlotTests {
  let snapshots = FixtureSnapshots()
  static let sizes = [Size(width: 120, height: 36), Size(width: 80, height: 24)]

  @Test(arguments: sizes)
  func byKey(_ size: Size) throws {
    for (digit, name) in [("3", "score"), ("4", "select")] {
      var player = Player(snapshots.choosing(), size: size)
      player.state.display.glyphs = .braille
      player.type(digit + "v")
      try Golden.check(player.frame, "\(name)-sources-\(size.width)x\(size.height)")
      player.type("v")
      try Golden.check(player.frame, "\(name)-scatter-\(size.width)x\(size.height)")
      player.type("v")
      #expect(player.text.contains("bins 64"))
    }
  }

  @Test func sourcesThatLieApartAreNamed() {
    var player = Player(snapshots.choosing())
    var scoring = snapshots.scoring(done: 1200)
    scoring.remarks = ["junk lies apart: median d -1.31 of its 212 chunks."]
    player.send(.engine(.scoring(scoring)))
    for digit in ["3", "4"] {
      player.type(digit)
      #expect(player.text.contains("junk lies apart"), "screen \(digit)")
    }
  }

  /// Kept and dropped differ in signs where there are no colours.
  @Test func withoutColoursTheSidesDiffer() {
    for (glyphs, isMonochrome) in [(Glyphs.ascii, false), (.braille, true), (.block, true)] {
      var canvas = Canvas(
        size: Size(width: 40, height: 14), glyphs: glyphs, isMonochrome: isMonochrome)
      let plot = DensityPlot(
        counts: Array(repeating: 9, count: 100), columns: 10, rows: 10, x: -5...0, y: -5...0,
        threshold: 0)
      canvas.draw(plot, in: canvas.bounds)
      var signs: [StyleRole: Set<String>] = [:]
      for y in 0..<14 {
        for x in 0..<40 {
          let cell = canvas.frame.grid[x, y]
          signs[cell.style.role, default: []].insert(cell.text)
        }
      }
      let (kept, dropped) = (signs[.keep] ?? [], signs[.drop] ?? [])
      #expect(!kept.isEmpty && !dropped.isEmpty)
      #expect(kept.isDisjoint(with: dropped), "\(glyphs) \(isMonochrome)")
    }
  }

  @Test func aRectangleHoldsItsChunks() {
    let plot = DensityPlot(
      counts: (0..<100).map { UInt32($0 % 10) }, columns: 10, rows: 10, x: -10...0, y: -10...0)
    #expect(plot.count(x: -10...0, y: -10...0) == 450)
    #expect(plot.count(x: -1...0, y: -10...0) == 90)
    #expect(plot.count(x: -1...0, y: -1...0) == 9)
  }

  @Test func plotsOfAnySizeStayInside() {
    let ridges = Ridges(
      (0..<7).map { .init(name: "source \($0)", figures: "12 +0.3", counts: [0, 3, 9, 1]) },
      range: -1...1, threshold: 0.2)
    let plot = DensityPlot(
      counts: [1, 0, 5, 900], columns: 2, rows: 2, x: -3...0, y: -4...0, threshold: 0.4)
    for width in 0..<40 {
      for height in 0..<14 {
        var canvas = Canvas(size: Size(width: width, height: height))
        canvas.draw(ridges, in: canvas.bounds)
        canvas.draw(plot, in: canvas.bounds)
        #expect(canvas.size == Size(width: width, height: height))
      }
    }
  }
}
