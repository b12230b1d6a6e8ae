import EngineInterface
import Numerics
import TerminalUI

/// The items behind a cell: wins, losses, and those on which both agree.
enum TaskItemList {
  /// The engine's answer, when it is to what the list asks.
  static func rows(_ state: ViewState) -> TaskItemRows? {
    guard let rows = state.engine.taskItems, let wanted = state.evaluate.items else { return nil }
    return rows.query.isAbout(wanted) ? rows : nil
  }

  static func selected(_ state: ViewState) -> TaskItemRow? {
    rows(state)?.row(state.list(.taskItems).selected)
  }

  static func draw(_ state: ViewState, on canvas: inout Canvas) {
    let rows = rows(state)
    let isNormalized = rows.map { usesCharacters($0.query, state) } ?? false
    let table = Table(
      columns: [
        TableColumn("", width: .fixed(1)), .number("#", width: 6),
        .number("margin", width: 7), TableColumn("item", width: .fill()),
      ],
      rowCount: rows?.total ?? 0, state: state.list(.taskItems),
      isFocused: state.focusedPane == .taskItems, hitKind: Pane.taskItems.rawValue
    ) { index in
      guard let row = rows?.row(index) else { return [StyledText("...", .dim)] }
      return [
        row.outcome.mark, StyledText("\(row.index)"),
        StyledText(Number.signed(row.margin, isNormalized ? 3 : 2)),
        StyledText(RowText.flat(row.question)),
      ]
    }
    let footer = "\(order(state))  \(table.position(height: canvas.size.height - 2))"
    EvaluateScreen.frame(
      .taskItems, state, title: title(state), footer: StyledText(footer), on: &canvas
    ) { view in
      guard let query = state.evaluate.items else {
        view.draw(
          Paragraph(
            StyledText(
              "No items yet: \(state.key(.open)) on a finished cell of the table lists them.",
              .dim)),
          in: view.bounds)
        return
      }
      guard let rows else {
        view.put("Reading the items.", x: 0, y: 0, role: .dim)
        return
      }
      if rows.total == 0 {
        let what = query.outcome.map { "\"\($0.title(ofPair: query.a != nil))\"" } ?? "this"
        view.put(
          "No item is \(what). \(state.key(.taskOutcome)) shows others.", x: 0, y: 0, role: .dim)
      } else {
        view.draw(table, in: view.bounds)
      }
    }
  }

  private static func order(_ state: ViewState) -> String {
    switch state.evaluate.items?.order ?? .margin {
    case .margin: "largest margin first"
    case .against: "smallest margin first"
    case .file: "as in the file"
    }
  }

  private static func title(_ state: ViewState) -> StyledText {
    guard let query = state.evaluate.items else { return "Items" }
    let task =
      state.engine.evaluation?.tasks.first { $0.name == query.task }?.title ?? query.task
    let count = rows(state).map { " (\(Number.grouped($0.total)))" } ?? ""
    let what = query.outcome?.title(ofPair: query.a != nil) ?? "all items"
    return StyledText("\(task), \(what)\(count)")
  }

  /// "A student A, B student B".
  static func models(_ query: TaskItemQuery, _ state: ViewState) -> String {
    func name(_ path: String) -> String {
      state.engine.evaluation?.models.first { $0.path == path }?.name ?? path
    }
    return query.a.map { "A \(name($0)), B \(name(query.b))" } ?? name(query.b)
  }

  /// Whether margins are nats per character.
  static func usesCharacters(_ query: TaskItemQuery, _ state: ViewState) -> Bool {
    let task = state.engine.evaluation?.tasks.first { $0.name == query.task }
    return query.reading != .acc && task?.hasNormalized == true
  }
}

extension TaskItemRows {
  /// The row at a place of the whole list; nil when it has not come yet.
  func row(_ index: Int) -> TaskItemRow? { rows[safe: index - query.offset] }
}

extension TaskItemQuery {
  /// Whether two queries are about the same list.
  func isAbout(_ other: Self) -> Bool {
    var same = self
    (same.offset, same.count) = (other.offset, other.count)
    return same == other
  }
}

extension Reducer {
  /// Items that are asked for in one go.
  private static let itemPage = 100

  /// Asks the engine for the items around the visible ones, once; keeps the selected cell when the
  /// table turns.
  mutating func followEvaluation() {
    guard state.screen == .evaluate else { return }
    if let grid = state.evaluationGrid, grid.isTurned != state.evaluate.stoodTurned {
      let row = state.list(.tasks).selected
      state.lists[.tasks] = ListState(selected: state.evaluate.column)
      state.evaluate.column = row
      state.evaluate.stoodTurned = grid.isTurned
    }
    guard EvaluateScreen.isReading(state), var query = state.evaluate.items else { return }
    let list = state.list(.taskItems)
    let first = min(list.top, list.selected)
    let last = max(list.top + max(1, state.size.height), list.selected + 1)
    (query.offset, query.count) = (max(0, first - Self.itemPage / 2), Self.itemPage)
    if let rows = TaskItemList.rows(state) {
      let end = rows.query.offset + rows.rows.count
      if rows.query.offset <= min(first, rows.total), end >= min(last, rows.total) { return }
    }
    guard state.evaluate.sent != query else { return }
    state.evaluate.sent = query
    send(.listTaskItems(query))
  }

  /// Changes what the list of items shows and starts at its top.
  mutating func showTaskItems(_ change: (inout TaskItemQuery) -> Void) {
    guard var query = state.evaluate.items else { return }
    change(&query)
    state.evaluate.items = query
    state.evaluate.sent = nil
    state.lists[.taskItems] = ListState()
    state.lists[.taskItem] = ListState()
  }
}
