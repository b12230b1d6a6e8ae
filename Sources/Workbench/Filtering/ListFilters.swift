import EngineInterface
import Foundation
import TerminalUI

/// Filters of lists whose rows are all at hand, by the names of their panes.
public struct ListFilters: ScreenSettings {
  var filters: [Pane: Filter] = [:]
  var typed: [Pane: [String]] = [:]

  public init() {}
}

extension ViewState {
  var listFilters: ListFilters {
    get { settings[ListFilters.self] }
    set { settings[ListFilters.self] = newValue }
  }

  /// "  filter: kind:spike" for the title of a list; "" without one.
  func filterTitle(_ pane: Pane) -> String {
    listFilters.filters[pane].map { "  filter: \($0)" } ?? ""
  }
}

/// A list that can be filtered by what its rows have.
struct FilteredList: Sendable {
  var pane: Pane
  var fields: [FilterField]
  /// By name field, the real names and how many rows have them.
  var names: @Sendable (ViewState) -> [String: [(name: String, count: Int)]]
  /// Rows that are shown.
  var count: @Sendable (ViewState) -> Int

  /// - Parameters:
  ///   - all: every row, whatever is shown.
  ///   - shown: those that are.
  init<Row>(
    _ pane: Pane, _ filter: RowFilter<Row>, all: @escaping @Sendable (ViewState) -> [Row],
    shown: @escaping @Sendable (ViewState) -> [Row]
  ) {
    self.pane = pane
    fields = filter.fields
    names = { filter.names(of: all($0)) }
    count = { shown($0).count }
  }
}

extension Sequence {
  /// Those that a filter shows; all without one.
  func shown(by filter: Filter?, _ fields: RowFilter<Element>) -> [Element] {
    guard let filter else { return Array(self) }
    return self.filter { fields.shows($0, filter) }
  }
}

extension RowFilter {
  init(_ fields: [Field], text: @escaping @Sendable (Row) -> String) {
    self.init(fields, text: text) { pattern, text in
      text.range(of: pattern, options: [.regularExpression]) != nil
    }
  }
}

extension Action {
  static let filterRows = Action(
    "rows.filter", [.character("f")], "filter the list", label: "filter",
    notNow: { $0.screen.view.filteredList == nil ? "Nothing to filter here." : nil },
    does: { $0.askForRowFilter() })

  static let showAllRows = Action(
    "rows.all", [], "show the whole list",
    notNow: { state in
      let list = state.screen.view.filteredList
      return list.flatMap { state.listFilters.filters[$0.pane] } == nil
        ? "The whole list is shown." : nil
    },
    does: { reducer in
      if let list = reducer.state.screen.view.filteredList { reducer.filter(list.pane, by: nil) }
      reducer.say("All rows are shown.")
    })
}

extension Reducer {
  fileprivate mutating func filter(_ pane: Pane, by filter: Filter?) {
    guard state.listFilters.filters[pane] != filter else { return }
    state.listFilters.filters[pane] = filter
    state.lists[pane] = ListState()
  }

  fileprivate mutating func askForRowFilter() {
    guard let list = state.screen.view.filteredList else { return }
    let pane = list.pane
    focus(pane)
    let (before, place) = (state.listFilters.filters[pane], state.list(pane))
    var prompt = Prompt.filter(
      before: before, history: state.listFilters.typed[pane] ?? [], fields: list.fields,
      names: list.names, note: { "\(list.count($0)) rows" }
    ) { filter, reducer in
      reducer.filter(pane, by: filter)
    } keep: { text, reducer in
      let earlier = reducer.state.listFilters.typed[pane] ?? []
      reducer.state.listFilters.typed[pane] = Prompt.history(earlier, adding: text)
    }
    prompt.cancelled = { (reducer: inout Reducer) in
      reducer.filter(pane, by: before)
      reducer.state.lists[pane] = place
    }
    state.prompt = prompt
  }
}
