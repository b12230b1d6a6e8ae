import EngineInterface
import Numerics
import TerminalUI

extension Action {
  static let readBlind = Action(
    "reading", [.character("K")], "read chunks blind, and see how far you agree", label: "blind",
    notNow: withoutSelection,
    does: { reducer in
      reducer.state.decide.readingTop = 0
      reducer.state.decide.showsReadingResult = false
      reducer.state.overlay = .list(ListOverlayID(ReadingOverlay.self), ListState())
      reducer.send(.reading(.begin))
    })
}

/// Chunks in random order without side or score; the reader says what to do with them. How far that
/// agrees with the selection is shown when asked for, and at the end.
enum ReadingOverlay: ListOverlay {
  static let hitKind = "reading"
  static let toggle = Action.readBlind

  static let keep: Key = .character("k")
  static let drop: Key = .character("d")
  static let skip: Key = .character("s")
  static let takeBack: Key = .character("u")
  static let result: Key = .character("r")

  static func count(_ state: ViewState) -> Int { 0 }

  private static func showsResult(_ state: ViewState) -> Bool {
    state.decide.showsReadingResult
      || state.engine.reading.map { $0.chunk == nil } ?? false
  }

  static func press(_ key: Key, row: Int, _ reducer: inout Reducer) -> Bool {
    switch key {
    case keep: answer(.keep, &reducer)
    case drop: answer(.drop, &reducer)
    case skip: answer(.skip, &reducer)
    case takeBack:
      reducer.state.decide.readingTop = 0
      reducer.send(.reading(.takeBack))
    case result: reducer.state.decide.showsReadingResult.toggle()
    default: return scroll(key, &reducer)
    }
    return true
  }

  private static func answer(_ answer: ReadingSnapshot.Answer, _ reducer: inout Reducer) {
    // What is not in sight is not judged.
    guard !showsResult(reducer.state), let chunk = reducer.state.engine.reading?.chunk else {
      return
    }
    reducer.state.decide.readingTop = 0
    reducer.send(.reading(.answer(chunk: chunk, answer)))
  }

  private static func scroll(_ key: Key, _ reducer: inout Reducer) -> Bool {
    let state = reducer.state
    guard let move = ListState.Move(state.table.action(for: key)) else { return key == .space }
    let area = textSize(state)
    let count = text(state).lineCount(width: area.width, limit: 5000)
    let page = max(1, area.height - 1)
    let step: Int =
      switch move {
      case .up: -1
      case .down: 1
      case .pageUp, .halfPageUp: -page
      case .pageDown, .halfPageDown: page
      case .home: -count
      case .end: count
      case .to: 0
      }
    reducer.state.decide.readingTop = min(
      max(0, state.decide.readingTop + step), max(0, count - area.height))
    return true
  }

  // MARK: - Drawing

  private static func size(_ state: ViewState) -> Size {
    Size(width: min(110, state.size.width - 2), height: state.size.height - 2)
  }

  private static func textSize(_ state: ViewState) -> Size {
    let size = size(state)
    return Size(width: max(1, size.width - 4), height: max(1, size.height - 4))
  }

  private static func text(_ state: ViewState) -> Paragraph {
    Paragraph(
      StyledText(state.engine.reading?.text ?? ""), top: state.decide.readingTop)
  }

  static func draw(_ list: ListState, _ state: ViewState, on canvas: inout Canvas) {
    let reading = state.engine.reading
    let shows = showsResult(state)
    let keys =
      shows
      ? (reading?.chunk == nil ? "" : "\(result.name) goes on reading  ")
      : "\(keep.name) keep  \(drop.name) drop  \(skip.name) skip  \(takeBack.name) take back  "
        + "\(result.name) result  "
    let area = canvas.box(
      canvas.bounds.centred(size(state)), title: "Blind reading",
      footer: StyledText("\(keys)\(state.key(.back)) closes"), isFocused: true)
    canvas.inside(area) { view in
      guard let reading else {
        view.put(StyledText("Drawing chunks.", .dim), x: 0, y: 0, width: view.size.width)
        return
      }
      let rows = view.bounds.rows([.fixed(1), .fixed(1), .fill()])
      let left = reading.total - reading.done
      view.put(
        StyledText(
          left == 0
            ? "All \(reading.total) chunks are read, \(reading.skipped) of them skipped."
            : "Chunk \(reading.done + 1) of \(reading.total), from \(reading.source). "
              + "Would you keep it?", .accent), x: 0, y: 0, width: view.size.width)
      view.inside(rows[2]) { part in
        if shows { drawResult(reading, on: &part) } else { part.draw(text(state), in: part.bounds) }
      }
    }
  }

  private static func drawResult(_ reading: ReadingSnapshot, on canvas: inout Canvas) {
    // What the columns before it leave.
    let barWidth = max(0, min(20, canvas.size.width - 77))
    let rows = reading.deciles.reversed() + [reading.all]
    let glyphs = canvas.glyphs
    let table = Table(
      columns: [
        TableColumn("chunks", width: .fixed(16)), .number("d", width: 16),
        .number("read", width: 4), .number("you keep", width: 8), .number("agree", width: 6),
        .number("95% interval", width: 12), TableColumn("", width: .fill()),
      ], rowCount: rows.count
    ) { place in
      let row = rows[place]
      let isAll = place == rows.count - 1
      let name = isAll ? "all" : row.number == 0 ? "at the border" : "tenth \(row.number)"
      let range =
        row.lower == row.upper
        ? Number.signed(row.lower, 2)
        : "\(Number.signed(row.lower, 2)) to \(Number.signed(row.upper, 2))"
      func percent(_ count: Int) -> String {
        row.answered == 0
          ? "-" : "\(Number.fixed(Double(count) / Double(row.answered) * 100, 0))%"
      }
      let interval = row.interval.map {
        "\(Number.fixed($0.lowerBound * 100, 0))-\(Number.fixed($0.upperBound * 100, 0))%"
      }
      return [
        StyledText(name, .text, isAll ? .bold : []), StyledText(range, .dim),
        StyledText("\(row.answered)"), StyledText(percent(row.readerKeeps)),
        StyledText(percent(row.agreed), .accent), StyledText(interval ?? "-"),
        row.answered == 0
          ? ""
          : HorizontalBar.share(
            Double(row.agreed) / Double(row.answered), width: barWidth, role: .keep, glyphs: glyphs),
      ]
    }
    canvas.draw(table, in: canvas.bounds)
  }
}
