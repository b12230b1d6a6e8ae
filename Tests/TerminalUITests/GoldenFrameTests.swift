import Numerics
import TerminalUI
import Testing

/// Widgets as they look, character by character.
@Suite struct GoldenFrameTests {
  private func draw(
    _ widget: some Widget, _ width: Int, _ height: Int, glyphs: Glyphs = .ascii,
    isMonochrome: Bool = false
  ) -> String {
    var canvas = Canvas(
      size: Size(width: width, height: height), glyphs: glyphs, isMonochrome: isMonochrome)
    canvas.draw(widget, in: canvas.bounds)
    return canvas.frame.grid.text
  }

  @Test func boxes() {
    #expect(
      draw(Framed(title: "Sources", footer: "sort: tokens v"), 40, 3) == """
        +- Sources ----------------------------+
        |                                      |
        +--------------------- sort: tokens v -+
        """)
    #expect(
      draw(Framed(title: "A title that is too long"), 16, 3, glyphs: .block) == """
        ┌─ A title t… ─┐
        │              │
        └──────────────┘
        """)
  }

  @Test func tables() {
    let table = Table(
      columns: [TableColumn("source", width: .fill()), .number("docs", width: 7)], rowCount: 100,
      state: ListState(selected: 42, top: 41)
    ) { ["Pile \($0)\n", "\(Number.grouped($0 * 1000))"] }
    #expect(
      draw(table, 24, 4)
        == """
          source            docs
          Pile 41^J       41,000
        > Pile 42^J       42,000
          Pile 43^J       43,000
        """.replacing("^J", with: "␊ "))
    #expect(table.position(height: 4) == "42-44 of 100")
  }

  @Test func headers() {
    let tabs = zip(["Corpus", "Models", "Score"], ["Cor", "Mod", "Sco"]).map {
      TabHeader.Tab($0, short: $1)
    }
    let header = TabHeader(product: "MINIPLM", tabs: tabs, current: 1, note: "proj: demo")
    #expect(
      draw(header, 64, 1) == " MINIPLM   1 Corpus  [2 Models]  3 Score             proj: demo")
    #expect(draw(header, 48, 1) == " MINIPLM   1 Corpus  [2 Models]  3 Score")
    #expect(draw(header, 28, 1) == "  1Cor  [2 Models]  3Sco")
    #expect(draw(header, 20, 1) == "  1 [2 Models] 3")
  }

  @Test func statusLinesLeaveOutWhatDoesNotFit() {
    let status = StatusLine(["SCORING 62%", "saved to shard 12", "q asks"])
    #expect(draw(status, 60, 1) == " SCORING 62% | saved to shard 12 | q asks")
    #expect(draw(status, 28, 1) == " SCORING 62% | q asks")
    #expect(draw(status, 8, 1) == " SCORI~")
  }

  @Test func progress() {
    #expect(draw(ProgressBar(0.62), 20, 1) == "[########     ]  62%")
    #expect(draw(ProgressBar(1), 20, 1) == "[#############] 100%")
    #expect(draw(ProgressBar(0.999), 20, 1) == "[#############]  99%")
    #expect(draw(ProgressBar(.nan), 20, 1) == "[             ]   --")
    #expect(draw(ProgressBar(0.5), 20, 1, glyphs: .block) == "[██████▌      ]  50%")
  }

  @Test func ratios() {
    let bar = RatioBar(
      0.5, pins: [.init(0.25, label: "A"), .init(0.26, label: "B"), .init(1, label: "C")])
    #expect(
      draw(bar, 29, 2) == """
        0% =====|====O---------| 100%
                A              C
        """)
    #expect(RatioBar.value(atColumn: 13, track: Rect(x: 3, y: 0, width: 21, height: 1)) == 0.5)
    #expect(RatioBar.value(atColumn: -9, track: Rect(x: 3, y: 0, width: 21, height: 1)) == 0)
  }

  @Test func tokensHaveMarksInMonochrome() {
    let tokens = [
      ScoredToken("How", difference: 0.1), ScoredToken(" do", difference: 2),
      ScoredToken(" pandas", difference: -3), ScoredToken(" merge", difference: 0.5),
      ScoredToken(" it", difference: .nan),
    ]
    #expect(
      draw(TokenText(tokens), 15, 4, isMonochrome: true) == """
        How do pandas
        .   ++ --
        merge it
        +     ?
        """)
    #expect(draw(TokenText(tokens), 15, 4) == "How do pandas\nmerge it\n\n")
    #expect(TokenText(tokens).line(ofToken: 4, width: 15) == 1)
  }

  @Test func longTextsFillTwoColumns() {
    let tokens = (0..<6).map { ScoredToken("line \($0)\n", difference: 0) }
    var text = TokenText(tokens)
    text.columns = 2
    #expect(
      draw(text, 23, 3) == """
        line 0       line 3
        line 1       line 4
        line 2       line 5
        """)
    #expect(text.line(ofToken: 4, width: 23) == 4)
    // Lines are as long as a column.
    #expect(text.lineCount(width: 23) == text.lineCount(width: 200))
    #expect(TokenText.columns(width: 134) == 1 && TokenText.columns(width: 135) == 2)
    text.top = 2
    #expect(draw(text, 23, 2) == "line 2       line 4\nline 3       line 5")
  }

  @Test func dialogs() {
    let dialog = Dialog(
      title: "Training is running", lines: ["A step 412, last checkpoint 400"],
      choices: [.init(.character("s"), "save and quit"), .init(.escape, "stay")], width: 36)
    #expect(
      draw(dialog, 38, 7) == """
         +- Training is running ------------+
         | A step 412, last checkpoint 400  |
         |                                  |
         | [s] save and quit                |
         | [Esc] stay                       |
         +----------------------------------+

        """)
  }

  @Test func bars() {
    let glyphs = Glyphs.ascii
    func change(_ value: Double) -> String {
      HorizontalBar.change(value, largest: 0.24, width: 10, negative: .keep, positive: .drop).plain
    }
    #expect(change(-0.24) == "<<<<<<<<<<")
    #expect(change(0.06) == ">>>")
    #expect(change(-0.0001) == "<")
    #expect(change(0) == "" && change(.nan) == "")
    #expect(HorizontalBar.share(0.31, width: 10, role: .keep, glyphs: glyphs).plain == "###.......")
    #expect(
      HorizontalBar.share(0.001, width: 10, role: .keep, glyphs: glyphs).plain == "#.........")
    #expect(Sparkline.text([0, 1, 2, 3, .nan, 7], width: 6, glyphs: glyphs) == ".:-= @")
    #expect(Sparkline.text([0, 0, 9, 0], width: 2, glyphs: .block) == "▁█")
  }

  @Test func histograms() {
    let counts = [0, 1, 4, 9, 16, 25, 36, 30, 20, 12, 6, 3, 1, 0, 0, 1]
    let histogram = Histogram(counts: counts, range: -0.4...1.2, threshold: 0.4)
    #expect(
      draw(histogram, 44, 10) == """
                            d>=0.400
           |               ...  |
        30 +               .....|
           |             .......|
        20 +            ........|#
           |          ..........|####
        10 +        ............|####
         0 +  ..................|############    ###
           +----------+-----------+-----------+-----
                     0.0         0.5         1.0
        """)
    #expect(
      draw(histogram, 44, 10, glyphs: .block) == """
                             d≥0.400
           │               ██▃  │
        30 ┤               ███▇▇│
           │             ▇▇█████│
        20 ┤          ▁▁████████│▇▁
           │          ██████████│██▃▃
        10 ┤       ▂▆▆██████████│████▁▁
         0 ┤  ▁▂▂▆▆█████████████│██████▇▅▅▂▂▁    ▁▂▂
           └──────────┬───────────┬───────────┬─────
                     0.0         0.5         1.0
        """)
  }

  @Test func plots() {
    let decline = (0...60).map { PlotPoint(x: Double($0), y: 3 + 240 / (60 + 6 * Double($0))) }
    let lower = decline.map { PlotPoint(x: $0.x, y: $0.y - 0.4) }
    let plot = LinePlot(
      [
        PlotSeries("A", points: decline, role: .plot1),
        PlotSeries("B", points: lower, role: .plot2),
      ],
      xUnit: "step")
    #expect(
      draw(plot, 44, 10) == """
        7 +*
          |o*
        6 + oo*
          |  ooo**
        5 +    ooo****
          |       ooo*********
        4 +            oooooooo*********************
          |                     oooooooooooooooooooo
          ++------------+-------------+------------+
           0           20            40      60 step
        """)
    #expect(
      draw(plot, 44, 10, glyphs: .block) == """
        7 ┤█
          │██
        6 ┤ ▀▄▄
          │  ▀▄▄▄▄
        5 ┤    ▀▄▄▀▄▄▄
          │       ▀▀▄▀▀▀▀▄▄▄▄▄
        4 ┤            ▀▀▀█▄▄▄▄▀▀▀▀▀▀▄▄▄▄▄▄▄▄▄▄▄▄▄▄●
          │                     ▀▀▀▀▀▀▀▀▀▀▀▄▄▄▄▄▄▄▄○
          └┬────────────┬─────────────┬────────────┬
           0           20            40      60 step
        """)
    #expect(
      draw(plot, 44, 10, glyphs: .braille) == """
        7 ┤⢣
          │⢱⢆
        6 ┤ ⠣⡀⡄
          │  ⠘⠈⡀⢄⡀
        5 ┤    ⠘⠤⢄⠒⠤⣀⡀
          │       ⠉⠒⠤⠈⠉⠒⠒⠤⠤⣀⣀⡀
        4 ┤            ⠉⠒⠒⠢⠤⠤⣀⣀⠉⠉⠒⠒⠒⠒⠤⠤⠤⠤⠤⠤⢄⣀⣀⣀⣀⣀⣀⣀●
          │                     ⠈⠉⠉⠉⠑⠒⠒⠒⠒⠒⠢⠤⠤⠤⠤⠤⠤⠤⠤○
          └┬────────────┬─────────────┬────────────┬
           0           20            40      60 step
        """)
  }

  @Test func help() {
    let help = HelpOverlay(
      title: "Select",
      sections: [
        .init(
          title: "This screen",
          entries: [.init(keys: "[ ]", help: "ratio -/+"), .init(keys: "A B", help: "pins")]),
        .init(title: "Everywhere", entries: [.init(keys: "q F10", help: "quit")]),
      ], notes: ["Shift+drag selects text"], closing: "? or Esc closes")
    #expect(
      draw(help, 80, 10) == """

          +- Help: Select   ? or Esc closes -----------------------------------------+
          | This screen                          Everywhere                          |
          | [ ] ratio -/+                        q F10 quit                          |
          | A B pins                                                                 |
          |                                                                          |
          | Shift+drag selects text                                                  |
          |                                                                          |
          +--------------------------------------------------------------- 1-5 of 5 -+

        """)
    var filtered = help
    filtered.filter = "pin"
    #expect(filtered.content(width: 40).map(\.plain) == ["This screen", "A B pins"])
  }
}
