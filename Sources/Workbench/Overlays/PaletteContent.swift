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
      Size(width: min(84, state.size.width - 4), height: min(24, state.size.height - 4)))
  }

  /// Lines below the list: what the line does elsewhere.
  private static func places(_ palette: PaletteState, _ state: ViewState) -> [PlaceLine] {
    guard verb(palette.field.text) != nil,
      let command = try? PaletteCommand(palette.field.text.trimmed, names: PaletteNames(state))
    else { return [] }
    return [
      PaletteText.shell(command, state).map { PlaceLine(name: "shell", text: $0) },
      PaletteText.recipe(command).map { PlaceLine(name: "recipe", text: $0) },
    ].compactMap { $0 }
  }

  private struct PlaceLine {
    var name: String
    var text: String
    /// Long lines of a shell are shown whole where there is room.
    func lines(width: Int) -> [StyledText] {
      let rest = TextWrap.lines(StyledText(text), width: max(8, width - 8), limit: 3)
      return rest.enumerated().map { row, line in
        StyledText(row == 0 ? name.padding(to: 8) : "        ", .dim) + line
      }
    }
  }

  private static func below(_ palette: PaletteState, _ state: ViewState) -> [StyledText] {
    places(palette, state).flatMap { $0.lines(width: rect(state).width - 4) }
  }

  static func visibleRows(_ palette: PaletteState, _ state: ViewState) -> Int {
    let below = below(palette, state).count
    return max(1, rect(state).height - 4 - (below == 0 ? 0 : below + 1))
  }

  static func draw(
    _ palette: PaletteState, _ state: ViewState, on canvas: inout Canvas
  ) {
    let found = rows(palette.field.text, state)
    let verb = verb(palette.field.text)
    let rect = rect(state)
    let (open, back) = (state.fieldKey(.open), state.fieldKey(.back))
    let names = found.isEmpty ? "" : found.count == 1 ? "1 name" : "\(found.count) names"
    let counted = verb == nil ? "\(found.count) commands" : names
    let footer = StyledText(
      [counted, "\(state.fieldKey(.nextPane)) takes", "\(open) runs", "\(back) closes"]
        .filter { !$0.isEmpty }.joined(separator: "   "))
    let below = below(palette, state)
    let area = canvas.box(rect, title: "Command", footer: footer, isFocused: true)
    canvas.inside(area) { view in
      view.draw(TextField(prompt: "> ", state: palette.field), in: view.bounds.row(0))
      drawFault(palette, verb, state, on: &view)
      let list = Rect(
        x: 0, y: 2, width: view.size.width, height: visibleRows(palette, state))
      // Nothing is taken from a list that nobody has typed for or moved in.
      let isOffered = verb == nil || palette.hasMoved || !PaletteLine(palette.field.text).isOpen
      view.draw(
        Table(
          columns: [
            TableColumn("", width: .fill()),
            TableColumn("", width: .fixed(verb == nil ? 14 : 28), alignment: .right),
          ],
          rowCount: found.count,
          state: isOffered ? palette.list : ListState(selected: -1, top: palette.list.top),
          hasHeader: false, hitKind: hitKind
        ) { row in cells(found[row], state) }, in: list)
      for (row, line) in below.enumerated() {
        view.put(
          line, x: 0, y: view.size.height - below.count + row, width: view.size.width)
      }
    }
  }

  /// Under the line: what is wrong with it and where, or what is to follow.
  private static func drawFault(
    _ palette: PaletteState, _ verb: PaletteVerb?, _ state: ViewState, on view: inout Canvas
  ) {
    guard let verb else {
      view.put(palette.complaint ?? "", x: 2, y: 1, role: .error)
      return
    }
    do {
      _ = try PaletteCommand(palette.field.text, names: PaletteNames(state))
      let words = palette.complaint ?? "\(verb.name) \(verb.usage): \(verb.help)"
      view.put(
        StyledText(words, palette.complaint == nil ? .dim : .error), x: 2, y: 1,
        width: view.size.width - 2)
    } catch {
      let isTyping = error.isIncomplete && palette.complaint == nil
      let words =
        isTyping ? "\(verb.name) \(verb.usage): \(verb.help)" : "^ \(error.reason)"
      // Where it is, unless the words would not fit there.
      let width = VisibleText.width(words)
      let column = isTyping ? 2 : min(2 + error.column, max(2, view.size.width - width))
      view.put(
        StyledText(words, isTyping ? .dim : .error), x: column, y: 1,
        width: view.size.width - column)
    }
  }

  private static func cells(_ row: PaletteRow, _ state: ViewState) -> [StyledText] {
    switch row {
    case .verb(let verb):
      let usage = verb.usage.isEmpty ? verb.name : "\(verb.name) \(verb.usage)"
      return [StyledText(usage.padding(to: 22), .accent) + StyledText(verb.help), []]
    case .action(let action): return [title(action, state), StyledText(action.keyNames, .key)]
    case .choice(let choice): return [StyledText(choice.text), StyledText(choice.help, .dim)]
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

extension String {
  /// With blanks behind it up to a width.
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - VisibleText.width(self)))
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
