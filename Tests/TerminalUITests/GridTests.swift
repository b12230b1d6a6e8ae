import TerminalUI
import Testing

@Suite struct LayoutTests {
  @Test func panesNeverOverlapAndCoverTheWhole() {
    var generator = SplitMix(state: 3)
    for _ in 0..<5000 {
      let width = Int.random(in: 0...150, using: &generator)
      let gap = Int.random(in: 0...2, using: &generator)
      let extents = (0..<Int.random(in: 1...6, using: &generator)).map { _ -> Extent in
        switch Int.random(in: 0...2, using: &generator) {
        case 0: .fixed(Int.random(in: -3...40, using: &generator))
        case 1: .fraction(Double.random(in: -0.2...1.2, using: &generator), minimum: 3)
        default: .fill(weight: Double.random(in: 0...3, using: &generator), minimum: 2)
        }
      }
      let whole = Rect(x: 5, y: 7, width: width, height: 9)
      let panes = whole.columns(extents, gap: gap)
      #expect(panes.count == extents.count)
      for (index, pane) in panes.enumerated() {
        #expect(pane.width >= 0 && whole.contains(pane) || pane.isEmpty)
        if index > 0 { #expect(pane.isEmpty || pane.x >= panes[index - 1].maxX) }
      }
      let hasFill = extents.contains { if case .fill = $0 { true } else { false } }
      let sum = panes.reduce(0) { $0 + $1.width }
      if hasFill && width >= gap * (extents.count - 1) {
        #expect(sum + gap * (extents.count - 1) <= max(width, 0))
        if gap == 0 { #expect(sum == width) }
      }
    }
  }

  @Test func examples() {
    let panes = Rect(x: 0, y: 0, width: 120, height: 36).columns([.fraction(0.6), .fill()])
    #expect(panes.map(\.width) == [72, 48])
    let rows = Rect(x: 0, y: 0, width: 80, height: 24).rows([.fixed(1), .fill(), .fixed(2)])
    #expect(rows.map(\.height) == [1, 21, 2])
    #expect(rows.map(\.y) == [0, 1, 22])
    let short = Rect(x: 0, y: 0, width: 10, height: 1).columns([
      .fixed(8), .fixed(8), .fill(minimum: 4),
    ])
    #expect(short.map(\.width) == [8, 2, 0])
  }
}

@Suite struct CanvasTests {
  @Test func textIsCutAtTheView() {
    var canvas = Canvas(size: Size(width: 10, height: 3))
    canvas.inside(Rect(x: 2, y: 1, width: 5, height: 1)) { view in
      view.put("abcdefgh", x: -1, y: 0)
      view.put("hidden", x: 0, y: 1)
      view.put("hidden", x: 0, y: -1)
    }
    #expect(canvas.frame.grid.text == "\n  bcdef\n")
  }

  @Test func nestedViewsCutByBoth() {
    var canvas = Canvas(size: Size(width: 10, height: 1))
    canvas.inside(Rect(x: 4, y: 0, width: 20, height: 5)) { outer in
      outer.inside(Rect(x: -3, y: 0, width: 5, height: 1)) { $0.put("abcdefgh", x: 0, y: 0) }
    }
    #expect(canvas.frame.grid.text == "    de")
  }

  @Test func halfAWideCharacterIsASpace() {
    var canvas = Canvas(size: Size(width: 6, height: 1))
    canvas.fill(canvas.bounds, with: ".")
    canvas.put("日本語", x: -1, y: 0)
    #expect(canvas.frame.grid.text == " 本語.")
    canvas.put("x", x: 2, y: 0)
    #expect(canvas.frame.grid.text == "  x語.")
    canvas.put("日", x: 5, y: 0)
    #expect(canvas.frame.grid.text == "  x語")
  }

  @Test func fieldsAlignAndShowTheirCut() {
    var canvas = Canvas(size: Size(width: 8, height: 3), glyphs: .ascii)
    canvas.put("12", x: 0, y: 0, width: 6, alignment: .right)
    canvas.put("ab", x: 0, y: 1, width: 6, alignment: .centre)
    canvas.put("too long a text", x: 0, y: 2, width: 6)
    #expect(canvas.frame.grid.text == "    12\n  ab\ntoo l~")
  }

  @Test func hitsAreCutAndTheTopmostWins() {
    var canvas = Canvas(size: Size(width: 10, height: 2))
    canvas.mark(Rect(x: -5, y: 0, width: 30, height: 1), as: HitTarget("low"))
    canvas.inside(Rect(x: 3, y: 0, width: 2, height: 2)) {
      $0.mark($0.bounds, as: HitTarget("high", 7))
    }
    let frame = canvas.frame
    #expect(frame.hit(x: 0, y: 0)?.target == HitTarget("low"))
    #expect(frame.hit(x: 4, y: 0)?.target == HitTarget("high", 7))
    #expect(frame.hit(x: 9, y: 1) == nil)
    #expect(frame.region("low") == Rect(x: 0, y: 0, width: 10, height: 1))
  }

  @Test func rolesHaveLettersOfTheirOwn() {
    #expect(Set(StyleRole.allCases.map(\.letter)).count == StyleRole.allCases.count)
    var canvas = Canvas(size: Size(width: 5, height: 1))
    canvas.put([Span("ab"), Span("K", .keep)], x: 0, y: 0)
    #expect(canvas.frame.grid.roles == "..K")
  }
}
