import TerminalUI

/// An empty frame.
struct Framed: Widget {
  var title: StyledText = []
  var footer: StyledText = []

  func draw(on canvas: inout Canvas) {
    canvas.box(canvas.bounds, title: title, footer: footer)
  }
}

extension Frame {
  /// The topmost region of a kind.
  func region(_ kind: String) -> Rect? { hits.last { $0.target.kind == kind }?.rect }
}

/// Every widget with ordinary and with awkward content: the property tests draw them all.
enum WidgetFixtures {
  static let hostile =
    "a\u{1B}[31mred\u{9B}2J \u{202E}evil\u{200B} 日本語 e\u{301}\u{301}\u{301}\u{301} \u{1F468}\u{200D}\u{1F469}\ttab\r\nline \u{0}\u{7F} 🇫🇷"

  static var plotSeries: [PlotSeries] {
    let points = (0..<500).map { index in
      PlotPoint(x: Double(index), y: index == 250 ? .nan : 7 / (1 + Double(index) * 0.01) + 3)
    }
    return [
      PlotSeries("A", points: points, role: .plot1),
      PlotSeries("B", points: points.map { PlotPoint(x: $0.x, y: $0.y * 0.9) }, role: .plot2),
      PlotSeries("raw", points: points, role: .plot3, isFaint: true),
    ]
  }

  static var bell: [Int] {
    (0..<64).map { bin in max(0, 400 - (bin - 32) * (bin - 32)) }
  }

  static var all: [(name: String, widget: any Widget)] {
    let hostileTokens = hostile.split(separator: " ").enumerated().map { index, text in
      ScoredToken(" \(text)", difference: Double(index) - 3)
    }
    let table = Table(
      columns: [
        TableColumn("name", width: .fill()), .number("count", width: 8),
        TableColumn("note", width: .fraction(0.3, minimum: 4)),
      ], rowCount: 1000, state: ListState(selected: 990), hitKind: "rows"
    ) { row in [StyledText(hostile), "\(row)", StyledText("note \(row)", .keep)] }
    return [
      ("paragraph", Paragraph(StyledText(hostile + hostile + hostile))),
      ("tokens", TokenText(hostileTokens)),
      ("marks", TokenText(hostileTokens, top: 1, showsMarks: true)),
      ("table", table),
      ("empty table", Table(columns: table.columns, rowCount: 0, state: ListState()) { _ in [] }),
      ("progress", ProgressBar(0.62)),
      ("progress nan", ProgressBar(.nan)),
      (
        "tabs",
        TabHeader(
          product: "MINIPLM",
          tabs: [TabHeader.Tab("Corpus", short: "Cor"), TabHeader.Tab(hostile, short: "日")],
          current: 1, note: "proj: demo")
      ),
      ("status", StatusLine(["idle", StyledText(hostile), "third"])),
      ("ratio", RatioBar(0.5, pins: [.init(0.5, label: "A 0.50"), .init(0.3, label: hostile)])),
      (
        "dialog",
        Dialog(title: hostile, lines: [StyledText(hostile)], choices: [.init(.escape, "stay")])
      ),
      (
        "help",
        HelpOverlay(
          title: "Select",
          sections: [
            .init(title: "This screen", entries: [.init(keys: "[ ]", help: hostile)]),
            .init(title: "Everywhere", entries: [.init(keys: "q", help: "quit")]),
          ], notes: ["Shift+drag selects text"], top: 3)
      ),
      ("field", TextField(prompt: "> ", state: TextFieldState(hostile + "日本語日本語"))),
      ("plot", LinePlot(plotSeries, guides: [4], xUnit: "tok")),
      ("log plot", LinePlot(plotSeries, isLogarithmic: true)),
      ("no plot", LinePlot([])),
      (
        "histogram",
        Histogram(counts: bell, range: -1...2, threshold: 0.6)
      ),
      ("log histogram", Histogram(counts: bell, range: -1...2, isLogarithmic: true)),
      ("all kept", Histogram(counts: [5], range: 0...1, threshold: -3)),
      ("empty histogram", Histogram(counts: [], range: 0...0)),
    ]
  }
}
