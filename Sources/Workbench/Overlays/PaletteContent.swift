import TerminalUI

/// The command palette: every action that holds here, found by a few letters.
enum PaletteContent {
  static let hitKind = "palette"

  /// Actions whose words hold the letters in order; best first, then as in the table.
  static func matches(_ text: String, _ screen: ScreenID, _ table: ActionTable) -> [Action] {
    let candidates = (table.own(of: screen) + table.everywhere).filter { $0 != .palette }
    let ranked = candidates.enumerated().compactMap { index, action in
      FuzzyMatch.score(text, in: "\(action.title) \(action.id)").map {
        (score: $0, index: index, action: action)
      }
    }
    return ranked.sorted { ($0.score, $0.index) < ($1.score, $1.index) }.map(\.action)
  }

  private static func rect(_ state: ViewState) -> Rect {
    Rect(state.size).centred(
      Size(width: min(72, state.size.width - 4), height: min(20, state.size.height - 4)))
  }

  static func visibleRows(_ state: ViewState) -> Int { max(1, rect(state).height - 4) }

  static func draw(
    _ palette: PaletteState, _ state: ViewState, on canvas: inout Canvas
  ) {
    let found = matches(palette.field.text, state.screen, state.table)
    let rect = rect(state)
    let footer = StyledText(
      "\(found.count) actions   \(state.fieldKey(.open)) runs   \(state.fieldKey(.back)) closes")
    let area = canvas.box(rect, title: "Command", footer: footer, isFocused: true)
    canvas.inside(area) { view in
      view.draw(TextField(prompt: "> ", state: palette.field), in: view.bounds.row(0))
      let list = Rect(x: 0, y: 2, width: view.size.width, height: view.size.height - 2)
      view.draw(
        Table(
          columns: [
            TableColumn("", width: .fill()), TableColumn("", width: .fixed(12), alignment: .right),
          ],
          rowCount: found.count, state: palette.list, hasHeader: false, hitKind: hitKind
        ) { row in
          let action = found[row]
          return [title(action, state), StyledText(action.keyNames, .key)]
        }, in: list)
    }
  }
}

extension PaletteContent {
  /// What cannot be done now is dim and says why.
  private static func title(_ action: Action, _ state: ViewState) -> StyledText {
    guard let obstacle = action.obstacle(state) else { return StyledText(action.title) }
    return StyledText("\(action.title)  (\(obstacle))", .dim)
  }
}

/// Finds letters in their order in a text, as palettes do.
enum FuzzyMatch {
  /// 0 = at the beginning of a word, all together; higher = looser; nil = not in it.
  static func score(_ wanted: String, in text: String) -> Int? {
    let letters = wanted.lowercased().filter { !$0.isWhitespace }
    if letters.isEmpty { return 0 }
    let text = text.lowercased()
    if let range = text.range(of: letters) {
      return range.lowerBound == text.startIndex
        || text[text.index(before: range.lowerBound)] == " " ? 0 : 1
    }
    var gaps = 0
    var rest = text[...]
    for letter in letters {
      guard let place = rest.firstIndex(of: letter) else { return nil }
      gaps += rest.distance(from: rest.startIndex, to: place)
      rest = rest[rest.index(after: place)...]
    }
    return 2 + gaps
  }
}

extension String {
  /// The first place of another string, without Foundation.
  fileprivate func range(of other: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(other) {
        return start..<index(start, offsetBy: other.count)
      }
      start = index(after: start)
    }
    return nil
  }
}
