import EngineInterface
import Numerics
import TerminalUI

extension Action {
  static let comparePins = Action(
    "pins.compare", [.character("D")], "pins and the present selection side by side",
    label: "compare",
    notNow: { state in
      if let reason = withoutSelection(state) { return reason }
      return state.engine.selection?.pins.isEmpty == false
        ? nil : "Nothing is pinned: \(state.key(.pinA)) pins the selection as A."
    },
    does: { reducer in
      reducer.state.overlay = .list(ListOverlayID(PinsOverlay.self), ListState())
      reducer.send(.ask(.pins))
    })
}

/// A, B and now in columns.
enum PinsOverlay: ListOverlay {
  static let hitKind = "pins"
  static let toggle = Action.comparePins

  static func comparison(_ state: ViewState) -> PinComparison? {
    if case .pins(let comparison)? = state.answer(to: .pins) { comparison } else { nil }
  }

  static func count(_ state: ViewState) -> Int { comparison(state).map { rows($0).count } ?? 0 }

  /// A measure of every column; bold ones begin a group.
  private struct Row {
    var name: StyledText
    var values: [StyledText]
  }

  static func draw(_ list: ListState, _ state: ViewState, on canvas: inout Canvas) {
    let comparison = comparison(state)
    let columns = comparison?.columns ?? []
    let rows = comparison.map(rows) ?? []
    let overlaps = comparison?.overlaps.map(text) ?? []
    let height = min(state.size.height - 2, max(6, rows.count + overlaps.count + 5))
    let rect = canvas.bounds.centred(
      Size(width: min(state.size.width - 2, 34 + 20 * max(1, columns.count)), height: height))
    let area = canvas.box(
      rect, title: "Pins and now",
      footer: StyledText(
        "\(state.key(.pinA)) \(state.key(.pinB)) go to a pin   \(state.key(.back)) closes"),
      isFocused: true)
    canvas.inside(area) { view in
      guard comparison != nil else {
        let text: StyledText =
          if case .none(let why)? = state.answer(to: .pins) {
            StyledText(why, .warn)
          } else {
            StyledText("Comparing: every kept chunk is looked at.", .dim)
          }
        view.put(text, x: 0, y: 0, width: view.size.width)
        return
      }
      let parts = view.bounds.rows([.fill(), .fixed(overlaps.count + 1)])
      view.draw(
        Table(
          columns: [TableColumn("", width: .fill())]
            + columns.map { .number($0.name, width: 18) },
          rowCount: rows.count, state: list, hitKind: hitKind
        ) { [rows[$0].name] + rows[$0].values }, in: parts[0])
      for (place, line) in overlaps.enumerated() {
        view.put(line, x: 2, y: parts[1].y + 1 + place, width: view.size.width - 2)
      }
    }
  }

  /// Keys of pins work here: what is beside one another is chosen from.
  static func press(_ key: Key, row: Int, _ reducer: inout Reducer) -> Bool {
    let action = reducer.state.table.action(for: key, on: .select)
    guard action == .pinA || action == .pinB, let action else { return false }
    reducer.perform(action)
    return true
  }

  private static func text(_ overlap: PinComparison.Overlap) -> StyledText {
    StyledText(
      "\(overlap.first) and \(overlap.second): \(Number.grouped(overlap.both)) chunks in both, "
        + "\(Number.grouped(overlap.onlyFirst)) only in \(overlap.first), "
        + "\(Number.grouped(overlap.onlySecond)) only in \(overlap.second)", .dim)
  }

  private static func rows(_ comparison: PinComparison) -> [Row] {
    let columns = comparison.columns
    func row(_ name: String, _ value: (PinComparison.Column) -> String?) -> Row {
      Row(
        name: StyledText(name),
        values: columns.map { value($0).map { StyledText($0) } ?? StyledText("-", .dim) })
    }
    func training(_ name: String, _ value: @escaping (TrainingPrice) -> String?) -> Row {
      row(name) { $0.price.training.flatMap(value) }
    }
    var rows = [
      row("ratio") { Number.fixed($0.price.ratio, 3) },
      row("last kept") { Number.signed($0.threshold, 3) },
      row("documents") { $0.price.documents.map { Number.grouped($0) } },
      row("chunks") { Number.grouped($0.price.chunks) },
      row("tokens") { Number.short(Double($0.price.tokens)) },
      row("mean d") { $0.price.mean.map { Number.signed($0, 3) } },
      row("  against the pure choice") { $0.price.meanChange.map { Number.signed($0, 3) } },
      row("entropy of the mix, bits") { Number.fixed($0.entropy, 2) },
      row("beside the method") { $0.departures.isEmpty ? "nothing" : "\($0.departures.count)" },
      training("training, steps") { Number.grouped($0.steps) },
      training("  FLOPs") { BudgetText.operationsText($0.operations) },
      training("  time") { $0.seconds.map { Number.duration($0) } },
    ]
    for (place, source) in comparison.sources.enumerated() {
      rows.append(
        Row(
          name: StyledText("keeps of \(source)"),
          values: columns.map { column in
            let rate = "\(Number.fixed(column.keepRates[place] * 100, 0))%"
            return column.floors[place].map {
              StyledText("floor \(Number.fixed($0 * 100, 0))%  ", .accent) + StyledText(rate)
            } ?? StyledText(rate)
          }))
    }
    return rows
  }
}
