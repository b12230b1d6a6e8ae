import EngineInterface
import Numerics
import TerminalUI

/// Held-out loss by source, A beside B, with the paired difference.
enum CompareTable {
  private static let totals = 5

  /// Lines of the table with its header above the totals.
  static func tableRows(_ height: Int) -> Int { max(1, height - totals) }

  static func draw(_ state: ViewState, on canvas: inout Canvas) {
    let metric = state.compare.showsPerplexity ? "perplexity" : "loss"
    CompareScreen.frame(
      .table, state, title: StyledText("Held-out \(metric) by source (lower is better)"),
      footer: StyledText("order: \(state.compare.order.rawValue)"), on: &canvas
    ) { view in
      guard let comparison = state.engine.comparison else {
        view.draw(
          Paragraph(StageText.waiting(for: .compare, what: "Comparison", state)), in: view.bounds)
        return
      }
      let rows = CompareScreen.rows(state)
      let height = min(rows.count + 1, tableRows(view.size.height))
      let table = table(rows, comparison, state)
      view.draw(table, in: Rect(x: 0, y: 0, width: view.size.width, height: height))
      let rest = Rect(
        x: 0, y: height + 1, width: view.size.width, height: view.size.height - height - 1)
      let all = measures(comparison)
      view.draw(
        Table(
          columns: table.columns, rowCount: all.count, hasHeader: false,
          row: { cells(all[$0], largest: largest(rows), state, style: .bold) }),
        in: Rect(x: 2, y: rest.y, width: rest.width - 2, height: all.count))
      view.put(warning(rows, state), x: 0, y: rest.y + all.count, width: rest.width)
    }
  }

  /// The rows about all chunks, each named by its measure; the first is the published one, which
  /// status line and summary quote.
  static func measures(_ comparison: ComparisonSnapshot) -> [ComparisonSnapshot.Row] {
    let named = [
      ("all, chunk mean", comparison.chunkMean), ("all, source mean", comparison.macro),
      ("all, token mean", comparison.total),
    ]
    return named.map { name, row in
      var row = row
      row.name = name
      return row
    }
  }

  private static func largest(_ rows: [ComparisonSnapshot.Row]) -> Double {
    rows.map { abs($0.difference) }.filter(\.isFinite).max() ?? 1
  }

  private static func table(
    _ rows: [ComparisonSnapshot.Row], _ comparison: ComparisonSnapshot, _ state: ViewState
  ) -> Table {
    let names = comparison.names
    return Table(
      columns: [
        TableColumn("source", width: .fixed(16)), .number(names[safe: 0] ?? "A", width: 9),
        .number(names[safe: 1] ?? "B", width: 9),
        .number(state.compare.isRelative ? "delta %" : "delta", width: 7),
        .number("95% CI", width: 7), .number("keep", width: 4),
        TableColumn("", width: .fill()),
      ],
      rowCount: rows.count, state: state.list(.table), isFocused: state.focusedPane == .table,
      hitKind: Pane.table.rawValue
    ) { cells(rows[$0], largest: largest(rows), state) }
  }

  private static func cells(
    _ row: ComparisonSnapshot.Row, largest: Double, _ state: ViewState,
    style: TextAttributes = []
  ) -> [StyledText] {
    func value(_ loss: Double) -> String {
      state.compare.showsPerplexity ? RunFigures.perplexity(loss) : Number.fixed(loss, 3)
    }
    let delta =
      state.compare.isRelative
      ? Number.signed(row.a == 0 ? 0 : row.difference / row.a * 100, 1)
      : Number.signed(row.difference, 3)
    let isClear = abs(row.difference) > row.interval
    let role: StyleRole = !isClear ? .dim : row.difference < 0 ? .ok : .warn
    return [
      StyledText(row.name, .text, style), StyledText(value(row.a), .text, style),
      StyledText(value(row.b), .text, style), StyledText(delta, role, style),
      StyledText("+-\(Number.fixed(row.interval, 3))", .dim),
      StyledText(row.keepRate.map { "\(Number.fixed($0 * 100, 0))%" } ?? "", .dim),
      HorizontalBar.change(
        row.difference, largest: largest, width: 12, negative: .ok, positive: .warn),
    ]
  }

  private static func warning(
    _ rows: [ComparisonSnapshot.Row], _ state: ViewState
  ) -> StyledText {
    let worse = rows.filter { $0.difference > $0.interval }
    guard !worse.isEmpty else {
      return StyledText("No source is clearly worse with B.", .dim)
    }
    let names = worse.map { row in
      row.keepRate.map { "\(row.name) (keep \(Number.fixed($0 * 100, 0))%)" } ?? row.name
    }
    return StyledText(
      "worse on: \(names.joined(separator: ", "))  \(state.key(.open)): floor", .warn)
  }
}
