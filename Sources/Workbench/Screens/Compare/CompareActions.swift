import EngineInterface
import TerminalUI

/// How the table of the Compare screen is drawn.
public struct CompareOptions: ScreenSettings, Hashable {
  public enum Order: String, CaseIterable, Hashable, Sendable {
    case table, difference, name
  }

  public var order: Order = .table
  public var showsPerplexity = false
  /// Difference as a share of A's value.
  public var isRelative = false

  public init() {}
}

extension ViewState {
  public var compare: CompareOptions {
    get { settings[CompareOptions.self] }
    set { settings[CompareOptions.self] = newValue }
  }
}

extension Action {
  static let metric = Action(
    "compare.metric", [.character("m")], "loss or perplexity", label: "metric"
  ) { $0.state.compare.showsPerplexity.toggle() }

  static let relative = Action(
    "compare.relative", [.character("d")], "difference in nats or in per cent", label: "delta",
    notNow: {
      $0.compare.showsPerplexity ? "Perplexities are compared by their ratio: in per cent." : nil
    },
    does: { $0.state.compare.isRelative.toggle() })

  static let sortRows = Action(
    "compare.sort", [.character("s")], "order: table, difference, name", label: "sort"
  ) { $0.state.compare.order = Reducer.next($0.state.compare.order) }

  static let report = Action(
    "report", [.character("w")], "write the report into the project", label: "write report",
    notNow: { state in
      state.engine.comparison == nil
        ? "Nothing to report yet: the students have not been compared." : nil
    },
    does: { reducer in
      reducer.send(.writeReport)
      reducer.say("Writing the report.")
    })

  static let floorOfRow = Action(
    "floor.row", [], "to the keep rate of the selected source",
    notNow: { rateRow($0) == nil ? "The selection has no such source." : nil },
    does: { reducer in
      guard let row = rateRow(reducer.state) else { return }
      reducer.go(to: .select)
      reducer.focus(.rates)
      reducer.state.lists[.rates] = ListState(selected: row.index)
      reducer.say("\(row.name): \(reducer.state.key(.floor)) sets a floor.")
    })

  /// The selected source, and its row in the keep rates.
  private static func rateRow(_ state: ViewState) -> (name: String, index: Int)? {
    guard let row = CompareScreen.rows(state)[safe: state.list(.table).selected],
      let index = state.engine.selection?.sources.firstIndex(where: { $0.name == row.name })
    else { return nil }
    return (row.name, index)
  }
}
